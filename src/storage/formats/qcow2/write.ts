import { lengthOf, slice } from "../../segments.ts";
import { type Task, wait } from "../../task.ts";
import { compressedPlace } from "./format.ts";
import type { Qcow2Image } from "./image.ts";
import {
  type L2Entry,
  demandSound,
  dependOnRefcounts,
  fullMask,
  hasHost,
  loadL2,
  ownL2,
  readEntry,
  writeEntry,
} from "./l2.ts";
import { readGuestLocked } from "./read.ts";

/** At most this many clusters are allocated at a time, so that one write is not all of memory. */
const MAX_RUN_BYTES = 8 << 20;

/** Writes what the guest has at `offset`. */
export function* writeGuest(
  image: Qcow2Image,
  offset: number,
  segments: readonly Uint8Array[],
): Task<void> {
  const length = lengthOf(segments);
  for (let done = 0; done < length;) {
    image.demandAlive();
    yield* image.mutex.lock();
    let inPlace: Run | undefined;
    let written = 0;
    try {
      inPlace = yield* inPlaceRun(image, offset + done, length - done);
      if (inPlace === undefined) written = yield* writeNew(image, offset + done, segments, done);
      else {
        yield* image.guardData(inPlace.host, inPlace.length);
        yield* demandCounted(image, inPlace);
        image.inFlight++;
      }
    } finally {
      image.mutex.unlock();
    }
    if (inPlace !== undefined) {
      written = inPlace.length;
      const parts = slice(segments, done, written);
      try {
        yield* wait(image.data.write(inPlace.host, parts));
      } finally {
        image.inFlight--;
      }
    }
    done += written;
  }
}

interface Run {
  readonly host: number;
  readonly length: number;
}

/** Past the end of the file only what was allocated may be written: an entry may be damaged. */
function* demandCounted(image: Qcow2Image, { host, length }: Run): Task<void> {
  if (image.hasDataFile || host + length <= image.file.sizeBytes) return;
  const last = Math.floor((host + length - 1) / image.clusterSize);
  for (let at = Math.floor(host / image.clusterSize); at <= last; at++) {
    if ((yield* image.refcounts.get(at)) > 0) continue;
    const offset = `0x${(at * image.clusterSize).toString(16)}`;
    throw yield* image.corrupt(`Preventing invalid write to an unallocated cluster at ${offset}`);
  }
}

/** The stretch from `offset` that can be overwritten where it is; undefined when none can. */
function* inPlaceRun(image: Qcow2Image, offset: number, length: number): Task<Run | undefined> {
  const l1Index = Math.floor(offset / image.l2Span);
  const l2Offset = image.l1Offset(l1Index);
  if (l2Offset === 0 || !image.l1IsCopied(l1Index)) return undefined;
  const { clusterSize, subclusterSize } = image;
  const inCluster = offset % clusterSize;
  const first = Math.floor(offset / clusterSize) % image.l2Entries;
  let subcluster = Math.floor(inCluster / subclusterSize);
  let end = subcluster * subclusterSize;
  let host = 0;
  for (let index = first; index < image.l2Entries; index++, subcluster = 0) {
    const entry = readEntry(image, yield* loadL2(image, l2Offset, index));
    yield* demandSound(
      image,
      entry,
      l2Offset,
      index,
      offset - inCluster + (index - first) * clusterSize,
    );
    if (!entry.copied || !hasHost(image, entry)) break;
    if (index === first) host = entry.host;
    else if (entry.host !== host + (index - first) * clusterSize) break;
    while (subcluster < image.subclusters && (entry.alloc & (1 << subcluster)) !== 0) {
      subcluster++;
      end += subclusterSize;
    }
    if (subcluster < image.subclusters || end - inCluster >= length) break;
  }
  if (end <= inCluster) return undefined;
  return { host: host + inCluster, length: Math.min(length, end - inCluster) };
}

interface OldCluster {
  readonly entry: L2Entry;
  readonly index: number;
}

/** Writes to clusters that must be allocated first, or filled up. @returns bytes written */
function* writeNew(
  image: Qcow2Image,
  offset: number,
  segments: readonly Uint8Array[],
  skip: number,
): Task<number> {
  yield* image.markDirty();
  const length = lengthOf(segments) - skip;
  const l2Offset = yield* ownL2(image, Math.floor(offset / image.l2Span));
  const clusters = yield* clustersToAllocate(image, l2Offset, offset, length);
  const keeps = clusters.length === 1 && keepsPlace(image, (clusters[0] as OldCluster).entry);
  const start = offset - (offset % image.clusterSize);
  let host: number;
  if (keeps) host = (clusters[0] as OldCluster).entry.host;
  else if (image.hasDataFile) host = start;
  else host = yield* image.refcounts.allocate(clusters.length);
  const run = Math.min(length, start + clusters.length * image.clusterSize - offset);
  const bytes = clusters.length * image.clusterSize;
  try {
    yield* image.guardData(host, bytes);
    const written = yield* fillClusters(
      image,
      { clusters, host, start, offset, keeps },
      slice(segments, skip, run),
    );
    yield* linkClusters(image, { clusters, host, start, keeps, l2Offset, ...written });
  } catch (error) {
    if (!keeps && !image.hasDataFile && !image.dead) yield* image.refcounts.release(host, bytes);
    throw error;
  }
  return run;
}

function keepsPlace(image: Qcow2Image, entry: L2Entry): boolean {
  return entry.copied && hasHost(image, entry);
}

/** The clusters from `offset` on that need a new place; one alone when it keeps the old one. */
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
    const keeps = keepsPlace(image, entry);
    if (keeps && i > 0) break;
    out.push({ entry, index: first + i });
    if (keeps) break;
  }
  return out;
}

interface Fill {
  readonly clusters: readonly OldCluster[];
  readonly host: number;
  /** The guest's offset of the first cluster. */
  readonly start: number;
  readonly offset: number;
  readonly keeps: boolean;
}

interface Filled {
  /** The part of the run's bytes that holds data now, from its start. */
  readonly from: number;
  readonly to: number;
}

/** Writes the new data, and around it what the clusters had before. */
function* fillClusters(
  image: Qcow2Image,
  fill: Fill,
  segments: readonly Uint8Array[],
): Task<Filled> {
  const { clusters, host, start, offset, keeps } = fill;
  const dataFrom = offset - start;
  const dataTo = dataFrom + lengthOf(segments);
  const last = clusters.at(-1) as OldCluster;
  const base = (clusters.length - 1) * image.clusterSize;
  const from = copyStart(image, (clusters[0] as OldCluster).entry, dataFrom, keeps);
  const to = base + copyEnd(image, last.entry, dataTo - base, keeps);
  const head = new Uint8Array(dataFrom - from);
  const tailEnd = image.hasDataFile ? Math.min(to, image.sizeBytes - start) : to;
  const tail = new Uint8Array(Math.max(0, tailEnd - dataTo));
  const headZero = yield* oldContents(image, start + from, head);
  const tailZero = yield* oldContents(image, start + dataTo, tail);
  if (!headZero || !tailZero) image.l2.dependOnFlush();
  // Space past the end of the file reads as zeroes already.
  const fresh = host + from >= image.data.sizeBytes;
  const parts = [...segments];
  if (head.length > 0 && !(fresh && headZero)) parts.unshift(head);
  if (tail.length > 0 && !(fresh && tailZero)) parts.push(tail);
  const at = parts[0] === head && head.length > 0 ? from : dataFrom;
  yield* wait(image.data.write(host + at, parts));
  return { from, to };
}

/** Where copying starts in the first cluster, so that whole subclusters become data. */
function copyStart(image: Qcow2Image, entry: L2Entry, from: number, keeps: boolean): number {
  const subcluster = Math.floor(from / image.subclusterSize);
  if (entry.compressed) return 0;
  if (keeps) {
    const isData = (entry.alloc & (1 << subcluster)) !== 0;
    return isData ? from : subcluster * image.subclusterSize;
  }
  let first = 0;
  while (first < subcluster && (entry.alloc & (1 << first)) === 0) first++;
  return first * image.subclusterSize;
}

/** Where it ends in the last one. */
function copyEnd(image: Qcow2Image, entry: L2Entry, to: number, keeps: boolean): number {
  const subcluster = Math.floor((to - 1) / image.subclusterSize);
  if (entry.compressed) return image.clusterSize;
  if (keeps) {
    const isData = (entry.alloc & (1 << subcluster)) !== 0;
    return isData ? to : (subcluster + 1) * image.subclusterSize;
  }
  let last = image.subclusters - 1;
  while (last > subcluster && (entry.alloc & (1 << last)) === 0) last--;
  return (last + 1) * image.subclusterSize;
}

/** Reads what the guest had; past the disk's end there are zeroes. @returns whether all is zero */
function* oldContents(image: Qcow2Image, offset: number, bytes: Uint8Array): Task<boolean> {
  const there = Math.max(0, Math.min(bytes.length, image.sizeBytes - offset));
  if (there === 0) return true;
  return (yield* readGuestLocked(image, offset, bytes.subarray(0, there))).isZero;
}

interface Link extends Filled {
  readonly clusters: readonly OldCluster[];
  readonly host: number;
  readonly start: number;
  readonly keeps: boolean;
  readonly l2Offset: number;
}

/** Lets the L2 entries lead to the new clusters and gives the old ones back. */
function* linkClusters(image: Qcow2Image, link: Link): Task<void> {
  const { clusters, host, keeps, l2Offset, from, to } = link;
  yield* dependOnRefcounts(image);
  for (const [i, { entry, index }] of clusters.entries()) {
    const mask = subclusterMask(image, from - i * image.clusterSize, to - i * image.clusterSize);
    const kept = keeps || !entry.compressed ? entry.alloc : 0;
    writeEntry(image, yield* loadL2(image, l2Offset, index), {
      host: host + i * image.clusterSize,
      copied: true,
      alloc: ((keeps ? kept : 0) | mask) >>> 0,
      zero: (entry.zero & ~mask) >>> 0,
    });
  }
  if (keeps) return;
  for (const { entry } of clusters) yield* releaseOld(image, entry);
}

/** The subclusters that `[from, to)` of a cluster covers, at least in part. */
export function subclusterMask(image: Qcow2Image, from: number, to: number): number {
  if (from <= 0 && to >= image.clusterSize) return fullMask(image);
  const first = Math.max(0, Math.floor(from / image.subclusterSize));
  const end = Math.min(image.subclusters, Math.ceil(to / image.subclusterSize));
  let mask = 0;
  for (let i = first; i < end; i++) mask |= 1 << i;
  return mask >>> 0;
}

/** Gives the clusters of an entry back that nothing leads to any more. */
export function* releaseOld(image: Qcow2Image, entry: L2Entry): Task<void> {
  if (entry.compressed) {
    const { offset, bytes } = compressedPlace(entry.hi, entry.lo, image.clusterBits);
    yield* image.releaseLater(offset, bytes);
  } else if (entry.host !== 0 && !image.hasDataFile) {
    yield* image.releaseLater(entry.host, image.clusterSize);
  }
}
