import { viewOf } from "../../../util/bytes.ts";
import type { BlockNode, BlockStatus } from "../../block-node.ts";
import { type CheckResult, type Repair, emptyResult } from "../../check-result.ts";
import { StorageError } from "../../errors.ts";
import { lengthOf, slice } from "../../segments.ts";
import { type Eventually, type Task, wait } from "../../task.ts";
import type { FormatInfo } from "../driver.ts";
import { MappedNode, type Place } from "../mapped-node.ts";
import { TablePages } from "../table-pages.ts";
import type { Headers } from "./headers.ts";
import { type BlockEntry, type BlockLayout, MIB, State, entryIndex, parseEntry } from "./layout.ts";
import type { Log } from "./log.ts";
import { type Regions, overlaps } from "./metadata.ts";

export interface VhdxState {
  readonly sizeBytes: number;
  readonly layout: BlockLayout;
  readonly regions: Regions;
  readonly headers: Headers;
  readonly log: Log;
  /** Opening it has carried out what a crash had left in the log. */
  readonly wasReplayed: boolean;
  readonly readOnly: boolean;
  report(message: string): void;
}

/** A Hyper-V disk: blocks at the end of the file, and a table of them that is changed by a log. */
export class VhdxNode extends MappedNode {
  readonly driver = "vhdx";
  readonly #state: VhdxState;
  readonly #tables: TablePages;
  #isFirstWrite: boolean;

  constructor(file: BlockNode, state: VhdxState) {
    super(file, state.readOnly);
    this.#state = state;
    this.#tables = new TablePages(file);
    this.#isFirstWrite = !state.wasReplayed;
  }

  get sizeBytes(): number {
    return this.#state.sizeBytes;
  }

  describe(): FormatInfo {
    return { clusterSize: this.#state.layout.blockBytes };
  }

  *#entryAt(index: number): Task<BlockEntry> {
    const at = this.#state.regions.blocks.offset + index * 8;
    const low = yield* this.#tables.word(at);
    return parseEntry(low, yield* this.#tables.word(at + 4));
  }

  protected *find(offset: number, length: number): Task<Place> {
    const { layout } = this.#state;
    const inBlock = offset % layout.blockBytes;
    const most = Math.min(length, layout.blockBytes - inBlock);
    const block = Math.floor(offset / layout.blockBytes);
    const entry = yield* this.#entryAt(entryIndex(layout, block));
    switch (entry.state) {
      case State.notPresent:
      case State.undefined:
      case State.zero:
      case State.unmapped:
      case State.unmappedOld:
        return { kind: "zero", length: most };
      case State.present:
        return { kind: "data", length: most, host: entry.offset + inBlock };
      default:
        throw new StorageError("EIO");
    }
  }

  /** QEMU says nothing of where blocks are. */
  override status(_offset: number, length: number): Eventually<BlockStatus> {
    return { length, allocated: true, data: true, zero: false };
  }

  protected *store(offset: number, segments: readonly Uint8Array[]): Task<number> {
    if (this.#isFirstWrite) {
      this.#isFirstWrite = false;
      yield* this.#state.headers.update({ newData: true });
    }
    const place = yield* this.find(offset, lengthOf(segments));
    const parts = slice(segments, 0, place.length);
    const { blockBytes } = this.#state.layout;
    if (place.host !== undefined) {
      // The headers are no place for data.
      if (place.host < MIB) throw new StorageError("EIO");
      yield* wait(this.file.write(place.host, parts));
      return place.length;
    }
    const at = Math.ceil(this.file.sizeBytes / MIB) * MIB;
    yield* wait(this.file.truncate(at + blockBytes));
    yield* wait(this.file.write(at + (offset % blockBytes), parts));
    yield* this.#link(Math.floor(offset / blockBytes), at);
    return place.length;
  }

  *#link(block: number, host: number): Task<void> {
    const { layout, regions, log } = this.#state;
    const at = regions.blocks.offset + entryIndex(layout, block) * 8;
    const bytes = new Uint8Array(8);
    viewOf(bytes).setBigUint64(0, BigInt(host) | BigInt(State.present), true);
    yield* log.change(at, bytes);
    this.#tables.note(at, bytes);
  }

  /** Looks at every entry. @param found hears of each that is wrong; throws to end it */
  *checkEntries(found: () => void): Task<void> {
    const { layout, regions, report } = this.#state;
    const { blocks } = regions;
    const fileBytes = this.file.sizeBytes;
    const there = Math.floor(Math.max(0, fileBytes - blocks.offset) / 8);
    for (let i = 0; i < Math.min(layout.entries, there); i++) {
      const { state, offset } = yield* this.#entryAt(i);
      const isBitmap = i % (layout.chunkRatio + 1) === layout.chunkRatio;
      if (state !== State.present || isBitmap) continue;
      const range = { offset, length: layout.blockBytes };
      const cut = `points after end of file (${fileBytes}). Image has probably been truncated.`;
      if (offset >= fileBytes) {
        report(`VHDX BAT entry ${i} start offset ${offset} ${cut}`);
        found();
      } else if (i !== layout.entries - 1 && offset > fileBytes - layout.blockBytes) {
        // The last block of a fixed disk ends where the disk does.
        report(`VHDX BAT entry ${i} end offset ${offset + layout.blockBytes - 1} ${cut}`);
        found();
      }
      const other = regions.all.find((region) => overlaps(range, region));
      if (other === undefined) continue;
      report(
        `VHDX region ${offset}-${offset + layout.blockBytes} overlaps with region ` +
          `${other.offset}-${other.offset + other.length}.`,
      );
      found();
    }
  }

  check(_repair: Repair): Task<CheckResult> {
    return this.mutex.alone(this.#check());
  }

  *#check(): Task<CheckResult> {
    const result = emptyResult();
    if (this.#state.wasReplayed) result.corruptionsFixed++;
    yield* this.checkEntries(() => void result.corruptions++);
    return result;
  }
}
