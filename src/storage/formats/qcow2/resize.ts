import { announce } from "../../announce.ts";
import { viewOf } from "../../../util/bytes.ts";
import type { Preallocation, TruncateOptions } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import { type Task, wait } from "../../task.ts";
import { MAX_L1_BYTES, MAX_OFFSET } from "./format.ts";
import type { Qcow2Image } from "./image.ts";
import {
  type L2Entry,
  dependOnRefcounts,
  fullMask,
  hasHost,
  loadL2,
  ownL2,
  readEntry,
  writeEntry,
} from "./l2.ts";
import { l1EntriesFor } from "./open.ts";
import { shrinkFile } from "./shrink-file.ts";
import { discardCluster, zeroGuest } from "./zero.ts";

/** Sets the length of the disk. */
export function* resize(
  image: Qcow2Image,
  sizeBytes: number,
  { preallocation = "off" }: TruncateOptions,
): Task<void> {
  image.demandAlive();
  if (sizeBytes % 512 !== 0)
    throw new StorageError("EINVAL", "The new size must be a multiple of 512");
  if (image.snapshots.length > 0 && !image.isV3)
    throw new StorageError("ENOTSUP", "Can't resize a v2 image which has snapshots");
  const old = image.sizeBytes;
  if (sizeBytes < old) {
    if (preallocation !== "off")
      throw new StorageError("EINVAL", "Preallocation can't be used for shrinking an image");
    yield* shrink(image, sizeBytes);
  } else yield* grow(image, old, sizeBytes, preallocation);
}

function* storeSize(image: Qcow2Image, sizeBytes: number): Task<void> {
  yield* image.flush();
  image.header.sizeBytes = sizeBytes;
  yield* image.storeHeader();
  yield* image.barrier();
}

function* shrink(image: Qcow2Image, sizeBytes: number): Task<void> {
  const old = image.sizeBytes;
  yield* image.exclusive(cutOff(image, old, sizeBytes));
  if (image.hasDataFile) yield* wait(image.data.truncate(sizeBytes));
}

function* cutOff(image: Qcow2Image, old: number, sizeBytes: number): Task<void> {
  const from = Math.ceil(sizeBytes / image.clusterSize) * image.clusterSize;
  for (let at = from; at < old; at += image.clusterSize) yield* discardCluster(image, at, true);
  yield* storeSize(image, sizeBytes);
  yield* shrinkL1(image, l1EntriesFor(image.header, sizeBytes));
  yield* image.flush();
  yield* shrinkFile(image);
}

/** Gives L2 tables back that describe nothing of the disk any more; the table itself stays. */
function* shrinkL1(image: Qcow2Image, entries: number): Task<void> {
  for (let index = entries; index * 8 < image.l1.length; index++) {
    const l2 = image.l1Offset(index);
    if (l2 === 0) continue;
    yield* image.storeL1(index, 0, false);
    yield* image.releaseLater(l2, image.clusterSize);
  }
}

function* grow(
  image: Qcow2Image,
  old: number,
  sizeBytes: number,
  preallocation: Preallocation,
): Task<void> {
  if (sizeBytes > MAX_OFFSET) throw new StorageError("EFBIG", "Image size too large");
  yield* image.exclusive(growL1(image, l1EntriesFor(image.header, sizeBytes)));
  if (image.hasDataFile && image.data.sizeBytes < sizeBytes)
    yield* wait(image.data.truncate(sizeBytes));
  yield* image.exclusive(storeSize(image, sizeBytes));
  // What was past the end, in the last cluster and in the backing image, reads as zeroes.
  const exposed = Math.min(sizeBytes, Math.ceil(old / image.clusterSize) * image.clusterSize);
  if (exposed > old) yield* zeroGuest(image, old, exposed - old);
  const backed = Math.min(sizeBytes, image.backing?.sizeBytes ?? 0);
  if (backed > exposed) yield* zeroGuest(image, exposed, backed - exposed, { mayUnmap: true });
  if (preallocation !== "off") {
    yield* image.exclusive(preallocate(image, old, sizeBytes, preallocation));
  }
  yield* image.mutex.alone(image.flush());
}

type L1Place = Pick<Qcow2Image["header"], "l1Offset" | "l1Entries">;

/** The header leads to another table, or to the one before when that fails: the file may have either. */
function* activateL1(image: Qcow2Image, place: L1Place): Task<void> {
  const { l1Offset, l1Entries } = image.header;
  Object.assign(image.header, place);
  try {
    yield* image.storeHeader("l1_grow_activate_table");
    yield* image.barrier();
  } catch (error) {
    Object.assign(image.header, { l1Offset, l1Entries });
    image.doubtHeader();
    throw error;
  }
}

/** A longer L1 table in a new place. */
export function* growL1(image: Qcow2Image, entries: number): Task<void> {
  if (entries <= image.header.l1Entries) return;
  if (entries * 8 > MAX_L1_BYTES) throw new StorageError("EFBIG", "Image size too large");
  const { l1Offset: oldOffset, l1Entries: oldEntries } = image.header;
  const table = new Uint8Array(entries * 8);
  table.set(image.l1.subarray(0, oldEntries * 8));
  yield* announce(image.file, "l1_grow_alloc_table");
  const offset = yield* image.refcounts.allocate(Math.ceil(table.length / image.clusterSize));
  yield* image.guardData(offset, table.length);
  yield* announce(image.file, "l1_grow_write_table");
  yield* wait(image.file.write(offset, [table]));
  image.metadata.add(offset, table.length, "active L1 table");
  yield* image.writeBack(true);
  yield* image.barrier();
  yield* activateL1(image, { l1Offset: offset, l1Entries: entries });
  image.l1 = table;
  image.l1View = viewOf(table);
  if (oldEntries > 0) yield* image.releaseLater(oldOffset, oldEntries * 8);
}

/** Gives every cluster of a range its place, without data; "full" and "falloc" fill the file too. */
export function* preallocate(
  image: Qcow2Image,
  from: number,
  to: number,
  mode: Preallocation,
): Task<void> {
  const { clusterSize } = image;
  yield* image.markDirty();
  yield* completeLastCluster(image, mode);
  for (let at = from - (from % clusterSize); at < to;) {
    const l2Offset = yield* ownL2(image, Math.floor(at / image.l2Span));
    const first = Math.floor(at / clusterSize) % image.l2Entries;
    const count = yield* missingRun(image, l2Offset, first, Math.ceil((to - at) / clusterSize));
    if (count === 0) {
      at += clusterSize;
      continue;
    }
    const host = image.hasDataFile ? at : yield* image.refcounts.allocate(count);
    yield* image.guardData(host, count * clusterSize);
    yield* clearPlace(image, host, count * clusterSize, mode);
    const end = host + count * clusterSize;
    if (image.data.sizeBytes < end) yield* wait(image.data.truncate(end));
    if (!image.hasDataFile) yield* dependOnRefcounts(image);
    for (let i = 0; i < count; i++) {
      const place = yield* loadL2(image, l2Offset, first + i);
      const masks = placedMasks(image, readEntry(image, place));
      writeEntry(image, place, { host: host + i * clusterSize, copied: true, ...masks });
    }
    at += count * clusterSize;
  }
}

/** What a cluster without data says once it has its place: zeroes, as it did, or what it said of its parts. */
function placedMasks(image: Qcow2Image, { alloc, zero }: L2Entry): Pick<L2Entry, "alloc" | "zero"> {
  if (zero !== 0) return { alloc, zero };
  // Clusters beyond the file's end, or never written, read as zeroes.
  if (image.backing === undefined && image.header.backingFile === undefined)
    return { alloc: fullMask(image), zero: 0 };
  // Parts without a place of their own show the backing image; where there are none, zeroes have to.
  return { alloc: 0, zero: image.subclusters === 1 ? fullMask(image) : 0 };
}

/** A file that ends within a cluster would grow when the rest of the cluster is written. */
function* completeLastCluster(
  { data, clusterSize, hasDataFile }: Qcow2Image,
  mode: Preallocation,
): Task<void> {
  const whole = Math.ceil(data.sizeBytes / clusterSize) * clusterSize;
  if (hasDataFile || whole === data.sizeBytes) return;
  yield* wait(data.truncate(whole, mode === "metadata" ? {} : { preallocation: mode }));
}

function* missingRun(
  image: Qcow2Image,
  l2Offset: number,
  first: number,
  most: number,
): Task<number> {
  let count = 0;
  for (; count < most && first + count < image.l2Entries; count++) {
    const entry = readEntry(image, yield* loadL2(image, l2Offset, first + count));
    if (entry.compressed || hasHost(image, entry)) break;
  }
  return count;
}

/** New space reads as zeroes: what the file has there already is cleared. */
function* clearPlace(
  image: Qcow2Image,
  host: number,
  bytes: number,
  mode: Preallocation,
): Task<void> {
  const there = Math.max(0, Math.min(bytes, image.data.sizeBytes - host));
  for (let done = 0; done < there;) {
    const status = yield* wait(image.data.status(host + done, there - done));
    const length = Math.min(status.length, there - done);
    // Holes read as zeroes as well, but take no space.
    if (!status.zero || mode !== "metadata")
      yield* wait(image.data.writeZeroes(host + done, length));
    done += length;
  }
  if (mode === "full" || mode === "falloc") {
    const before = Math.max(host, image.data.sizeBytes);
    if (host + bytes > before)
      yield* wait(image.data.truncate(host + bytes, { preallocation: mode }));
  }
}
