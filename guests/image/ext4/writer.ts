import { GuestError } from "../../errors.ts";
import { BlockAllocator } from "./allocator.ts";
import { Bitmap } from "./bitmap.ts";
import type { BlockSink } from "./block-sink.ts";
import { crc32c } from "./crc32c.ts";
import { encodeDirectory } from "./directory.ts";
import type { DiskTree } from "./disk-tree.ts";
import { appendExtent, storeData, type Extent, type StoredData } from "./file-data.ts";
import { planGeometry, type Geometry } from "./geometry.ts";
import { writeGroups } from "./group-table.ts";
import {
  encodeInode,
  inodeSeed,
  type EncodedInode,
  type InodeContext,
  type NumberedFile,
} from "./inode.ts";
import { InodeTable } from "./inode-table.ts";
import { encodeJournal } from "./journal.ts";
import { numberFiles, rootOwned, type TreeFile } from "./number-files.ts";
import {
  BLOCK_BYTES,
  Ino,
  InodeAt,
  INODE_DATA_BYTES,
  SUPERBLOCK_AT,
  BLOCKS_PER_GROUP,
} from "./structures.ts";
import { encodeSuperblock, type SuperblockFacts } from "./superblock.ts";

/** What an image is to be; equal options and files give equal bytes. */
export interface Ext4Options {
  /** Size of the disk: 8 MiB to 16 TiB. */
  readonly sizeBytes: number;
  /** 16 bytes. */
  readonly uuid: Uint8Array;
  /** 16 bytes. */
  readonly hashSeed: Uint8Array;
  /** Volume label, at most 16 bytes. */
  readonly label: string;
  /** When it was made, seconds since 1970. */
  readonly timeSeconds: number;
  /** At least so many inodes; one for each 16 KiB when that is more. */
  readonly leastInodes?: number;
  /** Share of the blocks that only root may fill, in percent; 5 when left out. */
  readonly reservedPercent?: number;
}

/** lost+found can take some hundred files before it must grow. */
const LOST_FOUND_BLOCKS = 4;

/**
 * Writes an ext4 file system: contents first, as they come, then `finish` with the tree of files
 * that have them. What is kept in memory is the tree and where contents are, never contents.
 */
export class Ext4Writer {
  readonly #sink: BlockSink;
  readonly #options: Ext4Options;
  readonly #geometry: Geometry;
  readonly #allocator: BlockAllocator;
  readonly #context: InodeContext;

  /** @throws GuestError for a size that no such file system can have */
  constructor(sink: BlockSink, options: Ext4Options) {
    this.#sink = sink;
    this.#options = options;
    this.#geometry = planGeometry(options.sizeBytes, options.leastInodes);
    this.#allocator = new BlockAllocator(this.#geometry);
    const { timeSeconds, uuid } = options;
    const seed = crc32c(0xffffffff, uuid);
    this.#context = { allocator: this.#allocator, sink, seed, timeSeconds };
  }

  /**
   * Writes the contents of a file. Space of contents that no file of the tree has stays free.
   *
   * @throws GuestError when the disk is full
   */
  store(contents: Uint8Array | AsyncIterable<Uint8Array>): Promise<StoredData> {
    return storeData(contents, this.#allocator, this.#sink);
  }

  /**
   * Writes everything but contents. To be called once, at the end.
   *
   * @throws GuestError when there is no room, or a name or link is longer than ext4 can hold
   */
  async finish(tree: DiskTree): Promise<void> {
    const files = numberFiles(tree, this.#options.timeSeconds);
    const lastInode = files.at(-1)?.ino ?? Ino.first;
    const inodes = this.#geometry.inodesPerGroup * this.#geometry.groups.length;
    if (lastInode > inodes) {
      throw new GuestError(`${lastInode} files do not fit into an image with ${inodes} inodes.`);
    }
    const journal = await this.#makeJournal();
    const blocks = new Bitmap(this.#geometry.blocks);
    for (const { start, count } of this.#geometry.metadata) {
      blocks.set(start, count);
    }
    const table = new InodeTable(this.#geometry, this.#sink);
    const directories = this.#geometry.groups.map(() => 0);
    let journalInode: EncodedInode | null = null;
    for (const file of [journal, ...files].toSorted((a, b) => a.ino - b.ino)) {
      const encoded = await encodeInode(await this.#withEntries(file), this.#context);
      markUsed(blocks, encoded);
      await table.add(file.ino, encoded.bytes);
      if (file.node.kind === "directory") {
        const group = Math.floor((file.ino - 1) / this.#geometry.inodesPerGroup);
        directories[group] = (directories[group] ?? 0) + 1;
      }
      journalInode = file === journal ? encoded : journalInode;
    }
    await table.flush();
    const usage = { blocks, lastInode, directories };
    const groups = await writeGroups(this.#geometry, usage, this.#context.seed, this.#sink);
    await this.#writeSuperblocks(groups, {
      ...this.#options,
      reservedBlocks: this.#reservedBlocks(),
      freeBlocks: this.#geometry.blocks - blocks.count(0, this.#geometry.blocks),
      freeInodes: inodes - lastInode,
      journal: journalBackup(journalInode),
    });
  }

  #reservedBlocks(): number {
    return Math.floor((this.#geometry.blocks * (this.#options.reservedPercent ?? 5)) / 100);
  }

  /** Gives a directory its blocks. */
  async #withEntries(file: TreeFile): Promise<NumberedFile> {
    if (file.entries === undefined) {
      return file;
    }
    const seed = inodeSeed(this.#context.seed, file.ino);
    const least = file.ino === Ino.first ? LOST_FOUND_BLOCKS : 1;
    return { ...file, directory: await this.store(encodeDirectory(file.entries, seed, least)) };
  }

  async #makeJournal(): Promise<TreeFile> {
    const { journalBlocks } = this.#geometry;
    const extents: Extent[] = [];
    for (let logical = 0; logical < journalBlocks;) {
      const range = this.#allocator.take(journalBlocks - logical);
      appendExtent(extents, { logical, ...range });
      logical += range.count;
    }
    const first = extents[0]?.start ?? 0;
    const block = encodeJournal(journalBlocks, this.#options.uuid);
    await this.#sink.write(first * BLOCK_BYTES, block);
    const data = { sizeBytes: journalBlocks * BLOCK_BYTES, extents };
    const own = rootOwned(0o600, this.#options.timeSeconds);
    return { ino: Ino.journal, links: 1, node: { ...own, kind: "file", data } };
  }

  async #writeSuperblocks(descriptors: Uint8Array, facts: SuperblockFacts): Promise<void> {
    for (const [group, { hasSuperblock }] of this.#geometry.groups.entries()) {
      if (hasSuperblock) {
        const at = group * BLOCKS_PER_GROUP * BLOCK_BYTES;
        const superblock = encodeSuperblock(this.#geometry, facts, group);
        await this.#sink.write(at + (group === 0 ? SUPERBLOCK_AT : 0), superblock);
        await this.#sink.write(at + BLOCK_BYTES, descriptors);
      }
    }
  }
}

function markUsed(bitmap: Bitmap, { data, blocks }: EncodedInode): void {
  for (const { start, count } of data.extents) {
    bitmap.set(start, count);
  }
  for (const block of blocks) {
    bitmap.set(block);
  }
}

function journalBackup(inode: EncodedInode | null): SuperblockFacts["journal"] {
  if (inode === null) {
    throw new Error("The journal's inode was not made");
  }
  const iBlock = inode.bytes.subarray(InodeAt.block, InodeAt.block + INODE_DATA_BYTES);
  return { iBlock, sizeBytes: inode.data.sizeBytes };
}
