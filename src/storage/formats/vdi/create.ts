import { asciiBytes, viewOf } from "../../../util/bytes.ts";
import type { FormatCreation } from "../driver.ts";
import {
  BLOCK_BYTES,
  Field,
  HEADER_BYTES,
  MAX_DISK_BYTES,
  SIGNATURE,
  TYPE_DYNAMIC,
  TYPE_STATIC,
  UNALLOCATED,
  VERSION_1_1,
  sizeError,
} from "./header.ts";

const TITLE = "<<< QEMU VM Virtual Disk Image >>>\n";
/** Bytes of the header behind its title and signature, as VirtualBox counts. */
const COUNTED_BYTES = 0x180;
const MAP_CHUNK = 1 << 20;

/** @throws StorageError with QEMU's words */
export async function createVdi(creation: FormatCreation): Promise<void> {
  const { options } = creation;
  const sizeBytes = Math.ceil(creation.sizeBytes / 512) * 512;
  const isStatic = options.get("static") === true;
  // The file is there, and empty, even when the size turns out to be wrong: as in QEMU.
  const file = await creation.createFile(creation.filename);
  try {
    if (BigInt(sizeBytes) > MAX_DISK_BYTES) throw sizeError(BigInt(sizeBytes));
    const blocks = Math.ceil(sizeBytes / BLOCK_BYTES);
    const mapBytes = Math.ceil((blocks * 4) / 512) * 512;
    const dataOffset = HEADER_BYTES + mapBytes;
    const layout = { sizeBytes, blocks, dataOffset, isStatic };
    await file.write(0, [headerBytes(layout, creation)]);
    for (let from = 0; from < mapBytes; from += MAP_CHUNK) {
      const part = mapPart(from, Math.min(mapBytes, from + MAP_CHUNK), blocks, isStatic);
      await file.write(HEADER_BYTES + from, [part]);
    }
    if (isStatic) await file.truncate(dataOffset + blocks * BLOCK_BYTES);
  } finally {
    await file.close();
  }
}

function headerBytes(
  layout: { sizeBytes: number; blocks: number; dataOffset: number; isStatic: boolean },
  { entropy }: FormatCreation,
): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = viewOf(bytes);
  const put = (field: number, value: number): void => view.setUint32(field, value, true);
  bytes.set(asciiBytes(TITLE));
  put(Field.signature, SIGNATURE);
  put(Field.version, VERSION_1_1);
  put(Field.headerBytes, COUNTED_BYTES);
  put(Field.type, layout.isStatic ? TYPE_STATIC : TYPE_DYNAMIC);
  put(Field.mapOffset, HEADER_BYTES);
  put(Field.dataOffset, layout.dataOffset);
  put(Field.sectorBytes, 512);
  view.setBigUint64(Field.diskBytes, BigInt(layout.sizeBytes), true);
  put(Field.blockBytes, BLOCK_BYTES);
  put(Field.blocks, layout.blocks);
  put(Field.allocatedBlocks, layout.isStatic ? layout.blocks : 0);
  for (const at of [Field.uuidImage, Field.uuidLastSnapshot]) {
    const uuid = bytes.subarray(at, at + 16);
    entropy.fill(uuid);
    markRandomUuid(uuid);
  }
  return bytes;
}

/** Version 4, variant 1 (RFC 9562 §5.4); the first three fields are little-endian. */
function markRandomUuid(uuid: Uint8Array): void {
  uuid[7] = ((uuid[7] as number) & 0x0f) | 0x40;
  uuid[8] = ((uuid[8] as number) & 0x3f) | 0x80;
}

/** Bytes `[from, to)` of a new block map. */
function mapPart(from: number, to: number, blocks: number, isStatic: boolean): Uint8Array {
  const bytes = new Uint8Array(to - from);
  const view = viewOf(bytes);
  for (let at = from; at < to && at < blocks * 4; at += 4)
    view.setUint32(at - from, isStatic ? at / 4 : UNALLOCATED, true);
  return bytes;
}
