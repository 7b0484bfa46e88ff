import type { Task } from "../../task.ts";
import { type CompressedPlace, compressedPlace } from "./format.ts";
import type { Qcow2Image } from "./image.ts";
import { type L2Entry, demandSound, hasHost, l2TableOf, loadL2, readEntry } from "./l2.ts";

/** A stretch of the guest's bytes that is stored in one way. */
export interface Extent {
  readonly kind: "unallocated" | "zero" | "data" | "compressed";
  readonly length: number;
  /** Where it starts in the data file; undefined when it has no place there. */
  readonly host: number | undefined;
  readonly compressed?: CompressedPlace;
}

type Kind = Extent["kind"];

function kindOf(entry: L2Entry, subcluster: number): Kind {
  if (entry.compressed) return "compressed";
  const bit = 1 << subcluster;
  if ((entry.zero & bit) !== 0) return "zero";
  return (entry.alloc & bit) === 0 ? "unallocated" : "data";
}

/** What is at `offset`, and how far it goes on like that within the L2 table. */
export function* lookup(image: Qcow2Image, offset: number, length: number): Task<Extent> {
  const l1Index = Math.floor(offset / image.l2Span);
  const tableEnd = (l1Index + 1) * image.l2Span;
  const most = Math.min(length, tableEnd - offset);
  const l2Offset = yield* l2TableOf(image, l1Index);
  if (l2Offset === 0) return { kind: "unallocated", length: most, host: undefined };
  return yield* lookupIn(image, l2Offset, offset, most);
}

function* lookupIn(
  image: Qcow2Image,
  l2Offset: number,
  offset: number,
  most: number,
): Task<Extent> {
  const { clusterSize, subclusterSize } = image;
  const inCluster = offset % clusterSize;
  let index = Math.floor(offset / clusterSize) % image.l2Entries;
  let subcluster = Math.floor(inCluster / subclusterSize);
  const clusterStart = offset - inCluster;
  let entry = yield* soundEntry(image, l2Offset, index, clusterStart);
  const kind = kindOf(entry, subcluster);
  if (kind === "compressed") {
    const compressed = compressedPlace(entry.hi, entry.lo, image.clusterBits);
    const length = Math.min(most, clusterSize - inCluster);
    return { kind, length, host: undefined, compressed };
  }
  const first = hasHost(image, entry) ? entry.host : undefined;
  let end = subcluster * subclusterSize;
  for (;;) {
    if (end - inCluster >= most) break;
    if (subcluster === image.subclusters) {
      index++;
      subcluster = 0;
      entry = yield* soundEntry(image, l2Offset, index, clusterStart + end);
      const next = hasHost(image, entry) ? entry.host : undefined;
      if (first === undefined ? next !== undefined : next !== first + end) break;
    }
    if (kindOf(entry, subcluster) !== kind) break;
    subcluster++;
    end += subclusterSize;
  }
  const host = first === undefined ? undefined : first + inCluster;
  return { kind, length: Math.min(most, end - inCluster), host };
}

function* soundEntry(
  image: Qcow2Image,
  l2Offset: number,
  index: number,
  guestOffset: number,
): Task<L2Entry> {
  const entry = readEntry(image, yield* loadL2(image, l2Offset, index));
  yield* demandSound(image, entry, l2Offset, index, guestOffset);
  return entry;
}
