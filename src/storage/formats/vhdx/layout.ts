/** The numbers of Hyper-V's disk images ([MS-VHDX]), all little-endian. */
import type { Entropy } from "../../../device/ports.ts";
import { asciiBytes } from "../../../util/bytes.ts";

export const MIB = 1 << 20;
export const SIGNATURE = "vhdxfile";
export const HEADER_OFFSETS = [0x1_0000, 0x2_0000] as const;
export const REGION_TABLE = 0x3_0000;
export const REGION_TABLE_COPY = 0x4_0000;
export const TABLE_BYTES = 0x1_0000;
/** Where the log of a new image is. */
export const HEADER_SECTION_END = MIB;
/** The checksum is the second word of headers, tables and log entries. */
export const CHECKSUM = 4;

export const MIN_BLOCK = MIB;
export const MAX_BLOCK = 256 * MIB;
export const MAX_DISK = 64 * 2 ** 40;
/** Sectors of the disk that one block of a sector bitmap describes. */
const SECTORS_PER_BITMAP = 2 ** 23;

/** Bits of an item of the metadata table. */
export const ItemFlag = { virtualDisk: 2, required: 4 } as const;
export const ParameterFlag = { fixed: 1, hasParent: 2 } as const;
/** A region that must be understood. */
export const REGION_REQUIRED = 1;

/** States of a block, the lowest three bits of its entry. */
export const State = {
  notPresent: 0,
  undefined: 1,
  zero: 2,
  unmapped: 3,
  unmappedOld: 5,
  present: 6,
} as const;
const STATE_MASK = 7;
const TWO32 = 2 ** 32;

/** A GUID as it is in a file: the first three fields are little-endian. */
function guid(text: string): Uint8Array {
  const hex = text.replaceAll("-", "");
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  return Uint8Array.from(order, (at) => Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16));
}

export const GUID_BYTES = 16;
export const Region = {
  blocks: guid("2DC27766-F623-4200-9D64-115E9BFD4A08"),
  metadata: guid("8B7CA206-4790-4B9A-B8FE-575F050F886E"),
} as const;
export const Item = {
  parameters: guid("CAA16737-FA36-4D43-B3B6-33F0AA44E76B"),
  size: guid("2FA54224-CD1B-4876-B211-5DBED83BF4B8"),
  page83: guid("BECA12AB-B2E6-4523-93EF-C309E000C746"),
  logicalSector: guid("8141BF1D-A96F-4709-BA47-F233A8FAAB5F"),
  physicalSector: guid("CDA348C7-445D-4471-9CC9-E9885251C556"),
  parentLocator: guid("A8D35F2D-B30B-454D-ABF7-D3D84834AB0C"),
} as const;
export const METADATA_SIGNATURE = asciiBytes("metadata");

export function sameGuid(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, i) => byte === b[i]);
}

/** A random GUID: version 4, variant 1 (RFC 9562 §5.4). */
export function drawGuid(entropy: Entropy): Uint8Array {
  const bytes = new Uint8Array(GUID_BYTES);
  entropy.fill(bytes.subarray());
  bytes[7] = ((bytes[7] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes;
}

/** How the block table is laid out. */
export interface BlockLayout {
  readonly blockBytes: number;
  /** Blocks before each entry of a sector bitmap. */
  readonly chunkRatio: number;
  readonly entries: number;
}

export function blockLayout(
  sizeBytes: number,
  blockBytes: number,
  sectorBytes: number,
): BlockLayout {
  const chunkRatio = (SECTORS_PER_BITMAP * sectorBytes) / blockBytes;
  const blocks = Math.ceil(sizeBytes / blockBytes);
  // As QEMU counts, which has entries for 2^32 blocks when there are none.
  const last = blocks === 0 ? TWO32 - 1 : blocks - 1;
  return { blockBytes, chunkRatio, entries: blocks + Math.floor(last / chunkRatio) };
}

export function entryIndex({ chunkRatio }: BlockLayout, block: number): number {
  return block + Math.floor(block / chunkRatio);
}

/** A block's entry: its state, and where it is in the file. */
export interface BlockEntry {
  readonly state: number;
  readonly offset: number;
}

export function parseEntry(low: number, high: number): BlockEntry {
  return { state: low & STATE_MASK, offset: high * TWO32 + ((low & 0xfff0_0000) >>> 0) };
}
