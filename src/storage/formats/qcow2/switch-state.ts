import { viewOf } from "../../../util/bytes.ts";
import { StorageError } from "../../errors.ts";
import { type Task, wait } from "../../task.ts";
import { readPadded } from "../../padded.ts";
import { bitmapClusters } from "./bitmaps.ts";
import { HI_COPIED, compressedPlace, entryOffset, putEntry } from "./format.ts";
import type { Qcow2Image } from "./image.ts";
import { type L2Entry, hasHost, readEntry } from "./l2.ts";
import { rebuildRefcounts } from "./rebuild.ts";
import { KNOWN_EXTRA, type Snapshot, encodeSnapshots } from "./snapshot-table.ts";
import { snapshotL1 } from "./snapshots.ts";

/** What an image is to be. */
export interface NextState {
  /** Leads to the L2 tables that describe the disk. */
  readonly l1: Uint8Array;
  /** Their L1 tables are in the file already. */
  readonly snapshots: readonly Snapshot[];
  readonly sizeBytes: number;
}

/** How often each cluster is referred to. */
class Counts {
  readonly counts = new Map<number, number>();
  readonly #clusterSize: number;

  constructor(clusterSize: number) {
    this.#clusterSize = clusterSize;
  }

  add(offset: number, bytes: number): void {
    const end = offset + bytes;
    for (let at = Math.floor(offset / this.#clusterSize); at * this.#clusterSize < end; at++)
      this.counts.set(at, (this.counts.get(at) ?? 0) + 1);
  }

  of(offset: number): number {
    return this.counts.get(offset / this.#clusterSize) ?? 0;
  }

  entries(): Iterable<[number, number]> {
    return this.counts.entries();
  }
}

/**
 * Changes counts and copied flags of many clusters at once, by one write of the header: everything that
 * differs is written beside what is there, the whole refcount structure too. A crash before leaves what
 * was, a crash after what is to be. Version 2 has no mark for "counts are not to be trusted".
 *
 * @throws StorageError EINVAL when a count would leave its range; nothing is changed then
 */
export function* switchState(image: Qcow2Image, next: NextState): Task<void> {
  yield* image.flush();
  const counts = yield* countNext(image, next);
  for (const [, count] of counts.entries())
    if (BigInt(count) > image.refcounts.max) throw new StorageError("EINVAL");
  const l1 = yield* placeTables(image, next.l1, counts);
  const place = yield* placeRoots(image, l1, next.snapshots, counts);
  const freed = yield* markUnused(image, counts);
  const { header } = image;
  const before = { ...header };
  Object.assign(header, place, {
    snapshotCount: next.snapshots.length,
    sizeBytes: next.sizeBytes,
  });
  try {
    yield* rebuildRefcounts(image, counts);
  } catch (error) {
    Object.assign(header, before);
    throw error;
  }
  image.forgetReleases();
  image.l1 = l1;
  image.l1View = viewOf(l1);
  image.snapshots = next.snapshots.map((snapshot) => ({
    ...snapshot,
    extraBytes: KNOWN_EXTRA + snapshot.unknownExtra.length,
  }));
  for (const cluster of freed) image.forget(cluster * image.clusterSize);
  recordMetadata(image);
}

/** Everything that the next state refers to, but the tables and places that are still to be made. */
function* countNext(image: Qcow2Image, next: NextState): Task<Counts> {
  const counts = new Counts(image.clusterSize);
  counts.add(0, image.clusterSize);
  const { crypto } = image.header;
  if (crypto !== undefined) counts.add(crypto.offset, crypto.bytes);
  for (const { offset, bytes } of yield* bitmapClusters(image)) counts.add(offset, bytes);
  for (const snapshot of next.snapshots) {
    counts.add(snapshot.l1Offset, snapshot.l1Entries * 8);
    yield* countTree(image, yield* snapshotL1(image, snapshot), counts, true);
  }
  yield* countTree(image, next.l1, counts, false);
  return counts;
}

/** @param tables whether L2 tables themselves are counted */
function* countTree(
  image: Qcow2Image,
  l1: Uint8Array,
  counts: Counts,
  tables: boolean,
): Task<void> {
  const view = viewOf(l1);
  for (let at = 0; at < l1.length; at += 8) {
    const l2Offset = yield* soundTable(image, view, at);
    if (l2Offset === 0) continue;
    if (tables) counts.add(l2Offset, image.clusterSize);
    for (const { entry } of entriesOf(image, yield* readTable(image, l2Offset))) {
      if (entry.compressed) {
        const { offset, bytes } = compressedPlace(entry.hi, entry.lo, image.clusterBits);
        counts.add(offset, bytes);
      } else if (hasHost(image, entry)) {
        if (entry.host % image.clusterSize !== 0)
          throw yield* image.corrupt(
            `Cluster allocation offset 0x${entry.host.toString(16)} unaligned ` +
              `(L2 offset: 0x${l2Offset.toString(16)})`,
          );
        counts.add(entry.host, image.clusterSize);
      }
    }
  }
}

function* soundTable(image: Qcow2Image, view: DataView, at: number): Task<number> {
  const l2Offset = entryOffset(view, at);
  if (l2Offset % image.clusterSize === 0) return l2Offset;
  throw yield* image.corrupt(
    `L2 table offset 0x${l2Offset.toString(16)} unaligned (L1 index: 0x${(at / 8).toString(16)})`,
  );
}

/** A whole table: the cache was written back before. */
function* readTable(image: Qcow2Image, l2Offset: number): Task<Uint8Array> {
  const table = new Uint8Array(image.clusterSize);
  yield* readPadded(image.file, l2Offset, table);
  return table;
}

function* entriesOf(
  image: Qcow2Image,
  bytes: Uint8Array,
): Generator<{ readonly at: number; readonly entry: L2Entry }, void> {
  const view = viewOf(bytes);
  for (let at = 0; at < bytes.length; at += image.l2EntryBytes) {
    if (view.getUint32(at) === 0 && view.getUint32(at + 4) === 0) continue;
    yield { at, entry: readEntry(image, { table: { view }, at }) };
  }
}

/**
 * L2 tables for the disk: those that are its own and right stay, the others are copied with the copied
 * flags that the counts ask for.
 *
 * @returns the L1 table that leads to them
 */
function* placeTables(image: Qcow2Image, source: Uint8Array, counts: Counts): Task<Uint8Array> {
  const l1 = source.slice();
  const view = viewOf(l1);
  for (let at = 0; at < l1.length; at += 8) {
    const old = entryOffset(view, at);
    if (old === 0) continue;
    const table = yield* readTable(image, old);
    const isRight = setFlags(image, table, counts);
    let offset = old;
    if (!isRight || counts.of(old) > 0) {
      offset = yield* image.refcounts.allocate(1);
      yield* image.guardData(offset, image.clusterSize);
      image.l2.drop(offset, image.clusterSize);
      yield* wait(image.file.write(offset, [table]));
    }
    counts.add(offset, image.clusterSize);
    putEntry(view, at, offset, HI_COPIED);
  }
  return l1;
}

/** @returns whether all flags were right already */
function setFlags(image: Qcow2Image, table: Uint8Array, counts: Counts): boolean {
  const view = viewOf(table);
  let isRight = true;
  for (const { at, entry } of entriesOf(image, table)) {
    if (!hasHost(image, entry)) continue;
    const copied = counts.of(entry.host) === 1;
    if (copied === entry.copied) continue;
    isRight = false;
    view.setUint32(at, (entry.hi ^ HI_COPIED) >>> 0);
  }
  return isRight;
}

/** The L1 table and the snapshot table, in places of their own. */
function* placeRoots(
  image: Qcow2Image,
  l1: Uint8Array,
  snapshots: readonly Snapshot[],
  counts: Counts,
): Task<{ l1Offset: number; l1Entries: number; snapshotsOffset: number }> {
  const put = function* (bytes: Uint8Array): Task<number> {
    const clusters = Math.max(1, Math.ceil(bytes.length / image.clusterSize));
    const offset = yield* image.refcounts.allocate(clusters);
    yield* image.guardData(offset, bytes.length);
    yield* wait(image.file.write(offset, [bytes]));
    counts.add(offset, clusters * image.clusterSize);
    return offset;
  };
  const l1Offset = yield* put(l1);
  const table = encodeSnapshots(snapshots);
  const snapshotsOffset = table.length === 0 ? 0 : yield* put(table);
  return { l1Offset, l1Entries: l1.length / 8, snapshotsOffset };
}

/** Clusters in use that the next state does not refer to: nobody may have them before the switch. */
function* markUnused(image: Qcow2Image, counts: Counts): Task<number[]> {
  const unused: number[] = [];
  const end = Math.ceil(image.file.sizeBytes / image.clusterSize);
  for (let cluster = 0; cluster < end; cluster++) {
    if (counts.counts.has(cluster)) continue;
    if (Number(yield* image.refcounts.getExact(cluster)) === 0) continue;
    counts.counts.set(cluster, 0);
    unused.push(cluster);
  }
  return unused;
}

function recordMetadata(image: Qcow2Image): void {
  const { header, metadata, clusterSize } = image;
  metadata.add(header.l1Offset, header.l1Entries * 8, "active L1 table");
  for (let at = 0; at < image.l1.length; at += 8) {
    const l2Offset = entryOffset(image.l1View, at);
    if (l2Offset !== 0) metadata.add(l2Offset, clusterSize, "active L2 table");
  }
  for (const { l1Offset, l1Entries } of image.snapshots)
    metadata.add(l1Offset, l1Entries * 8, "inactive L1 table");
}
