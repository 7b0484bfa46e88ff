import { alignUp } from "../../../util/bytes.ts";
import { announce } from "../../announce.ts";
import { SECTOR_BYTES } from "../../crypto/sector-cipher.ts";
import { lengthOf, slice } from "../../segments.ts";
import type { Task } from "../../task.ts";
import { copyEnd, copyStart, oldContents } from "./copy-old.ts";
import { releaseOld, subclusterMask } from "./entries.ts";
import { writeHost } from "./host-data.ts";
import type { Qcow2Image } from "./image.ts";
import {
  type L2Entry,
  demandSound,
  dependOnRefcounts,
  hasHost,
  loadL2,
  ownL2,
  readEntry,
  writeEntry,
} from "./l2.ts";
import type { PendingWrite } from "./pending-writes.ts";

/** At most this many clusters are allocated at a time, so that one write is not all of memory. */
const MAX_RUN_BYTES = 8 << 20;

interface OldCluster {
  readonly entry: L2Entry;
  readonly index: number;
}

/** Clusters with their place, and what is to be written there. */
interface Plan extends PendingWrite {
  readonly clusters: readonly OldCluster[];
  readonly l2Offset: number;
  /** Where the first cluster is in the file. */
  readonly host: number;
  /** The clusters keep the places that they have. */
  readonly keeps: boolean;
  /** The guest's offset of the data. */
  readonly offset: number;
  readonly segments: readonly Uint8Array[];
}

/** The part of a run's bytes that holds data now, from its start. */
interface Filled {
  readonly from: number;
  readonly to: number;
  /** More than the new data was written: old data or zeroes, which must be on the disk before the entries are. */
  readonly padded: boolean;
}

/**
 * Writes to clusters that must be allocated first, or filled up: the places are taken and the
 * entries set under the lock, the data move outside of it.
 *
 * @returns bytes written, from the start of `segments`
 */
export function* writeNew(
  image: Qcow2Image,
  offset: number,
  segments: readonly Uint8Array[],
): Task<number> {
  const start = offset - (offset % image.clusterSize);
  const end = Math.ceil((offset + lengthOf(segments)) / image.clusterSize) * image.clusterSize;
  const plan = yield* image.settled(start, end, takePlaces(image, offset, segments));
  try {
    const filled = yield* fillClusters(image, plan);
    yield* image.mutex.alone(linkClusters(image, plan, filled));
  } finally {
    image.pending.remove(plan);
  }
  return lengthOf(plan.segments);
}

/** Finds places for clusters from `offset` on; they are pending then. */
function* takePlaces(
  image: Qcow2Image,
  offset: number,
  segments: readonly Uint8Array[],
): Task<Plan> {
  image.demandAlive();
  yield* image.markDirty();
  const l2Offset = yield* ownL2(image, Math.floor(offset / image.l2Span));
  const clusters = yield* clustersToAllocate(image, l2Offset, offset, lengthOf(segments));
  const keeps = keepsPlace(image, (clusters[0] as OldCluster).entry);
  const start = offset - (offset % image.clusterSize);
  const bytes = clusters.length * image.clusterSize;
  const end = start + bytes;
  const host = yield* placeOf(image, clusters, start, keeps);
  const run = slice(segments, 0, Math.min(lengthOf(segments), end - offset));
  const plan = { clusters, l2Offset, host, keeps, offset, segments: run, start, end };
  try {
    yield* image.guardData(host, bytes);
  } catch (error) {
    yield* giveUp(image, plan);
    throw error;
  }
  image.pending.add(plan);
  return plan;
}

function* placeOf(
  image: Qcow2Image,
  clusters: readonly OldCluster[],
  start: number,
  keeps: boolean,
): Task<number> {
  if (keeps) return (clusters[0] as OldCluster).entry.host;
  return image.hasDataFile ? start : yield* image.refcounts.allocate(clusters.length);
}

/** Nothing leads to the places that were taken. */
function* giveUp(image: Qcow2Image, { host, keeps, start, end }: Plan): Task<void> {
  if (!keeps && !image.hasDataFile && !image.dead)
    yield* image.refcounts.release(host, end - start);
}

function keepsPlace(image: Qcow2Image, entry: L2Entry): boolean {
  return entry.copied && hasHost(image, entry);
}

/** Both keep their places, which are adjacent, or neither does. */
function continues(image: Qcow2Image, head: L2Entry, entry: L2Entry, distance: number): boolean {
  if (!keepsPlace(image, head)) return !keepsPlace(image, entry);
  return keepsPlace(image, entry) && entry.host === head.host + distance * image.clusterSize;
}

/** The clusters from `offset` on that need new places, or keep those that they have. */
function* clustersToAllocate(
  image: Qcow2Image,
  l2Offset: number,
  offset: number,
  length: number,
): Task<OldCluster[]> {
  const first = Math.floor(offset / image.clusterSize) % image.l2Entries;
  const wanted = Math.ceil(((offset % image.clusterSize) + length) / image.clusterSize);
  const most = Math.min(
    wanted,
    image.l2Entries - first,
    Math.max(1, MAX_RUN_BYTES / image.clusterSize),
  );
  const out: OldCluster[] = [];
  const start = offset - (offset % image.clusterSize);
  for (let i = 0; i < most; i++) {
    const entry = readEntry(image, yield* loadL2(image, l2Offset, first + i));
    yield* demandSound(image, entry, l2Offset, first + i, start + i * image.clusterSize);
    const [head] = out;
    if (head !== undefined && !continues(image, head.entry, entry, i)) break;
    out.push({ entry, index: first + i });
  }
  return out;
}

/** Writes the new data, and around it what the clusters had before. */
function* fillClusters(image: Qcow2Image, plan: Plan): Task<Filled> {
  image.inFlight++;
  try {
    return yield* fillPlaces(image, plan);
  } catch (error) {
    yield* image.mutex.alone(giveUp(image, plan));
    throw error;
  } finally {
    image.inFlight--;
  }
}

function* fillPlaces(image: Qcow2Image, plan: Plan): Task<Filled> {
  const { clusters, host, start, offset, keeps, segments } = plan;
  const dataFrom = offset - start;
  const dataTo = dataFrom + lengthOf(segments);
  const last = clusters.at(-1) as OldCluster;
  const base = (clusters.length - 1) * image.clusterSize;
  const from = copyStart(image, (clusters[0] as OldCluster).entry, dataFrom, keeps);
  const to = base + copyEnd(image, last.entry, dataTo - base, keeps);
  const head = new Uint8Array(dataFrom - from);
  const tailEnd = image.hasDataFile ? Math.min(to, diskEnd(image) - start) : to;
  const tail = new Uint8Array(Math.max(0, tailEnd - dataTo));
  const headZero = yield* oldContents(image, start + from, head);
  const tailZero = yield* oldContents(image, start + dataTo, tail);
  image.demandAlive();
  // Space past the end of the file reads as zeroes already.
  const fresh = host + from >= image.data.sizeBytes && image.encryption === undefined;
  const parts = [...segments];
  if (head.length > 0 && !(fresh && headZero)) parts.unshift(head);
  if (tail.length > 0 && !(fresh && tailZero)) parts.push(tail);
  const at = parts[0] === head && head.length > 0 ? from : dataFrom;
  yield* announce(image.file, "write_aio");
  if (parts.length > segments.length) yield* announce(image.file, "cow_write");
  yield* writeHost(image, start + at, host + at, parts);
  return { from, to, padded: parts.length > segments.length };
}

/** Where a data file ends: with a whole sector where sectors are encrypted. */
function diskEnd({ encryption, sizeBytes }: Qcow2Image): number {
  return encryption === undefined ? sizeBytes : alignUp(sizeBytes, SECTOR_BYTES);
}

/** Lets the L2 entries lead to the new clusters and gives the old ones back. */
function* linkClusters(image: Qcow2Image, plan: Plan, filled: Filled): Task<void> {
  const { clusters, host, keeps, l2Offset } = plan;
  image.demandAlive();
  if (filled.padded) image.l2.dependOnFlush();
  try {
    if (!keeps && !image.hasDataFile) yield* dependOnRefcounts(image);
    // A failure to load a slice of the table is met before the first entry changes.
    yield* loadL2(image, l2Offset, (clusters[0] as OldCluster).index);
    yield* loadL2(image, l2Offset, (clusters.at(-1) as OldCluster).index);
  } catch (error) {
    yield* giveUp(image, plan);
    throw error;
  }
  for (const [i, { entry, index }] of clusters.entries()) {
    const shift = i * image.clusterSize;
    const mask = subclusterMask(image, filled.from - shift, filled.to - shift);
    writeEntry(image, yield* loadL2(image, l2Offset, index), {
      host: host + shift,
      copied: true,
      alloc: ((keeps ? entry.alloc : 0) | mask) >>> 0,
      zero: (entry.zero & ~mask) >>> 0,
    });
  }
  if (keeps) return;
  for (const { entry } of clusters) yield* releaseOld(image, entry);
}
