import { viewOf } from "../../../util/bytes.ts";
import { StorageError } from "../../errors.ts";
import { isZero } from "../../segments.ts";
import { type Task, wait } from "../../task.ts";
import {
  type BitmapEntry,
  MAX_BITMAPS,
  MAX_BITMAP_NAME,
  clustersOf,
  readBitmaps,
  storeBitmaps,
} from "./bitmaps.ts";
import { entryOffset, putU64 } from "./format.ts";
import type { Qcow2Image } from "./image.ts";
import { readPadded } from "../../padded.ts";

/** Bytes of a bitmap for the whole disk. */
function bitmapBytes(image: Qcow2Image, granularityBits: number): number {
  return Math.ceil(Math.ceil(image.sizeBytes / 2 ** granularityBits) / 8);
}

/** A bitmap's bits, from its table. */
export function* loadBits(image: Qcow2Image, entry: BitmapEntry): Task<Uint8Array> {
  const bits = new Uint8Array(bitmapBytes(image, entry.granularityBits));
  const table = new Uint8Array(entry.tableEntries * 8);
  yield* readPadded(image.file, entry.tableOffset, table);
  const view = viewOf(table);
  for (let at = 0; at < table.length; at += 8) {
    const part = bits.subarray((at / 8) * image.clusterSize, (at / 8 + 1) * image.clusterSize);
    const offset = entryOffset(view, at);
    if (offset !== 0) yield* readPadded(image.file, offset, part);
    // An entry without a cluster says with its lowest bit what all bits are.
    else part.fill((view.getUint32(at + 4) & 1) === 1 ? 0xff : 0);
  }
  return bits;
}

/** Writes bits to new clusters. @returns where their table is */
function* writeBits(
  image: Qcow2Image,
  bits: Uint8Array,
): Task<Pick<BitmapEntry, "tableOffset" | "tableEntries">> {
  const { clusterSize } = image;
  const tableEntries = Math.ceil(bits.length / clusterSize);
  const tableBytes = Math.max(8, tableEntries * 8);
  const tableOffset = yield* image.refcounts.allocate(Math.ceil(tableBytes / clusterSize));
  const table = new Uint8Array(tableBytes);
  for (let i = 0; i < tableEntries; i++) {
    const part = bits.subarray(i * clusterSize, (i + 1) * clusterSize);
    if (isZero(part)) continue;
    const cluster = new Uint8Array(clusterSize);
    cluster.set(part);
    const offset = yield* image.refcounts.allocate(1);
    yield* image.guardData(offset, clusterSize);
    yield* wait(image.file.write(offset, [cluster]));
    putU64(viewOf(table), i * 8, offset);
  }
  yield* image.guardData(tableOffset, tableBytes);
  yield* wait(image.file.write(tableOffset, [table]));
  return { tableOffset, tableEntries };
}

function* find(image: Qcow2Image, name: string): Task<{ all: BitmapEntry[]; entry: BitmapEntry }> {
  const all = yield* readBitmaps(image);
  const entry = all.find((candidate) => candidate.name === name);
  if (entry === undefined) throw new StorageError("ENOENT", `Dirty bitmap '${name}' not found`);
  return { all, entry };
}

function demandUsable({ inUse, name }: BitmapEntry): void {
  if (!inUse) return;
  throw new StorageError(
    "EINVAL",
    `Bitmap '${name}' is inconsistent and cannot be used\n` +
      "Try block-dirty-bitmap-remove to delete this bitmap from disk",
  );
}

function demandBitmaps(image: Qcow2Image, name: string): void {
  if (!image.isV3) {
    throw new StorageError("ENOTSUP", `Cannot store dirty bitmaps in file '${name}'`);
  }
}

/** Adds an empty bitmap that records writes. */
export function* addBitmap(
  image: Qcow2Image,
  name: string,
  granularity: number = Math.min(65_536, Math.max(4096, image.clusterSize)),
  auto = true,
): Task<void> {
  demandBitmaps(image, name);
  const all = yield* readBitmaps(image);
  if (all.some((entry) => entry.name === name))
    throw new StorageError("EEXIST", `Bitmap already exists: ${name}`);
  if (name.length === 0 || name.length > MAX_BITMAP_NAME)
    throw new StorageError("EINVAL", "Bitmap name too long");
  if (all.length >= MAX_BITMAPS)
    throw new StorageError("ENOSPC", "Maximum number of persistent bitmaps is already reached");
  const granularityBits = Math.log2(granularity);
  if (!Number.isInteger(granularityBits) || granularityBits < 9 || granularityBits > 31)
    throw new StorageError("EINVAL", "Granularity must be power of 2");
  const place = yield* writeBits(image, new Uint8Array(bitmapBytes(image, granularityBits)));
  const entry = { name, granularityBits, inUse: false, auto, extra: new Uint8Array(0), ...place };
  yield* storeBitmaps(image, [...all, entry]);
}

export function* removeBitmap(image: Qcow2Image, name: string): Task<void> {
  const { all, entry } = yield* find(image, name);
  const clusters = yield* clustersOf(image, entry);
  yield* storeBitmaps(
    image,
    all.filter((other) => other !== entry),
  );
  for (const { offset, bytes } of clusters) yield* image.refcounts.release(offset, bytes);
  yield* image.writeBack();
}

/** Replaces one row, and gives its old clusters back when its bits have moved. */
function* replace(image: Qcow2Image, entry: BitmapEntry, by: BitmapEntry): Task<void> {
  const all = yield* readBitmaps(image);
  const moved = entry.tableOffset !== by.tableOffset;
  const clusters = moved ? yield* clustersOf(image, entry) : [];
  yield* storeBitmaps(
    image,
    all.map((other) => (other.name === entry.name ? by : other)),
  );
  for (const { offset, bytes } of clusters) yield* image.refcounts.release(offset, bytes);
  yield* image.writeBack();
}

/** Lets a bitmap record writes, or stops it. */
export function* setRecording(image: Qcow2Image, name: string, auto: boolean): Task<void> {
  const { entry } = yield* find(image, name);
  demandUsable(entry);
  if (entry.auto !== auto) yield* replace(image, entry, { ...entry, auto });
}

export function* clearBitmap(image: Qcow2Image, name: string): Task<void> {
  const { entry } = yield* find(image, name);
  demandUsable(entry);
  yield* setBits(image, entry, new Uint8Array(bitmapBytes(image, entry.granularityBits)));
}

export function* setBits(
  image: Qcow2Image,
  entry: BitmapEntry,
  bits: Uint8Array,
  inUse = false,
): Task<void> {
  const place = yield* writeBits(image, bits);
  yield* replace(image, entry, { ...entry, ...place, inUse });
}

/** Adds the bits of a bitmap of this or another image. */
export function* mergeBitmap(
  image: Qcow2Image,
  name: string,
  source: Qcow2Image,
  sourceName: string,
): Task<void> {
  const { entry } = yield* find(image, name);
  const { entry: other } = yield* find(source, sourceName);
  demandUsable(entry);
  demandUsable(other);
  if (image.sizeBytes !== source.sizeBytes) {
    throw new StorageError(
      "EINVAL",
      "Bitmaps are of different sizes (destination size is " +
        `${image.sizeBytes} and source size is ${source.sizeBytes}) and can't be merged`,
    );
  }
  const bits = yield* loadBits(image, entry);
  const more = yield* loadBits(source, other);
  const limit = Math.ceil(source.sizeBytes / 2 ** other.granularityBits);
  for (let i = 0; i < limit; i++) {
    if (((more[i >> 3] ?? 0) & (1 << (i & 7))) === 0) continue;
    const from = i * 2 ** other.granularityBits;
    markBits(
      bits,
      entry.granularityBits,
      from,
      Math.min(2 ** other.granularityBits, source.sizeBytes - from),
    );
  }
  yield* setBits(image, entry, bits);
}

/** Sets the bits that a range of the disk falls on. */
export function markBits(
  bits: Uint8Array,
  granularityBits: number,
  offset: number,
  length: number,
): void {
  if (length === 0) return;
  const unit = 2 ** granularityBits;
  const last = Math.floor((offset + length - 1) / unit);
  for (let bit = Math.floor(offset / unit); bit <= last; bit++) {
    bits[bit >> 3] = (bits[bit >> 3] ?? 0) | (1 << (bit & 7));
  }
}

/** Copies all bitmaps of an image that can be trusted (`convert --bitmaps`). */
export function* copyBitmaps(
  from: Qcow2Image,
  to: Qcow2Image,
  warn: (text: string) => void,
): Task<void> {
  for (const entry of yield* readBitmaps(from)) {
    if (entry.inUse) {
      warn(`Skipping inconsistent bitmap '${entry.name}'`);
      continue;
    }
    yield* addBitmap(to, entry.name, 2 ** entry.granularityBits, entry.auto);
    const added = (yield* find(to, entry.name)).entry;
    yield* setBits(to, added, yield* loadBits(from, entry));
  }
}

/** @throws StorageError when a bitmap was not closed properly: what it says is not known */
export function* demandConsistentBitmaps(image: Qcow2Image): Task<void> {
  const broken = (yield* readBitmaps(image)).find(({ inUse }) => inUse);
  if (broken === undefined) return;
  throw new StorageError(
    "EINVAL",
    `Cannot copy inconsistent bitmap '${broken.name}'\n` +
      "Try --skip-broken-bitmaps, or use 'qemu-img bitmap --remove' to delete it",
  );
}
