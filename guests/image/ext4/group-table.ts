import type { Bitmap } from "./bitmap.ts";
import type { BlockSink } from "./block-sink.ts";
import { crc32c } from "./crc32c.ts";
import { le32, pack } from "./fields.ts";
import type { Geometry, GroupPlace } from "./geometry.ts";
import {
  BLOCK_BYTES,
  BLOCKS_PER_GROUP,
  DESCRIPTOR,
  DESCRIPTOR_BYTES,
  GroupFlag,
} from "./structures.ts";

/** What is in use. */
export interface Usage {
  /** A bit for each block of the disk. */
  readonly blocks: Bitmap;
  /** Inodes 1 to this one are in use, and no others. */
  readonly lastInode: number;
  /** Directories by group. */
  readonly directories: readonly number[];
}

/**
 * Writes the bitmaps of all groups.
 *
 * @param seed the checksum register after the file system's UUID
 * @returns the group descriptors, which have checksums of the bitmaps
 */
export async function writeGroups(
  geometry: Geometry,
  usage: Usage,
  seed: number,
  sink: BlockSink,
): Promise<Uint8Array> {
  const table = new Uint8Array(geometry.descriptorBlocks * BLOCK_BYTES);
  for (const [group, place] of geometry.groups.entries()) {
    const blocks = blockBitmap(group, place, usage);
    const inodes = inodeBitmap(group, geometry, usage);
    const isLast = group === geometry.groups.length - 1;
    // Linux knows the bitmap of a group that holds nothing; the last one, which may be shorter,
    // has always one of its own.
    const isBlockUninit = !isLast && group > 0 && isOnlyBackup(place, geometry, blocks);
    const inodeBitmapSum = crc32c(seed, inodes.bytes.subarray(0, geometry.inodesPerGroup / 8));
    if (!isBlockUninit) {
      await sink.write(place.blockBitmap * BLOCK_BYTES, blocks.bytes);
    }
    if (inodes.used > 0) {
      await sink.write(place.inodeBitmap * BLOCK_BYTES, inodes.bytes);
    }
    const descriptor = new Uint8Array(DESCRIPTOR_BYTES);
    pack(descriptor, 0, DESCRIPTOR, {
      block_bitmap: place.blockBitmap,
      inode_bitmap: place.inodeBitmap,
      inode_table: place.inodeTable,
      free_blocks_count: place.blocks - blocks.used,
      free_inodes_count: geometry.inodesPerGroup - inodes.used,
      used_dirs_count: usage.directories[group] ?? 0,
      flags:
        GroupFlag.inodeZeroed |
        (isBlockUninit ? GroupFlag.blockUninit : 0) |
        (inodes.used === 0 ? GroupFlag.inodeUninit : 0),
      block_bitmap_csum: isBlockUninit ? 0 : crc32c(seed, blocks.bytes),
      inode_bitmap_csum: inodes.used === 0 ? 0 : inodeBitmapSum,
      itable_unused: geometry.inodesPerGroup - inodes.used,
    });
    const sum = crc32c(crc32c(seed, le32(group)), descriptor);
    pack(descriptor, 0, DESCRIPTOR, { checksum: sum });
    table.set(descriptor, group * DESCRIPTOR_BYTES);
  }
  return table;
}

interface GroupBitmap {
  readonly bytes: Uint8Array;
  readonly used: number;
}

function blockBitmap(group: number, place: GroupPlace, { blocks }: Usage): GroupBitmap {
  const start = group * BLOCKS_PER_GROUP;
  const bytes = new Uint8Array(BLOCK_BYTES);
  bytes.set(blocks.bytes.subarray(start / 8, start / 8 + BLOCK_BYTES));
  fillFrom(bytes, place.blocks);
  return { bytes, used: blocks.count(start, place.blocks) };
}

function inodeBitmap(group: number, geometry: Geometry, { lastInode }: Usage): GroupBitmap {
  const count = geometry.inodesPerGroup;
  const used = Math.min(Math.max(lastInode - group * count, 0), count);
  const bytes = new Uint8Array(BLOCK_BYTES);
  bytes.fill(0xff, 0, used >> 3);
  if ((used & 7) !== 0) {
    bytes[used >> 3] = (1 << (used & 7)) - 1;
  }
  fillFrom(bytes, count);
  return { bytes, used };
}

/** Bits beyond the end of a group are 1. */
function fillFrom(bytes: Uint8Array, bit: number): void {
  if ((bit & 7) !== 0) {
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0xff << (bit & 7));
  }
  bytes.fill(0xff, Math.ceil(bit / 8));
}

function isOnlyBackup(place: GroupPlace, geometry: Geometry, { used }: GroupBitmap): boolean {
  return used === (place.hasSuperblock ? 1 + geometry.descriptorBlocks : 0);
}
