import { announce } from "../../announce.ts";
import { type Task } from "../../task.ts";
import type { Qcow2Image } from "./image.ts";
import type { L2Entry } from "./l2.ts";
import { lookup } from "./lookup.ts";
import { readExtent } from "./read.ts";

/** Where copying starts in the first cluster, so that whole subclusters become data. */
export function copyStart(image: Qcow2Image, entry: L2Entry, from: number, keeps: boolean): number {
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
export function copyEnd(image: Qcow2Image, entry: L2Entry, to: number, keeps: boolean): number {
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
export function* oldContents(image: Qcow2Image, offset: number, bytes: Uint8Array): Task<boolean> {
  const there = Math.max(0, Math.min(bytes.length, image.sizeBytes - offset));
  let isZero = true;
  for (let done = 0; done < there;) {
    const at = offset + done;
    const extent = yield* image.mutex.alone(lookup(image, at, there - done));
    const isBeyond = extent.kind === "unallocated" && at >= (image.backing?.sizeBytes ?? 0);
    if (extent.kind !== "zero" && !isBeyond) {
      isZero = false;
      yield* announce(image.file, "cow_read");
      yield* readExtent(image, at, extent, [bytes.subarray(done, done + extent.length)]);
    }
    done += extent.length;
  }
  return isZero;
}
