import { GuestError } from "../../errors.ts";
import type { BlockAllocator } from "./allocator.ts";
import type { BlockSink } from "./block-sink.ts";
import { crc32c } from "./crc32c.ts";
import type { DiskNode } from "./disk-tree.ts";
import { writeExtentTree } from "./extent-tree.ts";
import { le32, pack } from "./fields.ts";
import { storeData, type StoredData } from "./file-data.ts";
import {
  BLOCK_BYTES,
  EXTRA_ISIZE,
  FileType,
  INODE,
  INODE_BYTES,
  INODE_DATA_BYTES,
  InodeAt,
  InodeFlag,
} from "./structures.ts";
import { encodeInodeXattrs, encodeXattrBlock, INODE_XATTRS_AT } from "./xattr.ts";

/** The file system that an inode is of. */
export interface InodeContext {
  readonly allocator: BlockAllocator;
  readonly sink: BlockSink;
  /** The checksum register after the file system's UUID. */
  readonly seed: number;
  /** When the image was made, seconds since 1970. */
  readonly timeSeconds: number;
}

/** A file with its place among the inodes. */
export interface NumberedFile {
  readonly ino: number;
  readonly node: DiskNode;
  /** How many names it has; of a directory, those of its own and of those in it. */
  readonly links: number;
  /** A directory's blocks, made of its entries. */
  readonly directory?: StoredData;
}

/** An encoded inode, and the blocks that it uses beside those of its data. */
export interface EncodedInode {
  readonly bytes: Uint8Array;
  readonly data: StoredData;
  readonly blocks: readonly number[];
}

const NO_DATA: StoredData = { sizeBytes: 0, extents: [] };
const SECTORS_PER_BLOCK = BLOCK_BYTES / 512;
/** A directory with more subdirectories says 1, "not counted" (dir_nlink). */
const MAX_LINKS = 65_000;

/** The checksum register after an inode's number and its generation, which is 0. */
export function inodeSeed(seed: number, ino: number): number {
  return crc32c(crc32c(seed, le32(ino)), le32(0));
}

/** Encodes an inode; extent blocks and attributes that do not fit into it are written. */
export async function encodeInode(
  file: NumberedFile,
  context: InodeContext,
): Promise<EncodedInode> {
  const { ino, node } = file;
  const { allocator, sink } = context;
  const own = inodeSeed(context.seed, ino);
  const data = await dataOf(file, context);
  const bytes = new Uint8Array(INODE_BYTES);
  const blocks: number[] = [];
  if (data === null) {
    bytes.set(directData(node), InodeAt.block);
  } else {
    const tree = await writeExtentTree(data.extents, own, allocator, sink);
    bytes.set(tree.root, InodeAt.block);
    blocks.push(...tree.blocks);
  }
  const xattrBlock = await addXattrs(bytes, node, context);
  blocks.push(...xattrBlock);
  const used = (data ?? NO_DATA).extents.reduce((sum, { count }) => sum + count, blocks.length);
  pack(bytes, 0, INODE, {
    ...commonFields(file, context.timeSeconds),
    size: node.kind === "symlink" ? Buffer.byteLength(node.target) : (data?.sizeBytes ?? 0),
    blocks: used * SECTORS_PER_BLOCK,
    flags: data === null ? 0 : InodeFlag.extents,
    file_acl: xattrBlock[0] ?? 0,
  });
  pack(bytes, 0, INODE, { checksum: crc32c(own, bytes) });
  return { bytes, data: data ?? NO_DATA, blocks };
}

function commonFields({ node, links }: NumberedFile, timeSeconds: number): Record<string, number> {
  const { mode, uid, gid, mtimeSeconds, mtimeNanoseconds = 0 } = node;
  const mtimeExtra = extraTime(mtimeSeconds, mtimeNanoseconds);
  return {
    mode: FileType[node.kind].mode | mode,
    uid,
    gid,
    links_count: node.kind === "directory" && links > MAX_LINKS ? 1 : links,
    extra_isize: EXTRA_ISIZE,
    atime: mtimeSeconds,
    atime_extra: mtimeExtra,
    mtime: mtimeSeconds,
    mtime_extra: mtimeExtra,
    ctime: timeSeconds,
    ctime_extra: extraTime(timeSeconds, 0),
    crtime: timeSeconds,
    crtime_extra: extraTime(timeSeconds, 0),
  };
}

/** Bits 33 and 32 of the seconds, which count from a signed number of 32 bits, and nanoseconds. */
function extraTime(seconds: number, nanoseconds: number): number {
  const epoch = Math.floor((seconds - (seconds | 0)) / 2 ** 32) & 3;
  return ((nanoseconds << 2) | epoch) >>> 0;
}

/** Null when the file has no blocks by its nature. */
async function dataOf(
  { node, directory }: NumberedFile,
  { allocator, sink }: InodeContext,
): Promise<StoredData | null> {
  if (node.kind === "file") {
    return node.data;
  }
  if (node.kind !== "symlink") {
    return directory ?? null;
  }
  const target = Buffer.from(node.target, "utf8");
  if (target.length === 0 || target.length >= BLOCK_BYTES) {
    throw new GuestError(`A symbolic link of ${target.length} bytes is more than ext4 can hold.`);
  }
  return target.length < INODE_DATA_BYTES ? null : storeData(target, allocator, sink);
}

/** i_block of a file without blocks: a short symbolic link, or a device's number. */
function directData(node: DiskNode): Uint8Array {
  if (node.kind === "symlink") {
    return Buffer.from(node.target, "utf8");
  }
  if (node.kind !== "character" && node.kind !== "block") {
    return new Uint8Array(0);
  }
  const { major, minor } = node;
  if (major < 256 && minor < 256) {
    return le32((major << 8) | minor);
  }
  // Linux's new_encode_dev, in the second word.
  const wide = (minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12);
  return Buffer.concat([le32(0), le32(wide)]);
}

/** @returns the block that the attributes are in, if they needed one */
async function addXattrs(
  inode: Uint8Array,
  { xattrs }: DiskNode,
  { allocator, sink, seed }: InodeContext,
): Promise<number[]> {
  if (xattrs === undefined || xattrs.size === 0) {
    return [];
  }
  const area = encodeInodeXattrs(xattrs);
  if (area !== null) {
    inode.set(area, INODE_XATTRS_AT);
    return [];
  }
  const { start } = allocator.take(1);
  await sink.write(start * BLOCK_BYTES, encodeXattrBlock(xattrs, start, seed));
  return [start];
}
