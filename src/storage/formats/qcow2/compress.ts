import { announce } from "../../announce.ts";
import { StorageError } from "../../errors.ts";
import { lengthOf, slice } from "../../segments.ts";
import { type Task, wait } from "../../task.ts";
import { compressedHi, compressedLimit } from "./format.ts";
import { releaseOld } from "./entries.ts";
import type { Qcow2Image } from "./image.ts";
import { dependOnRefcounts, loadL2, ownL2, readEntry, writeCompressedEntry } from "./l2.ts";
import { writeGuest } from "./write.ts";

/**
 * Writes clusters compressed; those that do not get shorter are written as they are.
 *
 * @throws StorageError EINVAL unless the range is of whole clusters, but for the disk's last one
 */
export function* writeCompressed(
  image: Qcow2Image,
  offset: number,
  segments: readonly Uint8Array[],
): Task<void> {
  if (image.hasDataFile) throw new StorageError("ENOTSUP");
  const length = lengthOf(segments);
  const { clusterSize } = image;
  const isWhole = (offset + length) % clusterSize === 0 || offset + length === image.sizeBytes;
  if (offset % clusterSize !== 0 || !isWhole) throw new StorageError("EINVAL");
  for (let done = 0; done < length; done += clusterSize) {
    const parts = slice(segments, done, Math.min(clusterSize, length - done));
    const cluster = new Uint8Array(clusterSize);
    let at = 0;
    for (const part of parts) {
      cluster.set(part, at);
      at += part.length;
    }
    const packed = image.compressor.compress(cluster);
    if (packed === undefined) yield* writeGuest(image, offset + done, parts);
    else {
      const start = offset + done;
      const task = storeCompressed(image, start, packed);
      yield* image.settled(start, start + clusterSize, task);
    }
  }
}

function* storeCompressed(image: Qcow2Image, offset: number, packed: Uint8Array): Task<void> {
  image.demandAlive();
  yield* image.markDirty();
  const l2Offset = yield* ownL2(image, Math.floor(offset / image.l2Span));
  const index = Math.floor(offset / image.clusterSize) % image.l2Entries;
  const old = readEntry(image, yield* loadL2(image, l2Offset, index));
  const place = yield* allocateBytes(image, packed.length);
  yield* image.guardData(place, packed.length);
  yield* announce(image.file, "write_compressed");
  yield* wait(image.file.write(place, [packed]));
  yield* dependOnRefcounts(image);
  const hi = compressedHi(place, packed.length, image.clusterBits);
  writeCompressedEntry(image, yield* loadL2(image, l2Offset, index), hi, place);
  yield* releaseOld(image, old);
}

/** Room for a compressed cluster: behind the last one where it fits. */
function* allocateBytes(image: Qcow2Image, bytes: number): Task<number> {
  const { clusterSize, refcounts } = image;
  yield* announce(image.file, "cluster_alloc_bytes");
  let at = image.compressedEnd;
  // One counter may be full; then the rest of its cluster stays empty.
  if (at !== 0) {
    const count = yield* refcounts.getExact(Math.floor(at / clusterSize));
    if (BigInt(count) === refcounts.max || BigInt(count) === 0n) at = 0;
  }
  const left = at === 0 ? 0 : clusterSize - (at % clusterSize);
  let fresh = -1;
  if (left < bytes) {
    fresh = yield* refcounts.allocate(1);
    if (fresh === 0) {
      throw yield* image.corrupt("Preventing invalid allocation of compressed cluster at offset 0");
    }
    if (at === 0 || fresh !== at + left) at = fresh;
  }
  if (at + bytes > compressedLimit(image.clusterBits)) {
    if (fresh >= 0) yield* refcounts.release(fresh, clusterSize);
    throw new StorageError("EFBIG");
  }
  // A new cluster has its one reference from the allocation.
  const first = Math.floor(at / clusterSize);
  if (first * clusterSize !== fresh) yield* refcounts.add(first, 1, 1);
  const end = at + bytes;
  image.compressedEnd = end % clusterSize === 0 ? 0 : end;
  return at;
}
