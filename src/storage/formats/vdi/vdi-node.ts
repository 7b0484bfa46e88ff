import { viewOf } from "../../../util/bytes.ts";
import type { BlockNode } from "../../block-node.ts";
import { type CheckResult, type Repair, emptyResult } from "../../check-result.ts";
import { StorageError } from "../../errors.ts";
import { gatherInto, lengthOf, slice } from "../../segments.ts";
import { type Task, wait } from "../../task.ts";
import type { FormatInfo } from "../driver.ts";
import { MappedNode, type Place } from "../mapped-node.ts";
import { BLOCK_BYTES, FIRST_UNALLOCATED, Field, type VdiHeader } from "./header.ts";

export interface VdiState {
  readonly header: VdiHeader;
  /** Little-endian words, whole sectors, as far as the file has them; what is missing is zero. */
  readonly map: Uint8Array;
  readonly readOnly: boolean;
  report(message: string): void;
}

/** A VirtualBox disk: a map of blocks, each of which has its place or none yet. */
export class VdiNode extends MappedNode {
  readonly driver = "vdi";
  readonly #state: VdiState;
  readonly #map: DataView;
  readonly #header: DataView;
  /** Entries that a write has changed, first and last. */
  #changed: { readonly first: number; readonly last: number } | undefined;

  constructor(file: BlockNode, state: VdiState) {
    super(file, state.readOnly);
    this.#state = state;
    this.#map = viewOf(state.map);
    this.#header = viewOf(state.header.bytes);
  }

  get sizeBytes(): number {
    return this.#state.header.sizeBytes;
  }

  describe(): FormatInfo {
    return { clusterSize: BLOCK_BYTES };
  }

  #entry(block: number): number {
    return block * 4 < this.#map.byteLength ? this.#map.getUint32(block * 4, true) : 0;
  }

  // oxlint-disable-next-line require-yield
  protected *find(offset: number, length: number): Task<Place> {
    const inBlock = offset % BLOCK_BYTES;
    const most = Math.min(length, BLOCK_BYTES - inBlock);
    const entry = this.#entry(Math.floor(offset / BLOCK_BYTES));
    if (entry >= FIRST_UNALLOCATED) return { kind: "zero", length: most };
    const { dataOffset, isStatic } = this.#state.header;
    const host = dataOffset + entry * BLOCK_BYTES + inBlock;
    return { kind: "data", length: most, host, sparse: isStatic };
  }

  protected *store(offset: number, segments: readonly Uint8Array[]): Task<number> {
    const block = Math.floor(offset / BLOCK_BYTES);
    const inBlock = offset % BLOCK_BYTES;
    const length = Math.min(lengthOf(segments), BLOCK_BYTES - inBlock);
    const entry = this.#entry(block);
    const { dataOffset, blocks } = this.#state.header;
    if (entry < FIRST_UNALLOCATED) {
      // Nothing is written where no block can be.
      if (entry >= blocks) throw new StorageError("EIO");
      const host = dataOffset + entry * BLOCK_BYTES + inBlock;
      yield* wait(this.file.write(host, slice(segments, 0, length)));
      return length;
    }
    const fresh = this.#header.getUint32(Field.allocatedBlocks, true);
    if (fresh >= blocks) throw new StorageError("EIO");
    const bytes = new Uint8Array(BLOCK_BYTES);
    gatherInto(slice(segments, 0, length), bytes, inBlock);
    yield* wait(this.file.write(dataOffset + fresh * BLOCK_BYTES, [bytes]));
    this.#map.setUint32(block * 4, fresh, true);
    this.#header.setUint32(Field.allocatedBlocks, fresh + 1, true);
    this.#changed = { first: this.#changed?.first ?? block, last: block };
    return length;
  }

  protected override *stored(): Task<void> {
    if (this.#changed === undefined) return;
    const { header, map } = this.#state;
    yield* wait(this.file.write(0, [header.bytes]));
    const from = Math.floor(this.#changed.first / 128) * 512;
    const to = (Math.floor(this.#changed.last / 128) + 1) * 512;
    this.#changed = undefined;
    yield* wait(this.file.write(header.mapOffset + from, [map.subarray(from, to)]));
  }

  // oxlint-disable-next-line require-yield
  *check(repair: Repair): Task<CheckResult> {
    if (repair !== "none") throw new StorageError("ENOTSUP");
    const { header, report } = this.#state;
    const result = emptyResult();
    const used = new Set<number>();
    let allocated = 0;
    for (let block = 0; block < header.blocks; block++) {
      const entry = this.#entry(block);
      if (entry >= FIRST_UNALLOCATED) continue;
      if (entry >= header.blocks) {
        report(`ERROR: block index ${block} too large, is ${entry}`);
        result.corruptions++;
        continue;
      }
      allocated++;
      if (used.has(entry)) {
        report(`ERROR: block index ${entry} also used by ${entry}`);
        result.corruptions++;
      }
      used.add(entry);
    }
    const said = this.#header.getUint32(Field.allocatedBlocks, true);
    if (allocated !== said) {
      report(`ERROR: allocated blocks mismatch, is ${allocated}, should be ${said}`);
      result.corruptions++;
    }
    return result;
  }
}
