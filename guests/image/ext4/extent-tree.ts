import type { BlockAllocator } from "./allocator.ts";
import type { BlockSink } from "./block-sink.ts";
import { crc32c } from "./crc32c.ts";
import { le32, pack } from "./fields.ts";
import type { Extent } from "./file-data.ts";
import {
  BLOCK_BYTES,
  EXTENT,
  EXTENT_ENTRY_BYTES,
  EXTENT_HEADER,
  EXTENT_INDEX,
  EXTENT_MAGIC,
  INODE_DATA_BYTES,
} from "./structures.ts";

/** The contents of i_block, and how many blocks beyond the file's own the tree has. */
export interface ExtentTree {
  readonly root: Uint8Array;
  readonly blocks: readonly number[];
}

const HEADER_BYTES = 12;
const TAIL_BYTES = 4;
const ROOT_ENTRIES = (INODE_DATA_BYTES - HEADER_BYTES) / EXTENT_ENTRY_BYTES;
const BLOCK_ENTRIES = Math.floor((BLOCK_BYTES - HEADER_BYTES - TAIL_BYTES) / EXTENT_ENTRY_BYTES);

/** A node of the tree below: the first logical block that it covers, and its block. */
interface Child {
  readonly logical: number;
  readonly leaf: number;
}

/**
 * Writes the tree over a file's extents: its root lies in the inode and holds four entries; what
 * does not fit goes into blocks, level by level.
 *
 * @param seed the checksum register after the inode's number and generation
 */
export async function writeExtentTree(
  extents: readonly Extent[],
  seed: number,
  allocator: BlockAllocator,
  sink: BlockSink,
): Promise<ExtentTree> {
  const blocks: number[] = [];
  let depth = 0;
  let entries: readonly (Extent | Child)[] = extents;
  while (entries.length > ROOT_ENTRIES) {
    const children: Child[] = [];
    for (let at = 0; at < entries.length; at += BLOCK_ENTRIES) {
      const part = entries.slice(at, at + BLOCK_ENTRIES);
      const node = encodeNode(part, depth, BLOCK_BYTES, BLOCK_ENTRIES);
      // ext4_extent_tail follows the last possible entry.
      const tail = HEADER_BYTES + BLOCK_ENTRIES * EXTENT_ENTRY_BYTES;
      node.set(le32(crc32c(seed, node.subarray(0, tail))), tail);
      const { start } = allocator.take(1);
      await sink.write(start * BLOCK_BYTES, node);
      blocks.push(start);
      children.push({ logical: part[0]?.logical ?? 0, leaf: start });
    }
    entries = children;
    depth++;
  }
  return { root: encodeNode(entries, depth, INODE_DATA_BYTES, ROOT_ENTRIES), blocks };
}

function encodeNode(
  entries: readonly (Extent | Child)[],
  depth: number,
  sizeBytes: number,
  max: number,
): Uint8Array {
  const node = new Uint8Array(sizeBytes);
  pack(node, 0, EXTENT_HEADER, { magic: EXTENT_MAGIC, entries: entries.length, max, depth });
  for (const [index, entry] of entries.entries()) {
    const at = HEADER_BYTES + index * EXTENT_ENTRY_BYTES;
    if ("leaf" in entry) {
      pack(node, at, EXTENT_INDEX, { block: entry.logical, leaf: entry.leaf });
    } else {
      pack(node, at, EXTENT, { block: entry.logical, len: entry.count, start: entry.start });
    }
  }
  return node;
}
