import { announce } from "../../announce.ts";
import { viewOf } from "../../../util/bytes.ts";
import type { BlockNode } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import { type Task, wait } from "../../task.ts";
import { MAX_REFTABLE_BYTES, putU64, hex } from "./format.ts";
import { readEntryBits, writeEntryBits } from "./refcount-bits.ts";
import { refcountSize } from "./refcount-size.ts";
import type { TableCache } from "./table-cache.ts";

/** Where the refcount structure is; the header's fields. */
export interface RefcountPlace {
  tableOffset: number;
  tableClusters: number;
}

export interface RefcountHooks {
  /** Writes the header's two fields after the table has moved. */
  storePlace(place: RefcountPlace): Task<void>;
  /** Makes all that was written so far durable. */
  barrier(): Task<void>;
  /** A table was found to be wrong: marks the image corrupt. @returns the error to throw */
  corrupt(message: string): Task<StorageError>;
  /** Nothing refers to a cluster any more. */
  freed(cluster: number): void;
  /** Clusters became metadata of a kind. */
  metadata(offset: number, bytes: number, kind: "refcount block" | "refcount table"): void;
}

/**
 * Reference counts of the image's clusters: a table of blocks of counters. Allocation looks for
 * clusters with count 0 and grows the structure as it must.
 */
export class Refcounts {
  readonly cache: TableCache;
  readonly bits: number;
  /** Counters in one block. */
  readonly perBlock: number;
  /** Highest count that an entry can hold. */
  readonly max: bigint;
  readonly place: RefcountPlace;
  /** Offsets of blocks, 0 where there is none; as long as the table. */
  blocks: number[];
  /** No cluster below this is free. */
  #freeHint = 0;
  readonly #file: BlockNode;
  readonly #clusterSize: number;
  readonly #hooks: RefcountHooks;

  constructor(
    file: BlockNode,
    clusterBits: number,
    order: number,
    place: RefcountPlace,
    blocks: number[],
    cache: TableCache,
    hooks: RefcountHooks,
  ) {
    this.#file = file;
    this.#clusterSize = 1 << clusterBits;
    this.bits = 1 << order;
    this.perBlock = (this.#clusterSize * 8) / this.bits;
    this.max = (1n << BigInt(this.bits)) - 1n;
    this.place = place;
    this.blocks = blocks;
    this.cache = cache;
    this.#hooks = hooks;
  }

  /** The count of a cluster by number; counts above 2^53 are rounded. */
  *get(cluster: number): Task<number> {
    return Number(yield* this.getExact(cluster));
  }

  *getExact(cluster: number): Task<bigint | number> {
    const block = this.blocks[Math.floor(cluster / this.perBlock)] ?? 0;
    if (block === 0) return 0;
    yield* this.#demandAligned(block, cluster);
    const { table, index } = yield* this.#slice(block, cluster % this.perBlock);
    return readEntryBits(table.view, index, this.bits);
  }

  *#demandAligned(block: number, cluster: number): Task<void> {
    const index = Math.floor(cluster / this.perBlock);
    // Blocks are whole in the file before the table leads to them.
    if (block >= this.#file.sizeBytes) {
      throw yield* this.#hooks.corrupt(
        `Refblock offset ${hex(block)} outside the image (reftable index: ${hex(index)})`,
      );
    }
    if (block % this.#clusterSize === 0) return;
    throw yield* this.#hooks.corrupt(
      `Refblock offset ${hex(block)} unaligned (reftable index: ${hex(index)})`,
    );
  }

  /** The table is in a new place and has no blocks; nothing is counted. */
  startAnew(place: RefcountPlace): void {
    Object.assign(this.place, place);
    this.blocks = Array.from({ length: (place.tableClusters * this.#clusterSize) / 8 }, () => 0);
    this.cache.forgetAll();
    this.#freeHint = 0;
  }

  *#slice(
    block: number,
    entry: number,
  ): Task<{ table: { view: DataView; offset: number; bytes: Uint8Array }; index: number }> {
    const perSlice = (this.cache.tableBytes * 8) / this.bits;
    const slice = Math.floor(entry / perSlice);
    const table = yield* this.cache.load(block + slice * this.cache.tableBytes);
    return { table, index: entry % perSlice };
  }

  /**
   * Adds `delta` to the counts of `count` clusters from `first`. Their blocks must exist.
   *
   * @throws StorageError EINVAL when a count would leave its range; nothing is changed then
   */
  *add(first: number, count: number, delta: 1 | -1): Task<void> {
    for (let i = 0; i < count; i++) {
      if (i === 0 || (first + i) % this.perBlock === 0) {
        yield* announce(this.#file, "refblock_alloc");
        yield* announce(this.#file, "refblock_load");
      }
      try {
        yield* this.#addOne(first + i, delta);
      } catch (error) {
        for (let undo = i - 1; undo >= 0; undo--)
          yield* this.#addOne(first + undo, delta === 1 ? -1 : 1);
        throw error;
      }
    }
  }

  *#addOne(cluster: number, delta: 1 | -1): Task<void> {
    const block = this.blocks[Math.floor(cluster / this.perBlock)] ?? 0;
    if (block === 0) {
      if (delta === -1) throw new StorageError("EINVAL");
      yield* this.ensureBlock(Math.floor(cluster / this.perBlock));
      return yield* this.#addOne(cluster, delta);
    }
    yield* this.#demandAligned(block, cluster);
    const { table, index } = yield* this.#slice(block, cluster % this.perBlock);
    const before = readEntryBits(table.view, index, this.bits);
    const after = BigInt(before) + BigInt(delta);
    if (after < 0n || after > this.max) throw new StorageError("EINVAL");
    writeEntryBits(table.view, index, this.bits, after);
    this.cache.markDirty(table);
    if (after === 0n) {
      this.#freeHint = Math.min(this.#freeHint, cluster);
      this.#hooks.freed(cluster);
    }
  }

  /** Sets a count, for repair. Its block must exist. */
  *setExact(cluster: number, count: number): Task<void> {
    const block = this.blocks[Math.floor(cluster / this.perBlock)] as number;
    const { table, index } = yield* this.#slice(block, cluster % this.perBlock);
    writeEntryBits(table.view, index, this.bits, BigInt(count));
    this.cache.markDirty(table);
    if (count > 0) return;
    this.#freeHint = Math.min(this.#freeHint, cluster);
    this.#hooks.freed(cluster);
  }

  /** Nothing leads to a block any more: all that it counted is free. */
  forgetBlock(index: number): void {
    this.blocks[index] = 0;
    this.#freeHint = Math.min(this.#freeHint, index * this.perBlock);
  }

  /** Takes `count` adjacent free clusters. @returns the first one's offset in the file */
  *allocate(count: number): Task<number> {
    yield* announce(this.#file, "cluster_alloc");
    for (;;) {
      const first = yield* this.#findFree(count);
      if (first + count > Number.MAX_SAFE_INTEGER / this.#clusterSize)
        throw new StorageError("EFBIG");
      if (yield* this.#ensureBlocks(first, count)) continue;
      if (this.#freeHint === first) this.#freeHint = first + count;
      yield* this.add(first, count, 1);
      return first * this.#clusterSize;
    }
  }

  /** Takes up to `count` clusters at exactly `offset`. @returns how many were free there */
  *allocateAt(offset: number, count: number): Task<number> {
    const first = offset / this.#clusterSize;
    for (;;) {
      let free = 0;
      while (free < count && (yield* this.#isFree(first + free))) free++;
      if (free === 0) return 0;
      if (yield* this.#ensureBlocks(first, free)) continue;
      yield* this.add(first, free, 1);
      return free;
    }
  }

  /** Gives clusters that touch a range of bytes back, one reference each. */
  *release(offset: number, bytes: number): Task<void> {
    if (bytes === 0) return;
    yield* announce(this.#file, "cluster_free");
    const first = Math.floor(offset / this.#clusterSize);
    const last = Math.floor((offset + bytes - 1) / this.#clusterSize);
    yield* this.add(first, last - first + 1, -1);
  }

  *#isFree(cluster: number): Task<boolean> {
    return Number(yield* this.getExact(cluster)) === 0;
  }

  *#findFree(count: number): Task<number> {
    let at = this.#freeHint;
    let firstFree = -1;
    for (let run = 0; run < count; at++) {
      const free = yield* this.#isFree(at);
      if (free && firstFree < 0) firstFree = at;
      run = free ? run + 1 : 0;
    }
    // A gap that was too small is still there for others.
    this.#freeHint = firstFree;
    return at - count;
  }

  /**
   * As in QEMU a new block comes behind the clusters that it is made for.
   *
   * @returns true when a block had to be made: what was free may be taken now
   */
  *#ensureBlocks(first: number, count: number): Task<boolean> {
    const last = Math.floor((first + count - 1) / this.perBlock);
    for (let index = Math.floor(first / this.perBlock); index <= last; index++) {
      if ((this.blocks[index] ?? 0) !== 0) continue;
      const hint = this.#freeHint;
      this.#freeHint = Math.max(hint, first + count);
      try {
        yield* this.ensureBlock(index);
      } finally {
        this.#freeHint = Math.min(this.#freeHint, hint);
      }
      return true;
    }
    return false;
  }

  /** Makes the block with number `index`. */
  *ensureBlock(index: number): Task<void> {
    while (index >= this.blocks.length) yield* this.#growTable(index);
    if (this.blocks[index] !== 0) return;
    const place = yield* this.#findFree(1);
    if (place === 0) {
      throw yield* this.#hooks.corrupt(
        "Preventing invalid allocation of refcount block at offset 0",
      );
    }
    const home = Math.floor(place / this.perBlock);
    if (home !== index && (this.blocks[home] ?? 0) === 0) {
      yield* this.ensureBlock(home);
      return yield* this.ensureBlock(index);
    }
    if (home !== index) yield* this.add(place, 1, 1);
    const offset = place * this.#clusterSize;
    yield* announce(this.#file, "refblock_alloc_write");
    const block = new Uint8Array(this.#clusterSize);
    if (home === index) writeEntryBits(viewOf(block), place % this.perBlock, this.bits, 1n);
    this.#freeHint = place + 1;
    this.#hooks.metadata(offset, this.#clusterSize, "refcount block");
    // The block is whole on the disk before the table leads to it.
    yield* this.cache.flush();
    this.cache.drop(offset, this.#clusterSize);
    yield* wait(this.#file.write(offset, [block]));
    yield* this.#hooks.barrier();
    const entry = new Uint8Array(8);
    putU64(viewOf(entry), 0, offset);
    yield* announce(this.#file, "refblock_alloc_hookup");
    yield* wait(this.#file.write(this.place.tableOffset + index * 8, [entry]));
    this.blocks[index] = offset;
  }

  /**
   * A longer table, beyond all that the present one can describe, with blocks for itself. As in QEMU there
   * are more of these at once than that takes, and room for half as many again in the table: whoever
   * writes on will need them.
   */
  *#growTable(index: number): Task<void> {
    yield* announce(this.#file, "reftable_grow");
    const perTable = this.#clusterSize / 8;
    const size = refcountSize((index + 1) * this.perBlock, this.perBlock, perTable, true);
    const tableClusters = Math.ceil(Math.ceil(size.blocks * 1.5) / perTable);
    if (tableClusters * this.#clusterSize > MAX_REFTABLE_BYTES) throw new StorageError("EFBIG");
    const start = this.blocks.length * this.perBlock;
    // Enough for all of the new table: the half that was counted besides is that of it which has no blocks.
    yield* this.#moveTable(start, tableClusters, size.blocks - this.blocks.length);
  }

  *#moveTable(start: number, tableClusters: number, blockCount: number): Task<void> {
    const size = this.#clusterSize;
    const blocks = [...this.blocks];
    const firstBlock = blocks.length;
    yield* announce(this.#file, "refblock_alloc_write_blocks");
    for (let i = 0; i < blockCount; i++) {
      const block = new Uint8Array(size);
      const used = Math.min(this.perBlock, tableClusters + blockCount - i * this.perBlock);
      for (let k = 0; k < used; k++) writeEntryBits(viewOf(block), k, this.bits, 1n);
      blocks[firstBlock + i] = (start + i) * size;
      yield* wait(this.#file.write((start + i) * size, [block]));
    }
    const table = new Uint8Array(tableClusters * size);
    while (blocks.length < table.length / 8) blocks.push(0);
    blocks.forEach((offset, i) => putU64(viewOf(table), i * 8, offset));
    const tableOffset = (start + blockCount) * size;
    yield* announce(this.#file, "refblock_alloc_write_table");
    yield* wait(this.#file.write(tableOffset, [table]));
    yield* this.cache.flush();
    yield* this.#hooks.barrier();
    const old = { ...this.place };
    yield* announce(this.#file, "refblock_alloc_switch_table");
    yield* this.#hooks.storePlace({ tableOffset, tableClusters });
    yield* this.#hooks.barrier();
    Object.assign(this.place, { tableOffset, tableClusters });
    this.blocks = blocks;
    this.#hooks.metadata(start * size, blockCount * size, "refcount block");
    this.#hooks.metadata(tableOffset, table.length, "refcount table");
    yield* this.add(old.tableOffset / size, old.tableClusters, -1);
  }
}
