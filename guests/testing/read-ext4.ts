/**
 * Reads ext4 images back for tests: by the format's description (Linux,
 * Documentation/filesystems/ext4/) rather than by the writer's tables. Blocks of 4 KiB, descriptors
 * of 64 bytes, inodes of 256 bytes with extents.
 */
import type { BlockSink } from "../image/ext4/block-sink.ts";

/** An image in memory. */
export class MemoryImage implements BlockSink {
  readonly bytes: Buffer;

  constructor(sizeBytes: number) {
    this.bytes = Buffer.alloc(sizeBytes);
  }

  async write(at: number, bytes: Uint8Array): Promise<void> {
    if (at + bytes.length > this.bytes.length) {
      throw new Error(`a write of ${bytes.length} bytes at ${at} is beyond the end`);
    }
    this.bytes.set(bytes, at);
  }
}

export interface ReadInode {
  readonly ino: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly links: number;
  readonly mtimeSeconds: number;
  readonly mtimeNanoseconds: number;
  readonly sectors: number;
  readonly usesExtents: boolean;
  /** i_block. */
  readonly raw: Buffer;
}

const BLOCK = 4096;

export class Ext4Reader {
  readonly #image: Buffer;
  readonly #inodesPerGroup: number;

  constructor(image: Buffer) {
    this.#image = image;
    if (image.readUInt16LE(1024 + 0x38) !== 0xef53) {
      throw new Error("no ext4 superblock");
    }
    this.#inodesPerGroup = image.readUInt32LE(1024 + 0x28);
  }

  inode(ino: number): ReadInode {
    const group = Math.floor((ino - 1) / this.#inodesPerGroup);
    const table = this.#image.readUInt32LE(BLOCK + group * 64 + 8);
    const at = table * BLOCK + ((ino - 1) % this.#inodesPerGroup) * 256;
    const inode = this.#image.subarray(at, at + 256);
    const extra = inode.readUInt32LE(0x88);
    return {
      ino,
      mode: inode.readUInt16LE(0),
      uid: inode.readUInt16LE(2) + inode.readUInt16LE(0x78) * 0x10000,
      gid: inode.readUInt16LE(0x18) + inode.readUInt16LE(0x7a) * 0x10000,
      size: inode.readUInt32LE(4) + inode.readUInt32LE(0x6c) * 2 ** 32,
      links: inode.readUInt16LE(0x1a),
      mtimeSeconds: inode.readInt32LE(0x10) + (extra & 3) * 2 ** 32,
      mtimeNanoseconds: extra >>> 2,
      sectors: inode.readUInt32LE(0x1c),
      usesExtents: (inode.readUInt32LE(0x20) & 0x80000) !== 0,
      raw: inode.subarray(0x28, 0x28 + 60),
    };
  }

  /** The inode of a path without symbolic links. */
  find(path: string): ReadInode {
    let inode = this.inode(2);
    for (const name of path.split("/").filter((part) => part !== "")) {
      const ino = this.list(inode).get(name);
      if (ino === undefined) {
        throw new Error(`${path}: there is no ${name}`);
      }
      inode = this.inode(ino);
    }
    return inode;
  }

  /** Inode numbers by name. */
  list(directory: ReadInode): Map<string, number> {
    const names = new Map<string, number>();
    const bytes = this.contents(directory);
    for (let at = 0; at < bytes.length; at += bytes.readUInt16LE(at + 4)) {
      const ino = bytes.readUInt32LE(at);
      if (ino !== 0) {
        names.set(bytes.toString("utf8", at + 8, at + 8 + (bytes[at + 6] ?? 0)), ino);
      }
    }
    return names;
  }

  contents(inode: ReadInode): Buffer {
    const data = Buffer.alloc(Math.ceil(inode.size / BLOCK) * BLOCK);
    for (const [logical, start, count] of this.extents(inode)) {
      this.#image.copy(data, logical * BLOCK, start * BLOCK, (start + count) * BLOCK);
    }
    return data.subarray(0, inode.size);
  }

  /** First logical block, first block, number of blocks. */
  extents({ raw }: ReadInode): [number, number, number][] {
    return this.#node(raw);
  }

  #node(node: Buffer): [number, number, number][] {
    if (node.readUInt16LE(0) !== 0xf30a) {
      throw new Error("no extent header");
    }
    const depth = node.readUInt16LE(6);
    return Array.from({ length: node.readUInt16LE(2) }, (_, index) => 12 + index * 12).flatMap(
      (at): [number, number, number][] => {
        if (depth > 0) {
          const block = node.readUInt32LE(at + 4) * BLOCK;
          return this.#node(this.#image.subarray(block, block + BLOCK));
        }
        return [[node.readUInt32LE(at), node.readUInt32LE(at + 8), node.readUInt16LE(at + 4)]];
      },
    );
  }
}
