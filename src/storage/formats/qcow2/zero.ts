import type { ZeroOptions } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import { type Task, wait } from "../../task.ts";
import { releaseOld, subclusterMask } from "./entries.ts";
import type { Qcow2Image } from "./image.ts";
import { demandSound, fullMask, hasHost, loadL2, ownL2, readEntry, writeEntry } from "./l2.ts";
import { lookup } from "./lookup.ts";
import { writeGuest } from "./write.ts";

const ZERO_CHUNK = 1 << 20;

/** Makes a range read as zeroes, by flags in the L2 tables as far as they go. */
export function* zeroGuest(
  image: Qcow2Image,
  offset: number,
  length: number,
  options: ZeroOptions = {},
): Task<void> {
  const end = offset + length;
  const unit = image.subclusterSize;
  // The last unit counts as whole when the disk ends in it.
  const isWholeEnd = end % unit === 0 || end === image.sizeBytes;
  const from = Math.ceil(offset / unit) * unit;
  const to = isWholeEnd ? end : end - (end % unit);
  if (from > to) return yield* zeroPart(image, offset, length, options);
  if (from > offset) yield* zeroPart(image, offset, from - offset, options);
  if (from < to) yield* zeroUnits(image, from, to, options);
  if (to < end) yield* zeroPart(image, to, end - to, options);
}

/** Part of one subcluster: all of it is flagged when the rest of it reads as zeroes too. */
function* zeroPart(
  image: Qcow2Image,
  offset: number,
  length: number,
  options: ZeroOptions,
): Task<void> {
  const unit = image.subclusterSize;
  const start = offset - (offset % unit);
  const last = offset + length - 1;
  const end = Math.min(last - (last % unit) + unit, image.sizeBytes);
  if (yield* readsAsZero(image, start, offset - start)) {
    if (yield* readsAsZero(image, offset + length, end - offset - length)) {
      if (yield* hasNoData(image, start, end - start))
        return yield* zeroUnits(image, start, end, options);
    }
  }
  yield* writeZeroBytes(image, offset, length, options);
}

function* readsAsZero(image: Qcow2Image, offset: number, length: number): Task<boolean> {
  for (let done = 0; done < length;) {
    const at = offset + done;
    const extent = yield* image.mutex.alone(lookup(image, at, length - done));
    if (extent.kind === "data" || extent.kind === "compressed") return false;
    const { backing } = image;
    const backed = backing === undefined ? 0 : Math.min(extent.length, backing.sizeBytes - at);
    if (extent.kind === "zero" || backing === undefined || backed <= 0) {
      done += extent.length;
      continue;
    }
    const status = yield* wait(backing.status(at, backed));
    if (!status.zero) return false;
    // What the backing image says may hold for a part only.
    done += Math.min(status.length, backed);
  }
  return true;
}

function* hasNoData(image: Qcow2Image, offset: number, length: number): Task<boolean> {
  for (let done = 0; done < length;) {
    const extent = yield* image.mutex.alone(lookup(image, offset + done, length - done));
    if (extent.kind === "data" || extent.kind === "compressed") return false;
    done += extent.length;
  }
  return true;
}

function* writeZeroBytes(
  image: Qcow2Image,
  offset: number,
  length: number,
  { noFallback = false }: ZeroOptions,
): Task<void> {
  if (noFallback) throw new StorageError("ENOTSUP");
  const zeroes = new Uint8Array(Math.min(length, ZERO_CHUNK));
  for (let done = 0; done < length; done += ZERO_CHUNK) {
    yield* writeGuest(image, offset + done, [
      zeroes.subarray(0, Math.min(ZERO_CHUNK, length - done)),
    ]);
  }
}

/** Whole subclusters. */
function* zeroUnits(image: Qcow2Image, from: number, to: number, options: ZeroOptions): Task<void> {
  // Version 2 knows no zero flag.
  if (!image.isV3) return yield* zeroV2(image, from, to, options);
  if (image.hasRawDataFile) yield* wait(image.data.writeZeroes(from, to - from, options));
  for (let at = from; at < to;) {
    const start = at - (at % image.clusterSize);
    const end = Math.min(to, start + image.clusterSize);
    image.demandAlive();
    const isWhole = at === start && (end - start === image.clusterSize || end === image.sizeBytes);
    const mask = isWhole ? fullMask(image) : subclusterMask(image, at - start, end - start);
    const unmap = options.mayUnmap === true;
    if (!(yield* image.settled(start, end, zeroCluster(image, start, mask, unmap))))
      yield* writeZeroBytes(image, at, end - at, options);
    at = end;
  }
}

function* zeroV2(image: Qcow2Image, from: number, to: number, options: ZeroOptions): Task<void> {
  for (let at = from; at < to;) {
    const extent = yield* image.mutex.alone(lookup(image, at, to - at));
    const isUnbacked = extent.kind === "unallocated" && image.backing === undefined;
    if (!isUnbacked) yield* writeZeroBytes(image, at, extent.length, options);
    at += extent.length;
  }
}

/** @returns false when only writing zeroes can do it: part of a compressed cluster */
function* zeroCluster(
  image: Qcow2Image,
  start: number,
  mask: number,
  mayUnmap: boolean,
): Task<boolean> {
  const index = Math.floor(start / image.clusterSize) % image.l2Entries;
  yield* image.markDirty();
  const l2Offset = yield* ownL2(image, Math.floor(start / image.l2Span));
  const place = yield* loadL2(image, l2Offset, index);
  const entry = readEntry(image, place);
  yield* demandSound(image, entry, l2Offset, index, start);
  const isWhole = mask === fullMask(image);
  if (entry.compressed && !isWhole) return false;
  const unmap = (mayUnmap && isWhole && !image.hasRawDataFile) || entry.compressed;
  const there = hasHost(image, entry);
  if (entry.zero === fullMask(image) && !(unmap && there)) return true;
  if (unmap || !there) {
    const zero = (entry.zero | mask) >>> 0;
    writeEntry(image, place, { host: 0, copied: false, alloc: 0, zero });
    if (there || entry.compressed) yield* releaseOld(image, entry);
    return true;
  }
  const { host, copied } = entry;
  const alloc = (entry.alloc & ~mask) >>> 0;
  writeEntry(image, place, { host, copied, alloc, zero: (entry.zero | mask) >>> 0 });
  return true;
}

/** Gives whole clusters back; the ends of the range that are parts of clusters stay. */
export function* discardGuest(image: Qcow2Image, offset: number, length: number): Task<void> {
  const { clusterSize } = image;
  const end = offset + length;
  const from = Math.ceil(offset / clusterSize) * clusterSize;
  const to = end === image.sizeBytes ? end : end - (end % clusterSize);
  if (!image.isV3 && image.backing !== undefined) return;
  for (let at = from; at < to; at += clusterSize) {
    image.demandAlive();
    if (image.hasRawDataFile) {
      const count = Math.min(clusterSize, to - at);
      yield* wait(image.data.discard(at, count));
      continue;
    }
    yield* image.settled(at, at + clusterSize, discardCluster(image, at));
  }
}

/** @param full the guest must see the backing file again, or nothing, instead of zeroes */
export function* discardCluster(image: Qcow2Image, start: number, full = false): Task<void> {
  const l1Index = Math.floor(start / image.l2Span);
  if (image.l1Offset(l1Index) === 0) {
    if (image.backing === undefined || full) return;
  }
  yield* image.markDirty();
  const l2Offset = yield* ownL2(image, l1Index);
  const index = Math.floor(start / image.clusterSize) % image.l2Entries;
  const place = yield* loadL2(image, l2Offset, index);
  const entry = readEntry(image, place);
  const isNowhere = !entry.compressed && !hasHost(image, entry);
  const zero = full || !image.isV3 ? 0 : fullMask(image);
  if (isNowhere && entry.zero === zero) return;
  if (isNowhere && entry.zero === 0 && image.backing === undefined) return;
  writeEntry(image, place, { host: 0, copied: false, alloc: 0, zero });
  yield* releaseOld(image, entry);
}
