import { StorageError } from "../../errors.ts";
import { type Task, wait } from "../../task.ts";
import { COMPATIBLE_LAZY_REFCOUNTS, Incompatible, hex } from "./format.ts";
import { encodeHeader } from "./header.ts";
import { writeHost } from "./host-data.ts";
import type { Qcow2Image } from "./image.ts";
import { dependOnRefcounts, hasHost, loadL2, readEntry, writeEntry } from "./l2.ts";
import { rebuildRefcounts } from "./rebuild.ts";
import { isIncomplete, storeSnapshots } from "./snapshot-table.ts";
import { snapshotL1 } from "./snapshots.ts";
import { entryOffset } from "./format.ts";
import { viewOf } from "../../../util/bytes.ts";

/**
 * Names another backing image, or none, in the header.
 *
 * @throws StorageError ENOSPC when the name does not fit into the header cluster
 */
export function* changeBacking(
  image: Qcow2Image,
  name: string | undefined,
  format: string | undefined,
): Task<void> {
  const changed = {
    ...image.header,
    backingFile: name,
    backingFormat: name === undefined ? undefined : format,
  };
  if (name !== undefined && image.hasRawDataFile) {
    throw new StorageError("EINVAL", "Cannot set a backing file for images with data-file-raw");
  }
  encodeHeader(changed);
  Object.assign(image.header, changed);
  yield* image.storeHeader();
  yield* wait(image.file.flush());
}

/** Turns late refcounts on or off. */
export function* setLazyRefcounts(image: Qcow2Image, on: boolean): Task<void> {
  const flag = BigInt(COMPATIBLE_LAZY_REFCOUNTS);
  yield* image.markClean();
  if (on) image.header.compatible |= flag;
  else image.header.compatible &= ~flag;
  image.lazyRefcounts = on;
  yield* image.storeHeader();
  yield* wait(image.file.flush());
}

/** To version 3, which demands more of each snapshot. */
export function* upgrade(image: Qcow2Image): Task<void> {
  if (image.snapshots.some(isIncomplete)) yield* storeSnapshots(image, image.snapshots);
  image.header.version = 3;
  yield* image.storeHeader();
  yield* wait(image.file.flush());
}

/** Back to version 2: without zero flags and features, which it does not know. */
export function* downgrade(image: Qcow2Image): Task<void> {
  const { header } = image;
  if (image.hasDataFile)
    throw new StorageError("ENOTSUP", "Cannot downgrade an image with a data file");
  const marks = Incompatible.dirty | Incompatible.corrupt;
  const features = header.incompatible & ~marks;
  if (features !== 0) {
    const text = features.toString(16);
    throw new StorageError(
      "ENOTSUP",
      `Cannot downgrade an image with incompatible features 0x${text} set`,
    );
  }
  if (header.refcountOrder !== 4)
    throw new StorageError("ENOTSUP", "compat=0.10 requires refcount_bits=16");
  for (const snapshot of image.snapshots) {
    if (snapshot.vmStateBytes > 0xffff_ffff || snapshot.sizeBytes !== header.sizeBytes) {
      throw new StorageError("ENOTSUP", "Internal snapshots prevent downgrade of image");
    }
  }
  yield* image.markClean();
  try {
    yield* expandZeroes(image);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    throw new StorageError(
      error.errno,
      `Failed to turn zero into data clusters: ${errorText(error)}`,
    );
  }
  header.compatible = 0n;
  header.incompatible &= ~(Incompatible.dirty | Incompatible.corrupt);
  header.autoclear = 0n;
  header.bitmaps = undefined;
  header.version = 2;
  header.unknownFields = new Uint8Array(0);
  image.lazyRefcounts = false;
  yield* image.storeHeader();
  yield* wait(image.file.flush());
}

function errorText(error: StorageError): string {
  const texts: Record<string, string> = { EINVAL: "Invalid argument", EFBIG: "File too large" };
  return texts[error.errno] ?? error.message;
}

/** Turns zero flags of all tables into zeroes, or into nothing where that reads the same. */
function* expandZeroes(image: Qcow2Image): Task<void> {
  yield* expandTable(image, image.l1, true);
  for (const snapshot of image.snapshots) {
    let table: Uint8Array;
    try {
      table = yield* snapshotL1(image, snapshot);
    } catch (error) {
      if (error instanceof StorageError) image.report(`qemu-img: ${error.message}`);
      throw error;
    }
    yield* expandTable(image, table, false);
  }
  yield* image.flush();
}

function* expandTable(image: Qcow2Image, l1: Uint8Array, active: boolean): Task<void> {
  const view = viewOf(l1);
  for (let at = 0; at < l1.length; at += 8) {
    const l2Offset = entryOffset(view, at);
    if (l2Offset === 0) continue;
    if (l2Offset % image.clusterSize !== 0) {
      throw yield* image.corrupt(
        `L2 table offset ${hex(l2Offset)} unaligned (L1 index: ${hex(at / 8)})`,
      );
    }
    const shares = yield* image.refcounts.get(l2Offset / image.clusterSize);
    for (let index = 0; index < image.l2Entries; index++) {
      const guest = (at / 8) * image.l2Span + index * image.clusterSize;
      yield* expandEntry(image, { guest, l2Offset, index, active, shares });
    }
  }
}

interface Expanded {
  /** The guest's offset that the entry is for. */
  readonly guest: number;
  readonly l2Offset: number;
  readonly index: number;
  readonly active: boolean;
  readonly shares: number;
}

function* expandEntry(
  image: Qcow2Image,
  { guest, l2Offset, index, active, shares }: Expanded,
): Task<void> {
  const place = yield* loadL2(image, l2Offset, index);
  const entry = readEntry(image, place);
  if (entry.compressed || entry.zero === 0) return;
  const there = hasHost(image, entry);
  if (there && entry.host % image.clusterSize !== 0) {
    throw yield* image.corrupt(
      `Cluster allocation offset ${hex(entry.host)} unaligned ` +
        `(L2 offset: ${hex(l2Offset)}, L2 index: ${hex(index)})`,
    );
  }
  if (!there && image.backing === undefined && image.header.backingFile === undefined) {
    writeEntry(image, place, { host: 0, copied: false, alloc: 0, zero: 0 });
    return;
  }
  let { host, copied } = entry;
  if (!there) {
    host = yield* image.refcounts.allocate(1);
    copied = active && shares === 1;
    // A table that several snapshots share refers to the cluster once for each.
    for (let more = 1; more < shares; more++)
      yield* image.refcounts.add(host / image.clusterSize, 1, 1);
  }
  yield* image.guardData(host, image.clusterSize);
  if (image.encryption === undefined) yield* wait(image.file.writeZeroes(host, image.clusterSize));
  else yield* writeHost(image, guest, host, [new Uint8Array(image.clusterSize)]);
  yield* dependOnRefcounts(image);
  const again = yield* loadL2(image, l2Offset, index);
  writeEntry(image, again, { host, copied, alloc: 1, zero: 0 });
}

/** Gives all counters another width: a new structure beside the old one, with the same counts. */
export function* changeRefcountWidth(image: Qcow2Image, bits: number): Task<void> {
  yield* image.flush();
  const counts = yield* storedCounts(image);
  const max = 2n ** BigInt(bits) - 1n;
  for (const [cluster, count] of counts) {
    if (BigInt(count) <= max) continue;
    const offset = (cluster * image.clusterSize).toString(16);
    throw new StorageError(
      "EINVAL",
      `Cannot decrease refcount entry width to ${bits} bits: Cluster at offset 0x${offset} ` +
        `has a refcount of ${count}`,
    );
  }
  const { blocks, place } = image.refcounts;
  const old = blocks.filter((block) => block !== 0);
  for (let i = 0; i < place.tableClusters; i++) old.push(place.tableOffset + i * image.clusterSize);
  yield* rebuildRefcounts(image, counts, Math.log2(bits));
  for (const offset of old) yield* image.refcounts.release(offset, image.clusterSize);
  yield* image.flush();
}

/** All counts, by cluster. */
function* storedCounts(image: Qcow2Image): Task<Map<number, number>> {
  const { refcounts } = image;
  const counts = new Map<number, number>();
  for (const [index, block] of refcounts.blocks.entries()) {
    if (block === 0) continue;
    for (let i = 0; i < refcounts.perBlock; i++) {
      const count = yield* refcounts.get(index * refcounts.perBlock + i);
      if (count > 0) counts.set(index * refcounts.perBlock + i, count);
    }
  }
  return counts;
}
