import type { BlockNode } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import { lengthOf, slice } from "../../segments.ts";
import { type Task, wait } from "../../task.ts";
import type { FormatInfo } from "../driver.ts";
import { MappedNode, type Place } from "../mapped-node.ts";
import { TablePages } from "../table-pages.ts";
import { type BlockTable, SECTOR, UNALLOCATED } from "./header.ts";

export interface VpcState {
  readonly sizeBytes: number;
  readonly readOnly: boolean;
  readonly footer: Uint8Array;
  /** Absent for a fixed disk: the file's bytes are the disk's, and the footer is behind them. */
  readonly table: BlockTable | undefined;
}

/** A Virtual PC disk: fixed, or blocks that are added where the footer was. */
export class VpcNode extends MappedNode {
  readonly driver = "vpc";
  readonly #state: VpcState;
  readonly #pages: TablePages;
  /** Where the footer is, and the next block will be. */
  #end = 0;
  /** The block whose bitmap is known to have all bits set. */
  #marked = -1;

  constructor(file: BlockNode, state: VpcState) {
    super(file, state.readOnly);
    this.#state = state;
    this.#pages = new TablePages(file, { littleEndian: false });
  }

  get sizeBytes(): number {
    return this.#state.sizeBytes;
  }

  describe(): FormatInfo {
    return { clusterSize: this.#state.table?.blockBytes };
  }

  /** Finds the end of all blocks. @throws StorageError when the file does not have them */
  *scan({ offset, entries, blockBytes, bitmapBytes }: BlockTable): Task<void> {
    let end = Math.ceil((offset + entries * 4) / SECTOR) * SECTOR;
    const there = Math.min(entries, Math.max(0, Math.floor((this.file.sizeBytes - offset) / 4)));
    for (let i = 0; i < there; i++) {
      const entry = yield* this.#pages.word(offset + i * 4);
      if (entry !== UNALLOCATED) end = Math.max(end, entry * SECTOR + bitmapBytes + blockBytes);
    }
    if (end > this.file.sizeBytes) {
      throw new StorageError(
        "EINVAL",
        "block-vpc: free_data_block_offset points after the end of file. " +
          "The image has been truncated.",
      );
    }
    this.#end = end;
  }

  protected *find(offset: number, length: number): Task<Place> {
    const { table } = this.#state;
    if (table === undefined) return { kind: "data", length, host: offset, sparse: true };
    const inBlock = offset % table.blockBytes;
    const most = Math.min(length, table.blockBytes - inBlock);
    const entry = yield* this.#pages.word(table.offset + Math.floor(offset / table.blockBytes) * 4);
    if (entry === UNALLOCATED) return { kind: "zero", length: most };
    return { kind: "data", length: most, host: entry * SECTOR + table.bitmapBytes + inBlock };
  }

  protected *store(offset: number, segments: readonly Uint8Array[]): Task<number> {
    const place = yield* this.find(offset, lengthOf(segments));
    const parts = slice(segments, 0, place.length);
    const { table } = this.#state;
    let host = place.host;
    if (table !== undefined) {
      const inBlock = offset % table.blockBytes;
      if (host === undefined)
        host = (yield* this.#allocate(table, Math.floor(offset / table.blockBytes))) + inBlock;
      else yield* this.#mark(table, host - inBlock - table.bitmapBytes);
    }
    yield* wait(this.file.write(host as number, parts));
    return place.length;
  }

  /** All sectors of a block are in use once one of them has been written. */
  *#mark(table: BlockTable, bitmapAt: number): Task<void> {
    if (this.#marked === bitmapAt) return;
    // A block that lies over the block table itself can only be damage.
    if (bitmapAt < table.offset + table.entries * 4) throw new StorageError("EIO");
    this.#marked = bitmapAt;
    yield* wait(this.file.write(bitmapAt, [new Uint8Array(table.bitmapBytes).fill(0xff)]));
  }

  /** @returns where the new block's data are */
  *#allocate(table: BlockTable, block: number): Task<number> {
    const at = this.#end;
    yield* wait(this.file.write(at, [new Uint8Array(table.bitmapBytes).fill(0xff)]));
    this.#end = at + table.bitmapBytes + table.blockBytes;
    yield* wait(this.file.write(this.#end, [this.#state.footer]));
    // The footer is on the disk before anything leads to where it was.
    yield* wait(this.file.flush());
    yield* this.#pages.putWord(table.offset + block * 4, at / SECTOR);
    return at + table.bitmapBytes;
  }
}
