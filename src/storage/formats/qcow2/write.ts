import { announce } from "../../announce.ts";
import { writeSectors } from "../../crypto/sector-io.ts";
import { lengthOf, slice } from "../../segments.ts";
import type { Task } from "../../task.ts";
import { hex } from "./format.ts";
import type { Qcow2Image } from "./image.ts";
import { writeHost } from "./host-data.ts";
import { demandSound, hasHost, loadL2, readEntry } from "./l2.ts";
import { readGuest } from "./read.ts";
import { writeNew } from "./write-new.ts";

/** Writes what the guest has at `offset`. */
export function* writeGuest(
  image: Qcow2Image,
  offset: number,
  segments: readonly Uint8Array[],
): Task<void> {
  const { encryption } = image;
  if (encryption === undefined) return yield* writeParts(image, offset, segments);
  yield* writeSectors(offset, segments, {
    unaligned: encryption.unaligned,
    read: (at, sector) => readGuest(image, at, [sector]),
    write: (at, whole) => writeParts(image, at, whole),
  });
}

/** @param offset as the rest, of whole sectors where the image is encrypted */
function* writeParts(
  image: Qcow2Image,
  offset: number,
  segments: readonly Uint8Array[],
): Task<void> {
  const length = lengthOf(segments);
  for (let done = 0; done < length;) {
    image.demandAlive();
    yield* image.mutex.lock();
    let inPlace: Run | undefined;
    try {
      inPlace = yield* inPlaceRun(image, offset + done, length - done);
      if (inPlace !== undefined) {
        yield* image.guardData(inPlace.host, inPlace.length);
        yield* demandCounted(image, inPlace);
        image.inFlight++;
      }
    } finally {
      image.mutex.unlock();
    }
    if (inPlace === undefined)
      done += yield* writeNew(image, offset + done, slice(segments, done, length - done));
    else {
      yield* writeInPlace(
        image,
        offset + done,
        inPlace.host,
        slice(segments, done, inPlace.length),
      );
      done += inPlace.length;
    }
  }
}

function* writeInPlace(
  image: Qcow2Image,
  offset: number,
  host: number,
  segments: readonly Uint8Array[],
): Task<void> {
  try {
    yield* announce(image.file, "write_aio");
    yield* writeHost(image, offset, host, segments);
  } finally {
    image.inFlight--;
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
    const offset = hex(at * image.clusterSize);
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
    const before = end;
    while (subcluster < image.subclusters && (entry.alloc & (1 << subcluster)) !== 0) {
      subcluster++;
      end += subclusterSize;
    }
    if (end - inCluster >= length) break;
    // What follows has its place too but reads as zeroes: all is written at once, and flagged.
    if (subcluster < image.subclusters && end === before && index > first) return undefined;
    if (subcluster < image.subclusters) break;
  }
  if (end <= inCluster) return undefined;
  return { host: host + inCluster, length: Math.min(length, end - inCluster) };
}
