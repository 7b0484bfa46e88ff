import { utf8Bytes, utf8Text, viewOf } from "../../../util/bytes.ts";
import { StorageError } from "../../errors.ts";
import { type Task, wait } from "../../task.ts";
import { Autoclear, entryOffset, getU64, putU64 } from "./format.ts";
import type { Qcow2Image } from "./image.ts";
import { readPadded } from "../../padded.ts";

const MAX_DIRECTORY_BYTES = 1 << 26;
const MAX_TABLE_ENTRIES = 1 << 27;
const ENTRY_BYTES = 24;
export const MAX_BITMAPS = 65_535;
export const MAX_BITMAP_NAME = 1023;

const Flag = { inUse: 1, auto: 2, extraDataCompatible: 4 } as const;

/** A row of the bitmap directory. */
export interface BitmapEntry {
  readonly name: string;
  readonly tableOffset: number;
  readonly tableEntries: number;
  readonly granularityBits: number;
  /** It was not closed cleanly: its bits cannot be trusted. */
  readonly inUse: boolean;
  /** It records writes. */
  readonly auto: boolean;
  readonly extra: Uint8Array;
}

/** The directory of persistent bitmaps; empty when there is none that can be trusted. */
export function* readBitmaps(image: Qcow2Image): Task<BitmapEntry[]> {
  const { bitmaps, autoclear } = image.header;
  if (bitmaps === undefined || (autoclear & BigInt(Autoclear.bitmaps)) === 0n) return [];
  if (bitmaps.bytes > MAX_DIRECTORY_BYTES || bitmaps.offset % image.clusterSize !== 0)
    throw new StorageError("EINVAL", "bitmaps_ext: Invalid bitmap directory");
  const directory = new Uint8Array(bitmaps.bytes);
  yield* readPadded(image.file, bitmaps.offset, directory);
  const out: BitmapEntry[] = [];
  for (let at = 0; at + ENTRY_BYTES <= directory.length && out.length < bitmaps.count;) {
    const { entry, length } = decode(directory, at);
    out.push(entry);
    at += length;
  }
  return out;
}

function decode(directory: Uint8Array, at: number): { entry: BitmapEntry; length: number } {
  const view = viewOf(directory);
  const flags = view.getUint32(at + 12);
  const nameBytes = view.getUint16(at + 18);
  const extraBytes = view.getUint32(at + 20);
  const length = Math.ceil((ENTRY_BYTES + nameBytes + extraBytes) / 8) * 8;
  const isSound =
    at + ENTRY_BYTES + nameBytes + extraBytes <= directory.length &&
    view.getUint32(at + 8) <= MAX_TABLE_ENTRIES &&
    view.getUint8(at + 17) >= 9 &&
    view.getUint8(at + 17) <= 31;
  if (!isSound) throw new StorageError("EINVAL", "Broken bitmap directory");
  const extra = directory.slice(at + ENTRY_BYTES, at + ENTRY_BYTES + extraBytes);
  const text = directory.subarray(at + ENTRY_BYTES + extraBytes);
  const entry: BitmapEntry = {
    tableOffset: getU64(view, at),
    tableEntries: view.getUint32(at + 8),
    inUse: (flags & Flag.inUse) !== 0,
    auto: (flags & Flag.auto) !== 0,
    granularityBits: view.getUint8(at + 17),
    extra,
    name: utf8Text(text.subarray(0, nameBytes)),
  };
  return { entry, length };
}

function encode(entry: BitmapEntry): Uint8Array {
  const name = utf8Bytes(entry.name);
  const length = ENTRY_BYTES + entry.extra.length + name.length;
  const bytes = new Uint8Array(Math.ceil(length / 8) * 8);
  const view = viewOf(bytes);
  putU64(view, 0, entry.tableOffset);
  view.setUint32(8, entry.tableEntries);
  const extraFlag = entry.extra.length > 0 ? Flag.extraDataCompatible : 0;
  view.setUint32(12, (entry.inUse ? Flag.inUse : 0) | (entry.auto ? Flag.auto : 0) | extraFlag);
  view.setUint8(16, 1);
  view.setUint8(17, entry.granularityBits);
  view.setUint16(18, name.length);
  view.setUint32(20, entry.extra.length);
  bytes.set(entry.extra, ENTRY_BYTES);
  bytes.set(name, ENTRY_BYTES + entry.extra.length);
  return bytes;
}

/** Writes a new directory beside the old one, then lets the header lead to it. */
export function* storeBitmaps(image: Qcow2Image, entries: readonly BitmapEntry[]): Task<void> {
  const { bitmaps: old, autoclear } = image.header;
  if (entries.length === 0) {
    image.header.bitmaps = undefined;
    image.header.autoclear &= ~BigInt(Autoclear.bitmaps);
  } else {
    const parts = entries.map(encode);
    const bytes = parts.reduce((sum, { length }) => sum + length, 0);
    const clusters = Math.ceil(bytes / image.clusterSize);
    const offset = yield* image.refcounts.allocate(clusters);
    yield* image.guardData(offset, bytes);
    let at = offset;
    for (const part of parts) {
      yield* wait(image.file.write(at, [part]));
      at += part.length;
    }
    image.metadata.add(offset, bytes, "bitmap directory");
    image.header.bitmaps = { count: entries.length, bytes, offset };
    image.header.autoclear |= BigInt(Autoclear.bitmaps);
  }
  // Late counts do not bear this: an image that only gets bitmaps is not marked dirty.
  yield* image.writeBack(true);
  yield* image.barrier();
  try {
    yield* image.storeHeader();
  } catch (error) {
    // A small cluster has no room for all that a header may say.
    Object.assign(image.header, { bitmaps: old, autoclear });
    throw error;
  }
  yield* image.barrier();
  if (old !== undefined) yield* image.refcounts.release(old.offset, old.bytes);
  yield* image.writeBack();
}

export interface BitmapInfo {
  readonly name: string;
  readonly granularity: number;
  readonly flags: readonly string[];
}

/** What `info` tells of bitmaps. */
export function* listBitmaps(image: Qcow2Image): Task<BitmapInfo[]> {
  return (yield* readBitmaps(image)).map(({ name, granularityBits, inUse, auto }) => ({
    name,
    granularity: 2 ** granularityBits,
    flags: [...(inUse ? ["in-use"] : []), ...(auto ? ["auto"] : [])],
  }));
}

/** Where the clusters of all bitmaps are: the directory, their tables and their bits. */
export function* bitmapClusters(
  image: Qcow2Image,
): Task<{ readonly offset: number; readonly bytes: number }[]> {
  const { bitmaps } = image.header;
  const entries = yield* readBitmaps(image);
  if (bitmaps === undefined || entries.length === 0) return [];
  const out = [{ offset: bitmaps.offset, bytes: bitmaps.bytes }];
  for (const entry of entries) out.push(...(yield* clustersOf(image, entry)));
  return out;
}

/** Bytes that copies of all bitmaps take, filled, in an image of some cluster size. */
export function* measureBitmaps(image: Qcow2Image, clusterSize: number): Task<number> {
  const whole = (bytes: number): number => Math.ceil(bytes / clusterSize) * clusterSize;
  let [sum, directory] = [0, 0];
  for (const entry of yield* readBitmaps(image)) {
    const bits = whole(Math.ceil(image.sizeBytes / 2 ** entry.granularityBits / 8));
    sum += bits + whole((bits / clusterSize) * 8);
    directory += encode(entry).length;
  }
  return sum + whole(directory);
}

/** The clusters of one bitmap: its table and its bits. */
export function* clustersOf(
  image: Qcow2Image,
  { tableOffset, tableEntries }: BitmapEntry,
): Task<{ readonly offset: number; readonly bytes: number }[]> {
  if (tableOffset + tableEntries * 8 > image.file.sizeBytes + image.clusterSize) return [];
  const out = [{ offset: tableOffset, bytes: tableEntries * 8 }];
  const table = new Uint8Array(tableEntries * 8);
  yield* readPadded(image.file, tableOffset, table);
  for (let at = 0; at < table.length; at += 8) {
    const data = entryOffset(viewOf(table), at);
    if (data !== 0) out.push({ offset: data, bytes: image.clusterSize });
  }
  return out;
}
