/** The numbers of the qcow2 format (QEMU's docs/interop/qcow2.txt). */

export const QCOW_MAGIC = 0x514649fb;

export const Incompatible = {
  dirty: 1,
  corrupt: 2,
  dataFile: 4,
  compression: 8,
  extendedL2: 16,
} as const;
export const KNOWN_INCOMPATIBLE = 31;

export const COMPATIBLE_LAZY_REFCOUNTS = 1;
export const Autoclear = { bitmaps: 1, rawDataFile: 2 } as const;

export const CryptMethod = { none: 0, aes: 1, luks: 2 } as const;

export const Extension = {
  end: 0,
  backingFormat: 0xe2792aca,
  featureTable: 0x6803f857,
  bitmaps: 0x23852875,
  crypto: 0x0537be77,
  dataFile: 0x44415441,
} as const;

/** Feature names that every version 3 image carries: type (0 incompatible …), bit, name. */
export const FEATURE_NAMES: readonly (readonly [number, number, string])[] = [
  [0, 0, "dirty bit"],
  [0, 1, "corrupt bit"],
  [0, 2, "external data file"],
  [0, 3, "compression type"],
  [0, 4, "extended L2 entries"],
  [1, 0, "lazy refcounts"],
  [2, 0, "bitmaps"],
  [2, 1, "raw external data"],
];
export const FEATURE_NAME_BYTES = 48;

export const V2_HEADER_BYTES = 72;
/** What this writes for version 3: up to the compression type, padded. */
export const V3_HEADER_BYTES = 112;
export const SNAPSHOT_HEADER_BYTES = 40;

export const MIN_CLUSTER_BITS = 9;
export const MAX_CLUSTER_BITS = 21;
/** The largest tables that QEMU opens, in bytes. */
export const MAX_REFTABLE_BYTES = 8 << 20;
export const MAX_L1_BYTES = 32 << 20;
export const MAX_SNAPSHOTS = 65_536;
export const MAX_SNAPSHOT_EXTRA = 1024;
export const MAX_SNAPSHOT_TABLE_BYTES = 64 << 20;
export const MAX_BACKING_NAME = 1023;
/** Offsets in the image stay below this: 56 bits in an entry, 53 in a number. */
export const MAX_OFFSET = 2 ** 53;

/** Bits of the upper halves of L1 and L2 entries. */
export const HI_COPIED = 0x8000_0000;
export const HI_COMPRESSED = 0x4000_0000;
const HI_OFFSET = 0x00ff_ffff;
const LO_OFFSET = 0xffff_fe00;
/** Bit of the lower half of a standard L2 entry: reads as zeroes. */
export const LO_ZERO = 1;

const TWO32 = 2 ** 32;

/** The offset (bits 9 to 55) of the entry at byte `at`. */
export function entryOffset(view: DataView, at: number): number {
  const hi = view.getUint32(at) & HI_OFFSET;
  return hi * TWO32 + ((view.getUint32(at + 4) & LO_OFFSET) >>> 0);
}

export function putEntry(
  view: DataView,
  at: number,
  offset: number,
  hiFlags: number,
  loFlags = 0,
): void {
  view.setUint32(at, (Math.floor(offset / TWO32) | hiFlags) >>> 0);
  view.setUint32(at + 4, ((offset % TWO32) | loFlags) >>> 0);
}

/** A 64-bit number; above 2^53 it is rounded, and every limit refuses it. */
export function getU64(view: DataView, at: number): number {
  return view.getUint32(at) * TWO32 + view.getUint32(at + 4);
}

export function putU64(view: DataView, at: number, value: number): void {
  view.setUint32(at, Math.floor(value / TWO32));
  view.setUint32(at + 4, (value % TWO32) >>> 0);
}

/** Where a compressed cluster is. */
export interface CompressedPlace {
  readonly offset: number;
  /** Bytes from `offset` to the end of its last 512-byte sector. */
  readonly bytes: number;
}

/** Bits of the offset in a compressed descriptor; the rest counts sectors. */
function compressedOffsetBits(clusterBits: number): number {
  return 62 - (clusterBits - 8);
}

export function compressedPlace(hi: number, lo: number, clusterBits: number): CompressedPlace {
  const shift = compressedOffsetBits(clusterBits) - 32;
  const offset = (hi & ((1 << shift) - 1)) * TWO32 + lo;
  const sectors = ((hi & 0x3fff_ffff) >>> shift) + 1;
  return { offset, bytes: sectors * 512 - (offset % 512) };
}

/** The upper half of a compressed descriptor; the lower half is the offset's. */
export function compressedHi(offset: number, bytes: number, clusterBits: number): number {
  const shift = compressedOffsetBits(clusterBits) - 32;
  const sectors = Math.floor((offset + bytes - 1) / 512) - Math.floor(offset / 512);
  return (HI_COMPRESSED | (sectors << shift) | Math.floor(offset / TWO32)) >>> 0;
}

/** The highest offset that a compressed descriptor can hold, plus one. */
export function compressedLimit(clusterBits: number): number {
  return Math.min(2 ** compressedOffsetBits(clusterBits), MAX_OFFSET);
}

/** C's `%#x`: zero has no prefix. */
export function hex(value: number): string {
  return value === 0 ? "0" : `0x${value.toString(16)}`;
}
