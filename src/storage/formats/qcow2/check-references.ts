import { viewOf } from "../../../util/bytes.ts";
import type { Task } from "../../task.ts";
import type { CheckResult } from "../../check-result.ts";
import { HI_COPIED, compressedPlace, entryOffset } from "./format.ts";
import type { Qcow2Image } from "./image.ts";
import { type L2Entry, hasHost, readEntry, writeEntry } from "./l2.ts";
import { readPadded } from "../../padded.ts";

/** Counts of neighbours are together: an image may have many millions. */
const PAGE_CLUSTERS = 1 << 12;

/** How often each cluster of the file is referred to. */
export class References {
  readonly #image: Qcow2Image;
  readonly #result: CheckResult;
  readonly #pages = new Map<number, Uint32Array>();
  /** As many as a refcount can tell. */
  readonly #most: number;
  readonly #blocks = new Set<number>();
  /** Clusters in the file. */
  readonly clusters: number;
  /** One past the last cluster in use. */
  end = 0;

  constructor(image: Qcow2Image, result: CheckResult) {
    this.#image = image;
    this.#result = result;
    this.clusters = Math.ceil(image.file.sizeBytes / image.clusterSize);
    this.#most = Math.min(Number(image.refcounts.max), 0xffff_ffff);
  }

  of(cluster: number): number {
    const page = this.#pages.get(Math.floor(cluster / PAGE_CLUSTERS));
    return page?.[cluster % PAGE_CLUSTERS] ?? 0;
  }

  /** Clusters that something refers to, with their counts. */
  *entries(): Generator<[number, number]> {
    for (const [index, page] of this.#pages)
      for (const [at, count] of page.entries())
        if (count > 0) yield [index * PAGE_CLUSTERS + at, count];
  }

  /** True when something in the range of a refcount block is referred to. */
  touchesBlock(block: number): boolean {
    return this.#blocks.has(block);
  }

  add(offset: number, bytes: number): void {
    if (bytes === 0) return;
    const image = this.#image;
    const fileBytes = image.file.sizeBytes;
    const past = offset + bytes - Math.max(fileBytes, 0);
    if (past > 0 && past >= image.clusterSize) {
      image.report(
        "ERROR: counting reference for region exceeding the end of the file by one cluster or " +
          `more: offset 0x${offset.toString(16)} size 0x${bytes.toString(16)}`,
      );
      this.#result.corruptions++;
      return;
    }
    const last = Math.floor((offset + bytes - 1) / image.clusterSize);
    for (let at = Math.floor(offset / image.clusterSize); at <= last; at++) this.#addOne(at);
  }

  #addOne(cluster: number): void {
    const index = Math.floor(cluster / PAGE_CLUSTERS);
    let page = this.#pages.get(index);
    if (page === undefined) this.#pages.set(index, (page = new Uint32Array(PAGE_CLUSTERS)));
    const count = page[cluster % PAGE_CLUSTERS] ?? 0;
    if (count === this.#most) {
      const offset = cluster * this.#image.clusterSize;
      this.#image.report(`ERROR: overflow cluster offset=0x${offset.toString(16)}`);
      this.#image.report(
        "Use qemu-img amend to increase the refcount entry width or qemu-img convert to create " +
          "a clean copy if the image cannot be opened for writing",
      );
      this.#result.corruptions++;
      return;
    }
    page[cluster % PAGE_CLUSTERS] = count + 1;
    this.#blocks.add(Math.floor(cluster / this.#image.refcounts.perBlock));
  }
}

interface CountOptions {
  readonly repair: boolean;
  /** Counts allocated and fragmented clusters: for the active table. */
  readonly statistics: boolean;
}

/** Counts an L1 table, the L2 tables that it leads to, and what those lead to. */
export function* countL1(
  image: Qcow2Image,
  references: References,
  offset: number,
  entries: number,
  result: CheckResult,
  options: CountOptions,
): Task<void> {
  references.add(offset, entries * 8);
  const bytes = new Uint8Array(entries * 8);
  yield* readPadded(image.file, offset, bytes);
  const view = viewOf(bytes);
  const walk = { next: 0 };
  for (let at = 0; at < bytes.length; at += 8) {
    const l2Offset = entryOffset(view, at);
    if (l2Offset === 0) continue;
    references.add(l2Offset, image.clusterSize);
    if (l2Offset % image.clusterSize !== 0) {
      image.report(
        `ERROR l2_offset=0x${l2Offset.toString(16)}: Table is not cluster aligned; L1 entry corrupted`,
      );
      result.corruptions++;
      continue;
    }
    if (l2Offset >= image.file.sizeBytes) continue;
    yield* countL2(image, references, l2Offset, result, { ...options, walk });
  }
}

function* countL2(
  image: Qcow2Image,
  references: References,
  l2Offset: number,
  result: CheckResult,
  options: CountOptions & { walk: { next: number } },
): Task<void> {
  const { tableBytes } = image.l2;
  for (let base = 0; base < image.clusterSize; base += tableBytes) {
    const table = yield* image.l2.load(l2Offset + base);
    for (let at = 0; at < tableBytes; at += image.l2EntryBytes) {
      if (table.view.getUint32(at) === 0 && table.view.getUint32(at + 4) === 0) continue;
      const entry = readEntry(image, { table, at });
      if (entry.compressed) countCompressed(image, references, entry, result, options);
      else if (hasHost(image, entry)) {
        const sound = countCluster(image, references, entry, result, options);
        if (!sound && entry.alloc === 0 && options.repair) {
          writeEntry(image, { table, at }, { host: 0, copied: false, alloc: 0, zero: entry.zero });
          result.corruptions--;
          result.corruptionsFixed++;
        }
      }
    }
  }
}

function countCompressed(
  image: Qcow2Image,
  references: References,
  entry: L2Entry,
  result: CheckResult,
  { statistics, walk }: CountOptions & { walk: { next: number } },
): void {
  const { offset, bytes } = compressedPlace(entry.hi, entry.lo, image.clusterBits);
  if ((entry.hi & HI_COPIED) !== 0) {
    image.report(
      `ERROR: coffset=0x${offset.toString(16)}: copied flag must never be set for compressed clusters`,
    );
    result.corruptions++;
  }
  references.add(offset, bytes);
  if (!statistics) return;
  result.allocatedClusters++;
  result.compressedClusters++;
  // Compressed clusters count as fragmented: they lie close together, but not one to one.
  result.fragmentedClusters++;
  walk.next = 0;
}

/** @returns false when the entry is damaged */
function countCluster(
  image: Qcow2Image,
  references: References,
  entry: L2Entry,
  result: CheckResult,
  { statistics, walk, repair }: CountOptions & { walk: { next: number } },
): boolean {
  const { host } = entry;
  if (host % image.clusterSize !== 0) {
    const hasData = entry.alloc !== 0;
    image.report(
      `${!hasData && repair ? "Repairing" : "ERROR"} offset=${host.toString(16)}: ` +
        `${hasData ? "Data" : "Preallocated"} cluster is not properly aligned; L2 entry corrupted.`,
    );
    result.corruptions++;
    // What has data may be wanted still: all that it touches counts as used.
    if (hasData && !image.hasDataFile) references.add(host, image.clusterSize);
    return false;
  }
  if (statistics) {
    result.allocatedClusters++;
    if (walk.next !== 0 && host !== walk.next) result.fragmentedClusters++;
    walk.next = host + image.clusterSize;
  }
  if (!image.hasDataFile) references.add(host, image.clusterSize);
  return true;
}
