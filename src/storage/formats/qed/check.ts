import { type CheckResult, emptyResult } from "../../check-result.ts";
import { type Task, wait } from "../../task.ts";
import { Feature, isClusterOffset, isTableOffset } from "./header.ts";
import type { QedNode } from "./qed-node.ts";

/** Follows all tables; with `fix`, entries that lead nowhere are cleared. */
export function* checkQed(node: QedNode, fix: boolean): Task<CheckResult> {
  const result = emptyResult();
  const { header } = node;
  result.totalClusters = Math.ceil(header.sizeBytes / header.clusterSize);
  const walk = new Walk(node, result, fix);
  yield* walk.tables();
  walk.countLeaks();
  if (fix) yield* markClean(node, result);
  return result;
}

class Walk {
  readonly #node: QedNode;
  readonly #result: CheckResult;
  readonly #fix: boolean;
  readonly #used = new Set<number>();

  constructor(node: QedNode, result: CheckResult, fix: boolean) {
    this.#node = node;
    this.#result = result;
    this.#fix = fix;
  }

  *tables(): Task<void> {
    const { header, entries, end, tables } = this.#node;
    this.#use(header.l1Offset, header.tableSize);
    for (let i = 0; i < this.#tableEnd(header.l1Offset); i++) {
      const at = header.l1Offset + i * 8;
      const l2 = yield* tables.long(at);
      if (l2 === 0) continue;
      if (!isTableOffset(header, l2, end)) yield* this.#drop(at);
      else if (this.#use(l2, header.tableSize)) yield* this.#clusters(l2, entries);
    }
  }

  *#clusters(l2: number, entries: number): Task<void> {
    const { header, end, tables } = this.#node;
    let last = 0;
    for (let i = 0; i < entries; i++) {
      const offset = yield* tables.long(l2 + i * 8);
      if (offset <= 1) continue;
      this.#result.allocatedClusters++;
      if (last !== 0 && last + header.clusterSize !== offset) this.#result.fragmentedClusters++;
      last = offset;
      if (isClusterOffset(header, offset, end)) this.#use(offset, 1);
      else yield* this.#drop(l2 + i * 8);
    }
  }

  /** Entries of a table that the file has. */
  #tableEnd(table: number): number {
    return Math.min(this.#node.entries, Math.floor((this.#node.end - table) / 8));
  }

  *#drop(at: number): Task<void> {
    if (!this.#fix) {
      this.#result.corruptions++;
      return;
    }
    yield* this.#node.tables.putLong(at, 0);
    this.#result.corruptionsFixed++;
  }

  /** @returns false when something else uses one of the clusters */
  #use(offset: number, count: number): boolean {
    let shared = 0;
    const first = offset / this.#node.header.clusterSize;
    for (let cluster = first; cluster < first + count; cluster++) {
      if (this.#used.has(cluster)) shared++;
      this.#used.add(cluster);
    }
    this.#result.corruptions += shared;
    return shared === 0;
  }

  countLeaks(): void {
    const { header, end } = this.#node;
    const clusters = end / header.clusterSize;
    let used = 0;
    for (const cluster of this.#used) if (cluster >= header.headerSize) used++;
    this.#result.leaks = Math.max(0, clusters - header.headerSize - used);
  }
}

function* markClean(node: QedNode, result: CheckResult): Task<void> {
  if (result.corruptions > 0 || result.checkErrors > 0 || !node.needsCheck) return;
  // What was repaired is on the disk before the mark is gone.
  yield* wait(node.file.flush());
  node.header.features &= ~Feature.needCheck;
  yield* node.storeHeader();
  yield* wait(node.file.flush());
}
