import { announce } from "../../announce.ts";
import type { BlockNode } from "../../block-node.ts";
import { type Task, wait } from "../../task.ts";
import { readPadded } from "../../padded.ts";

/** A piece of a table of the image: an L2 table's or refcount block's, or all of it. */
export interface Table {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/**
 * Tables in memory, written back late and in order. What a cache depends on is on the disk before
 * anything of it is written, so that a crash in between leaves leaks at most (docs/storage.md).
 */
export class TableCache {
  readonly tableBytes: number;
  readonly #file: BlockNode;
  readonly #capacity: number;
  /** In the order of use, the least recent first. */
  readonly #tables = new Map<number, Table>();
  /** The last in that order, while it is there. */
  #latest: Table | undefined;
  /**
   * Stands before the least recent one. A new iterator would pass over all places that tables have left,
   * of which a map has as many as tables before it tidies up.
   */
  #leastRecent: MapIterator<Table> | undefined;
  readonly #dirty = new Set<Table>();
  #dependsOn: TableCache | undefined;
  #dependsOnFlush = false;
  /** Makes all that was written so far durable, in every file of the image. */
  readonly #barrier: () => Task<void>;
  /** Asked before a table is written; throws when it must not be. */
  guard: (offset: number, length: number) => void = () => {};
  /** What the file is told of, besides. */
  events: { readonly load?: string; readonly write?: string } = {};

  constructor(
    file: BlockNode,
    tableBytes: number,
    capacityBytes: number,
    barrier: () => Task<void>,
  ) {
    this.#file = file;
    this.#barrier = barrier;
    this.tableBytes = tableBytes;
    this.#capacity = Math.max(4, Math.floor(capacityBytes / tableBytes));
  }

  /** The table at `offset`: from memory, or read. It stays valid until the next `load`. */
  *load(offset: number): Task<Table> {
    if (this.#latest?.offset === offset) return this.#latest;
    const known = this.#tables.get(offset);
    if (known !== undefined) {
      this.#latest = known;
      this.#tables.delete(offset);
      this.#tables.set(offset, known);
      return known;
    }
    const bytes = new Uint8Array(this.tableBytes);
    if (this.events.load !== undefined) yield* announce(this.#file, this.events.load);
    yield* readPadded(this.#file, offset, bytes);
    return yield* this.#add(offset, bytes);
  }

  /** A table for a new place, all zero and dirty; what was there is not read. */
  *create(offset: number): Task<Table> {
    this.drop(offset, this.tableBytes);
    const table = yield* this.#add(offset, new Uint8Array(this.tableBytes));
    this.#dirty.add(table);
    return table;
  }

  /** To be called after a change, before anything else is loaded. */
  markDirty(table: Table): void {
    this.#dirty.add(table);
  }

  /** Nothing of this is written before all of `other` is on the disk. */
  *dependOn(other: TableCache): Task<void> {
    if (other.#dependsOn !== undefined) yield* other.#settleDependencies();
    if (this.#dependsOn !== undefined && this.#dependsOn !== other)
      yield* this.#settleDependencies();
    this.#dependsOn = other;
  }

  /** Nothing of this is written before all data that was written so far is on the disk. */
  dependOnFlush(): void {
    this.#dependsOnFlush = true;
  }

  /** Writes all dirty tables, after what they depend on. The file itself is not flushed. */
  *flush(): Task<void> {
    if (this.#dirty.size === 0) return;
    yield* this.#settleDependencies();
    for (const table of [...this.#dirty].sort((a, b) => a.offset - b.offset)) {
      yield* this.#write(table);
    }
  }

  /** Forgets tables in a range, unwritten. */
  drop(offset: number, length: number): void {
    for (let at = offset; at < offset + length; at += this.tableBytes) {
      const table = this.#tables.get(at);
      if (table === undefined) continue;
      this.#forget(table);
    }
  }

  /** Forgets everything, unwritten. */
  forgetAll(): void {
    this.#tables.clear();
    this.#dirty.clear();
    this.#latest = undefined;
    this.#leastRecent = undefined;
  }

  #forget(table: Table): void {
    this.#tables.delete(table.offset);
    this.#dirty.delete(table);
    if (this.#latest === table) this.#latest = undefined;
  }

  *#settleDependencies(): Task<void> {
    const other = this.#dependsOn;
    if (other !== undefined) {
      yield* other.flush();
      this.#dependsOn = undefined;
      this.#dependsOnFlush = true;
    }
    if (!this.#dependsOnFlush) return;
    yield* this.#barrier();
    this.#dependsOnFlush = false;
  }

  *#write(table: Table): Task<void> {
    this.guard(table.offset, table.bytes.length);
    if (this.events.write !== undefined) yield* announce(this.#file, this.events.write);
    yield* wait(this.#file.write(table.offset, [table.bytes]));
    this.#dirty.delete(table);
  }

  *#add(offset: number, bytes: Uint8Array): Task<Table> {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    while (this.#tables.size >= this.#capacity) yield* this.#evict();
    const table = { offset, bytes, view };
    this.#tables.set(offset, table);
    this.#latest = table;
    return table;
  }

  *#evict(): Task<void> {
    const tables = (this.#leastRecent ??= this.#tables.values());
    const { value: table } = tables.next();
    // Until it is out it has to be found again: by another, after a failure or meanwhile.
    this.#leastRecent = undefined;
    if (table === undefined) return;
    if (this.#dirty.has(table)) {
      yield* this.#settleDependencies();
      yield* this.#write(table);
    }
    this.#forget(table);
    this.#leastRecent = tables;
  }
}
