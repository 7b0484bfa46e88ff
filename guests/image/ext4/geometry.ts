import { GuestError } from "../../errors.ts";
import { BLOCK_BYTES, BLOCKS_PER_GROUP, DESCRIPTOR_BYTES, INODE_BYTES } from "./structures.ts";

/** Blocks one after the other. */
export interface BlockRange {
  readonly start: number;
  readonly count: number;
}

/** Where the metadata of one block group are. */
export interface GroupPlace {
  readonly blockBitmap: number;
  readonly inodeBitmap: number;
  readonly inodeTable: number;
  /** The group begins with a superblock and group descriptors, or their backup. */
  readonly hasSuperblock: boolean;
  /** Blocks of this group: fewer than BLOCKS_PER_GROUP in the last one. */
  readonly blocks: number;
}

/** The division of a disk into groups. Units are blocks of 4 KiB. */
export interface Geometry {
  readonly blocks: number;
  readonly descriptorBlocks: number;
  readonly inodesPerGroup: number;
  readonly inodeTableBlocks: number;
  readonly groups: readonly GroupPlace[];
  /** All of the above's blocks, ascending, without overlaps. */
  readonly metadata: readonly BlockRange[];
  readonly journalBlocks: number;
}

/** Groups whose bitmaps and inode tables lie together (flex_bg): log2. */
export const LOG_GROUPS_PER_FLEX = 4;
const GROUPS_PER_FLEX = 1 << LOG_GROUPS_PER_FLEX;
const BYTES_PER_INODE = 16 << 10;
const INODES_PER_BLOCK = BLOCK_BYTES / INODE_BYTES;
/** A bitmap of one block, of which ext4's u16 counters must hold all. */
const MAX_INODES_PER_GROUP = 32768;
/** A last group with less room than this beside its metadata is left out. */
const LEAST_LAST_BLOCKS = 64;
const MIB_BLOCKS = (1 << 20) / BLOCK_BYTES;

/** Journal sizes by the size of the disk, both in MiB, as mke2fs chooses them. */
const JOURNALS = [
  { below: 128, journal: 4 },
  { below: 1024, journal: 16 },
  { below: 2048, journal: 32 },
  { below: 16384, journal: 64 },
  { below: 32768, journal: 128 },
  { below: Infinity, journal: 256 },
] as const;

/**
 * Divides a disk.
 *
 * @param sizeBytes whole 4 KiB blocks are used
 * @param leastInodes how many inodes there must be; more follow from the size
 * @throws GuestError when the disk is too small for its own metadata, or larger than 16 TiB
 */
export function planGeometry(sizeBytes: number, leastInodes = 0): Geometry {
  const all = Math.floor(sizeBytes / BLOCK_BYTES);
  if (!(all >= 8 * MIB_BLOCKS && all < 2 ** 32)) {
    throw new GuestError(
      `An ext4 image of ${sizeBytes} bytes cannot be made: 8 MiB to 16 TiB can.`,
    );
  }
  const groupCount = Math.ceil(all / BLOCKS_PER_GROUP);
  const wanted = Math.max(leastInodes, Math.ceil((all * BLOCK_BYTES) / BYTES_PER_INODE));
  const inodesPerGroup = Math.ceil(wanted / groupCount / INODES_PER_BLOCK) * INODES_PER_BLOCK;
  if (inodesPerGroup > MAX_INODES_PER_GROUP) {
    throw new GuestError(`An ext4 image of ${sizeBytes} bytes has no room for ${wanted} inodes.`);
  }
  const descriptorBlocks = Math.ceil((groupCount * DESCRIPTOR_BYTES) / BLOCK_BYTES);
  const lastBlocks = all - (groupCount - 1) * BLOCKS_PER_GROUP;
  const lastNeeds = LEAST_LAST_BLOCKS + (hasSuperblock(groupCount - 1) ? 1 + descriptorBlocks : 0);
  if (groupCount > 1 && lastBlocks < lastNeeds) {
    return planGeometry((groupCount - 1) * BLOCKS_PER_GROUP * BLOCK_BYTES, leastInodes);
  }
  return placeAll({ blocks: all, groupCount, inodesPerGroup, descriptorBlocks });
}

interface Division {
  readonly blocks: number;
  readonly groupCount: number;
  readonly inodesPerGroup: number;
  readonly descriptorBlocks: number;
}

function placeAll(division: Division): Geometry {
  const { blocks, groupCount, inodesPerGroup, descriptorBlocks } = division;
  const inodeTableBlocks = inodesPerGroup / INODES_PER_BLOCK;
  const groups: GroupPlace[] = [];
  const metadata: BlockRange[] = [];
  for (let first = 0; first < groupCount; first += GROUPS_PER_FLEX) {
    const count = Math.min(GROUPS_PER_FLEX, groupCount - first);
    const tables = first * BLOCKS_PER_GROUP + superblockBlocks(first, descriptorBlocks);
    const perGroup = 2 + inodeTableBlocks;
    for (let index = 0; index < count; index++) {
      const group = first + index;
      const start = group * BLOCKS_PER_GROUP;
      groups.push({
        blockBitmap: tables + index,
        inodeBitmap: tables + count + index,
        inodeTable: tables + 2 * count + index * inodeTableBlocks,
        hasSuperblock: hasSuperblock(group),
        blocks: Math.min(BLOCKS_PER_GROUP, blocks - start),
      });
      const own = superblockBlocks(group, descriptorBlocks) + (index === 0 ? count * perGroup : 0);
      if (own > 0) {
        metadata.push({ start, count: own });
      }
    }
  }
  const geometry = { blocks, descriptorBlocks, inodesPerGroup, inodeTableBlocks, groups, metadata };
  checkRoom(geometry);
  return { ...geometry, journalBlocks: journalBlocks(blocks) };
}

/** The first group of a flex group holds all of its tables. */
function checkRoom({ groups, metadata, blocks }: Omit<Geometry, "journalBlocks">): void {
  for (const { start, count } of metadata) {
    const room = groups[start / BLOCKS_PER_GROUP]?.blocks ?? 0;
    if (count > room) {
      throw new GuestError(
        `An ext4 image of ${blocks * BLOCK_BYTES} bytes has no room for so many inodes.`,
      );
    }
  }
}

function superblockBlocks(group: number, descriptorBlocks: number): number {
  return hasSuperblock(group) ? 1 + descriptorBlocks : 0;
}

/** sparse_super: groups 0, 1 and powers of 3, 5 and 7. */
function hasSuperblock(group: number): boolean {
  return group <= 1 || [3, 5, 7].some((base) => isPower(group, base));
}

function isPower(value: number, base: number): boolean {
  let rest = value;
  while (rest % base === 0) {
    rest /= base;
  }
  return rest === 1;
}

function journalBlocks(blocks: number): number {
  const size = blocks / MIB_BLOCKS;
  const row = JOURNALS.find(({ below }) => size < below);
  return (row?.journal ?? 4) * MIB_BLOCKS;
}
