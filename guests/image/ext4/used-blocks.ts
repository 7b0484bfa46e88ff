/** Which blocks of an ext4 image hold anything: an image that was used has old data in free blocks. */
import type { FileHandle } from "node:fs/promises";
import { GuestError } from "../../errors.ts";
import { Bitmap } from "./bitmap.ts";
import {
  BLOCK_BYTES,
  BLOCKS_PER_GROUP,
  DESCRIPTOR,
  DESCRIPTOR_BYTES,
  EXTENT,
  EXTENT_ENTRY_BYTES,
  EXTENT_HEADER,
  GroupFlag,
  SUPERBLOCK,
  SUPERBLOCK_AT,
  SUPERBLOCK_BYTES,
  SuperblockAt,
} from "./structures.ts";

const STATE_CLEAN = 1;
/** The journal has something to replay. */
const INCOMPAT_RECOVER = 0x4;

/**
 * Reads the bitmaps of a file system that `Ext4Writer` made and a guest has used since.
 *
 * @returns a bit for each block; blocks of the journal count as free but for its first one, as
 * nothing reads them while it is empty
 * @throws GuestError when it was not unmounted
 */
export async function usedBlocks(image: FileHandle): Promise<Bitmap> {
  const superblock = await readAt(image, SUPERBLOCK_AT, SUPERBLOCK_BYTES);
  const isClean =
    superblock.readUInt16LE(SUPERBLOCK.state[0]) === STATE_CLEAN &&
    (superblock.readUInt32LE(SUPERBLOCK.feature_incompat[0]) & INCOMPAT_RECOVER) === 0;
  if (!isClean) {
    throw new GuestError("The guest did not unmount its disk.");
  }
  const blocks = superblock.readUInt32LE(SUPERBLOCK.blocks_count[0]);
  const used = new Bitmap(blocks);
  const groups = Math.ceil(blocks / BLOCKS_PER_GROUP);
  const descriptors = await readAt(image, BLOCK_BYTES, groups * DESCRIPTOR_BYTES);
  for (let group = 0; group < groups; group++) {
    const descriptor = descriptors.subarray(group * DESCRIPTOR_BYTES);
    const isUninit = (descriptor.readUInt16LE(DESCRIPTOR.flags[0]) & GroupFlag.blockUninit) !== 0;
    const first = group * BLOCKS_PER_GROUP;
    if (isUninit) {
      // It has nothing but, perhaps, a backup of the superblock and the descriptors.
      used.set(first, Math.min(1 + Math.ceil(descriptors.length / BLOCK_BYTES), blocks - first));
      continue;
    }
    const bitmap = descriptor.readUInt32LE(DESCRIPTOR.block_bitmap[0]);
    const bytes = await readAt(image, bitmap * BLOCK_BYTES, BLOCK_BYTES);
    used.bytes.set(bytes.subarray(0, used.bytes.length - first / 8), first / 8);
  }
  for (const { start, count } of journalExtents(superblock)) {
    used.clear(start, count);
  }
  return used;
}

/** All blocks of the journal but the first, from the superblock's copy of its inode. */
function journalExtents(superblock: Buffer): { start: number; count: number }[] {
  const node = superblock.subarray(SuperblockAt.journalBackup);
  if (node.readUInt16LE(EXTENT_HEADER.depth[0]) !== 0) {
    return [];
  }
  const count = node.readUInt16LE(EXTENT_HEADER.entries[0]);
  return Array.from({ length: count }, (_, index) => {
    const at = EXTENT_ENTRY_BYTES * (index + 1);
    const start = node.readUInt32LE(at + EXTENT.start[0]);
    const length = node.readUInt16LE(at + EXTENT.len[0]);
    return index === 0 ? { start: start + 1, count: length - 1 } : { start, count: length };
  });
}

async function readAt(image: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await image.read(Buffer.alloc(length), 0, length, at);
  if (bytesRead !== length) {
    throw new GuestError("A disk image is cut off.");
  }
  return buffer;
}
