import { GuestError } from "../../errors.ts";
import { crc32c } from "./crc32c.ts";
import { le32 } from "./fields.ts";
import { BLOCK_BYTES } from "./structures.ts";

/** A name in a directory. */
export interface DirectoryEntry {
  readonly name: string;
  readonly ino: number;
  /** FileType's `entry`. */
  readonly type: number;
}

const HEADER_BYTES = 8;
const TAIL_BYTES = 12;
const TAIL_TYPE = 0xde;
const MAX_NAME_BYTES = 255;

/**
 * A directory's blocks: entries one after the other, none across two blocks, each block ended by
 * one that holds its checksum. Such a list has no hash index; Linux makes one for itself when a
 * directory outgrows its first block, and reads those that have none as they are.
 *
 * @param seed the checksum register after the inode's number and generation
 * @param leastBlocks lost+found has room to spare, so that fsck need not find it
 * @throws GuestError for a name that is empty or longer than 255 bytes
 */
export function encodeDirectory(
  entries: readonly DirectoryEntry[],
  seed: number,
  leastBlocks = 1,
): Uint8Array {
  const blocks: Uint8Array[] = [];
  const end = BLOCK_BYTES - TAIL_BYTES;
  let block = new Uint8Array(BLOCK_BYTES);
  let at = 0;
  let last = 0;
  const finish = (): void => {
    // The last entry, or one that is not in use, reaches to the tail.
    setRecordLength(block, last, end - last);
    writeTail(block, seed);
    blocks.push(block);
    block = new Uint8Array(BLOCK_BYTES);
    at = 0;
    last = 0;
  };
  for (const entry of entries) {
    const record = encodeEntry(entry);
    if (at + record.length > end) {
      finish();
    }
    block.set(record, at);
    last = at;
    at += record.length;
  }
  do {
    finish();
  } while (blocks.length < leastBlocks);
  return Buffer.concat(blocks);
}

function encodeEntry({ name, ino, type }: DirectoryEntry): Uint8Array {
  const bytes = Buffer.from(name, "utf8");
  if (bytes.length === 0 || bytes.length > MAX_NAME_BYTES) {
    throw new GuestError(`ext4 cannot have a file named "${name}": 1 to 255 bytes can.`);
  }
  const record = new Uint8Array((HEADER_BYTES + bytes.length + 3) & ~3);
  record.set(le32(ino));
  setRecordLength(record, 0, record.length);
  record[6] = bytes.length;
  record[7] = type;
  record.set(bytes, HEADER_BYTES);
  return record;
}

function setRecordLength(block: Uint8Array, at: number, length: number): void {
  new DataView(block.buffer).setUint16(at + 4, length, true);
}

function writeTail(block: Uint8Array, seed: number): void {
  const at = BLOCK_BYTES - TAIL_BYTES;
  const sum = crc32c(seed, block.subarray(0, at));
  setRecordLength(block, at, TAIL_BYTES);
  block[at + 7] = TAIL_TYPE;
  block.set(le32(sum), at + 8);
}
