import { asciiBytes, viewOf } from "../../../util/bytes.ts";
import type { BlockNode } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import type { FormatCreation } from "../driver.ts";
import { crc32c } from "./crc32c.ts";
import { newHeaders } from "./headers.ts";
import {
  type BlockLayout,
  CHECKSUM,
  HEADER_OFFSETS,
  HEADER_SECTION_END,
  Item,
  ItemFlag,
  MAX_BLOCK,
  MAX_DISK,
  METADATA_SIGNATURE,
  MIB,
  ParameterFlag,
  REGION_TABLE,
  REGION_TABLE_COPY,
  Region,
  SIGNATURE,
  State,
  TABLE_BYTES,
  blockLayout,
  drawGuid,
  entryIndex,
} from "./layout.ts";

const CREATOR = "Tabvisor";
/** Room between the block table and the blocks: the metadata, and more to come. */
const GAP = 5 * MIB;
const TABLE_CHUNK = 1 << 20;

interface Plan {
  readonly sizeBytes: number;
  readonly blockBytes: number;
  readonly logBytes: number;
  readonly isFixed: boolean;
  /** What the entries of new blocks say. */
  readonly state: number;
}

/** @throws StorageError with QEMU's words */
export async function createVhdx(creation: FormatCreation): Promise<void> {
  // The file is there, and empty, even when the options turn out to be wrong: as in QEMU.
  const file = await creation.createFile(creation.filename);
  try {
    await write(file, planOf(creation), creation);
  } finally {
    await file.close();
  }
}

function planOf({ options, sizeBytes }: FormatCreation): Plan {
  const fail = (message: string): StorageError => new StorageError("EINVAL", message);
  const subformat = String(options.get("subformat") ?? "dynamic");
  if (subformat !== "dynamic" && subformat !== "fixed")
    throw fail(`Parameter 'subformat' does not accept value '${subformat}'`);
  const size = Math.ceil(sizeBytes / 512) * 512;
  if (size > MAX_DISK) throw fail("Image size too large; max of 64TB");
  const logBytes = Math.ceil(Number(options.get("log_size") ?? MIB) / MIB) * MIB;
  if (logBytes > 0xffff_ffff) throw fail("Log size must be smaller than 4 GB");
  const given = Math.ceil(Number(options.get("block_size") ?? 0) / MIB) * MIB;
  const blockBytes = given === 0 ? usualBlock(size) : Math.min(given, MAX_BLOCK);
  if (!Number.isInteger(Math.log2(blockBytes))) throw fail("Block size must be a power of two");
  const isFixed = subformat === "fixed";
  const unwritten = isFixed ? State.present : State.notPresent;
  const state = options.get("block_state_zero") === false ? unwritten : State.zero;
  return { sizeBytes: size, blockBytes, logBytes, isFixed, state };
}

/** Larger blocks for larger disks, so that the table stays small. */
function usualBlock(sizeBytes: number): number {
  const GIB = 1024 * MIB;
  if (sizeBytes > 32 * 1024 * GIB) return 64 * MIB;
  if (sizeBytes > 100 * GIB) return 32 * MIB;
  return sizeBytes > GIB ? 16 * MIB : 8 * MIB;
}

async function write(file: BlockNode, plan: Plan, { entropy }: FormatCreation): Promise<void> {
  const layout = blockLayout(plan.sizeBytes, plan.blockBytes, 512);
  const tableAt = HEADER_SECTION_END + plan.logBytes;
  const tableBytes = Math.ceil((layout.entries * 8) / MIB) * MIB;
  const metadataAt = tableAt + tableBytes;
  const dataAt = tableAt + tableBytes + GAP;
  const creator = Uint8Array.from(CREATOR.split("").flatMap((c) => [c.charCodeAt(0), 0]));
  await file.write(0, [asciiBytes(SIGNATURE), creator]);
  const headers = newHeaders(entropy, { offset: HEADER_SECTION_END, bytes: plan.logBytes });
  for (const [i, offset] of HEADER_OFFSETS.entries())
    await file.write(offset, [headers[i] as Uint8Array]);
  await file.truncate(dataAt + (plan.isFixed ? plan.sizeBytes : 0));
  if (plan.state !== State.notPresent)
    await writeTable(file, layout, plan, { at: tableAt, dataAt });
  const regions = regionTable([
    [Region.blocks, tableAt, tableBytes],
    [Region.metadata, metadataAt, MIB],
  ]);
  await file.write(REGION_TABLE, [regions]);
  await file.write(REGION_TABLE_COPY, [regions]);
  await file.write(metadataAt, [metadata(plan, drawGuid(entropy))]);
}

/** Entries of all blocks, where they are not all zeroes. */
async function writeTable(
  file: BlockNode,
  layout: BlockLayout,
  { sizeBytes, blockBytes, state }: Plan,
  { at, dataAt }: { readonly at: number; readonly dataAt: number },
): Promise<void> {
  const blocks = Math.ceil(sizeBytes / blockBytes);
  let block = 0;
  for (let from = 0; block < blocks; from += TABLE_CHUNK) {
    const bytes = new Uint8Array(TABLE_CHUNK);
    const view = viewOf(bytes);
    for (; block < blocks; block++) {
      const index = entryIndex(layout, block) * 8 - from;
      if (index >= TABLE_CHUNK) break;
      const host = state === State.present ? dataAt + block * blockBytes : 0;
      view.setBigUint64(index, BigInt(host) | BigInt(state), true);
    }
    await file.write(at + from, [bytes]);
  }
}

function regionTable(regions: readonly (readonly [Uint8Array, number, number])[]): Uint8Array {
  const bytes = new Uint8Array(TABLE_BYTES);
  const view = viewOf(bytes);
  bytes.set(asciiBytes("regi"));
  view.setUint32(8, regions.length, true);
  for (const [i, [guid, offset, length]] of regions.entries()) {
    const at = 16 + i * 32;
    bytes.set(guid, at);
    view.setBigUint64(at + 16, BigInt(offset), true);
    view.setUint32(at + 24, length, true);
  }
  view.setUint32(CHECKSUM, crc32c(bytes, CHECKSUM), true);
  return bytes;
}

/** The table of the items, and the items behind it. */
function metadata({ sizeBytes, blockBytes, isFixed }: Plan, page83: Uint8Array): Uint8Array {
  const items: readonly (readonly [Uint8Array, number, number])[] = [
    [Item.parameters, 8, ItemFlag.required],
    [Item.size, 8, ItemFlag.required | ItemFlag.virtualDisk],
    [Item.page83, 16, ItemFlag.required | ItemFlag.virtualDisk],
    [Item.logicalSector, 4, ItemFlag.required | ItemFlag.virtualDisk],
    [Item.physicalSector, 4, ItemFlag.required | ItemFlag.virtualDisk],
  ];
  const bytes = new Uint8Array(TABLE_BYTES + 40);
  const view = viewOf(bytes);
  bytes.set(METADATA_SIGNATURE);
  view.setUint16(10, items.length, true);
  let offset = TABLE_BYTES;
  for (const [i, [guid, length, flags]] of items.entries()) {
    const at = 32 * (i + 1);
    bytes.set(guid, at);
    view.setUint32(at + 16, offset, true);
    view.setUint32(at + 20, length, true);
    view.setUint32(at + 24, flags, true);
    offset += length;
  }
  view.setUint32(TABLE_BYTES, blockBytes, true);
  view.setUint32(TABLE_BYTES + 4, isFixed ? ParameterFlag.fixed : 0, true);
  view.setBigUint64(TABLE_BYTES + 8, BigInt(sizeBytes), true);
  bytes.set(page83, TABLE_BYTES + 16);
  view.setUint32(TABLE_BYTES + 32, 512, true);
  view.setUint32(TABLE_BYTES + 36, 512, true);
  return bytes;
}
