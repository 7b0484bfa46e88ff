import { announce } from "../../announce.ts";
import { StorageError } from "../../errors.ts";
import type { Task } from "../../task.ts";
import { HI_COMPRESSED, HI_COPIED, LO_ZERO, entryOffset, putEntry, hex } from "./format.ts";
import type { Qcow2Image } from "./image.ts";
import type { Table } from "./table-cache.ts";

/** An L2 entry taken apart. Without extended entries a cluster is one subcluster. */
export interface L2Entry {
  readonly hi: number;
  readonly lo: number;
  /** Where the cluster is in the file; 0 for none. Not for compressed ones. */
  readonly host: number;
  readonly compressed: boolean;
  /** The cluster's refcount is exactly one: it may be written in place. */
  readonly copied: boolean;
  /** Bit per subcluster: its data is at `host`. */
  readonly alloc: number;
  /** Bit per subcluster: it reads as zeroes. */
  readonly zero: number;
}

/** The slice of an L2 table with an entry, and the entry's place in it. */
export interface L2Place {
  readonly table: Table;
  readonly at: number;
}

/** All subclusters. */
export function fullMask(image: Qcow2Image): number {
  return image.subclusters === 32 ? 0xffff_ffff : 1;
}

export function* loadL2(image: Qcow2Image, l2Offset: number, index: number): Task<L2Place> {
  const byte = index * image.l2EntryBytes;
  const { tableBytes } = image.l2;
  const slice = Math.floor(byte / tableBytes);
  const table = yield* image.l2.load(l2Offset + slice * tableBytes);
  return { table, at: byte - slice * tableBytes };
}

/** The L2 table's offset for an L1 index; 0 when there is none. */
export function* l2TableOf(image: Qcow2Image, l1Index: number): Task<number> {
  const offset = image.l1Offset(l1Index);
  if (offset % image.clusterSize !== 0) {
    throw yield* image.corrupt(
      `L2 table offset ${hex(offset)} unaligned (L1 index: ${hex(l1Index)})`,
    );
  }
  // Tables are whole in the file before an entry leads to them.
  if (offset >= image.file.sizeBytes && !image.readOnly && offset !== 0) {
    throw yield* image.corrupt(
      `L2 table offset ${hex(offset)} outside the image (L1 index: ${hex(l1Index)})`,
    );
  }
  return offset;
}

export function readEntry(
  image: Qcow2Image,
  { table, at }: { readonly table: Pick<Table, "view">; readonly at: number },
): L2Entry {
  const { view } = table;
  const hi = view.getUint32(at);
  const lo = view.getUint32(at + 4);
  const compressed = (hi & HI_COMPRESSED) !== 0;
  const host = compressed ? 0 : entryOffset(view, at);
  const copied = (hi & HI_COPIED) !== 0;
  if (image.subclusters === 32) {
    const zero = compressed ? 0 : view.getUint32(at + 8);
    const alloc = compressed ? 0 : view.getUint32(at + 12);
    return { hi, lo, host, compressed, copied, alloc, zero };
  }
  const zero = !compressed && (lo & LO_ZERO) !== 0 ? 1 : 0;
  // In an external data file, cluster 0 is at offset 0: the copied flag tells it from none.
  const isThere = host !== 0 || (image.hasDataFile && copied && !compressed);
  return { hi, lo, host, compressed, copied, alloc: isThere && zero === 0 ? 1 : 0, zero };
}

/** True when a standard entry has a place in the file. */
export function hasHost(image: Qcow2Image, entry: L2Entry): boolean {
  return !entry.compressed && (entry.host !== 0 || (image.hasDataFile && entry.copied));
}

export interface NewEntry {
  readonly host: number;
  readonly copied: boolean;
  readonly alloc: number;
  readonly zero: number;
}

/** Sets a standard entry. */
export function writeEntry(image: Qcow2Image, { table, at }: L2Place, entry: NewEntry): void {
  const hiFlags = entry.copied ? HI_COPIED : 0;
  if (image.subclusters === 32) {
    putEntry(table.view, at, entry.host, hiFlags);
    table.view.setUint32(at + 8, entry.zero >>> 0);
    table.view.setUint32(at + 12, entry.alloc >>> 0);
  } else {
    putEntry(table.view, at, entry.host, hiFlags, entry.zero === 0 ? 0 : LO_ZERO);
  }
  image.l2.markDirty(table);
}

/** Sets an entry to a compressed cluster. */
export function writeCompressedEntry(
  image: Qcow2Image,
  { table, at }: L2Place,
  hi: number,
  offset: number,
): void {
  table.view.setUint32(at, hi);
  table.view.setUint32(at + 4, offset % 2 ** 32);
  if (image.subclusters === 32) {
    table.view.setUint32(at + 8, 0);
    table.view.setUint32(at + 12, 0);
  }
  image.l2.markDirty(table);
}

/** Refuses entries that no writer of the format makes. */
export function* demandSound(
  image: Qcow2Image,
  entry: L2Entry,
  l2Offset: number,
  index: number,
  guestOffset: number,
): Task<void> {
  const wrong = entry.compressed ? undefined : unsoundness(image, entry, guestOffset);
  if (wrong === undefined) return;
  const at = `L2 index: ${hex(index)})`;
  const place = wrong.isPlain ? at : `(L2 offset: ${hex(l2Offset)}, ${at}`;
  throw yield* image.corrupt(`${wrong.what} ${place}`);
}

/** What is wrong with a standard entry, in QEMU's words. Nearly always nothing is. */
function unsoundness(
  image: Qcow2Image,
  entry: L2Entry,
  guestOffset: number,
): { readonly what: string; readonly isPlain?: boolean } | undefined {
  const isThere = hasHost(image, entry);
  if (entry.zero !== 0 && !image.isV3) return { what: "Zero cluster entry found in pre-v3 image" };
  if ((entry.alloc & entry.zero) !== 0 || (entry.alloc !== 0 && !isThere))
    return { what: "Invalid cluster entry found " };
  if (entry.host % image.clusterSize !== 0)
    return { what: `Cluster allocation offset ${hex(entry.host)} unaligned` };
  if (!image.hasDataFile || !isThere || entry.host === guestOffset) return undefined;
  const what =
    `External data file host cluster offset ${hex(entry.host)} does not match ` +
    `guest cluster offset: ${hex(guestOffset)},`;
  return { what, isPlain: true };
}

/** Makes the L2 table of an L1 index ours to write: new, or copied from one that is shared. */
export function* ownL2(image: Qcow2Image, l1Index: number): Task<number> {
  const old = yield* l2TableOf(image, l1Index);
  if (l1Index * 8 >= image.l1.length) throw new StorageError("EINVAL");
  if (old !== 0 && image.l1IsCopied(l1Index)) return old;
  const fresh = yield* image.refcounts.allocate(1);
  // Cluster 0 is the header's, whatever its count says.
  if (fresh === 0)
    throw yield* image.corrupt("Preventing invalid allocation of L2 table at offset 0");
  try {
    yield* image.guardData(fresh, image.clusterSize);
    yield* copyTable(image, old, fresh);
    yield* image.storeL1(l1Index, fresh, true);
  } catch (error) {
    image.l2.drop(fresh, image.clusterSize);
    if (!image.dead) yield* image.refcounts.release(fresh, image.clusterSize);
    throw error;
  }
  if (old !== 0) yield* image.releaseLater(old, image.clusterSize);
  return fresh;
}

/** A whole L2 table in a new place, on the disk before anything leads to it. */
function* copyTable(image: Qcow2Image, old: number, fresh: number): Task<void> {
  const { tableBytes } = image.l2;
  // A new table is counted even where the counts of data may be late.
  if (image.usesLazyRefcounts) yield* image.refcounts.cache.flush();
  yield* dependOnRefcounts(image);
  if (old !== 0) yield* announce(image.file, "l2_alloc_cow_read");
  for (let at = 0; at < image.clusterSize; at += tableBytes) {
    const source = old === 0 ? undefined : (yield* image.l2.load(old + at)).bytes;
    const table = yield* image.l2.create(fresh + at);
    if (source !== undefined) table.bytes.set(source);
    image.l2.markDirty(table);
  }
  image.metadata.add(fresh, image.clusterSize, "active L2 table");
  yield* announce(image.file, "l2_alloc_write");
  yield* image.l2.flush();
  yield* image.barrier();
}

/**
 * For entries that lead to clusters taken just now: those are counted, and in the file, before the entries
 * are on the disk. Lazy counts may wait, but what lies behind the file's end cannot be counted anew.
 */
export function* dependOnRefcounts(image: Qcow2Image): Task<void> {
  if (image.usesLazyRefcounts) image.l2.dependOnFlush();
  else yield* image.l2.dependOn(image.refcounts.cache);
}
