import type { Task } from "../../task.ts";
import { compressedPlace } from "./format.ts";
import type { Qcow2Image } from "./image.ts";
import { type L2Entry, fullMask } from "./l2.ts";

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
