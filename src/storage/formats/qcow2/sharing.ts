import { viewOf } from "../../../util/bytes.ts";
import { StorageError } from "../../errors.ts";
import type { Task } from "../../task.ts";
import { wait } from "../../task.ts";
import {
  compressedPlace,
  entryOffset,
  HI_COMPRESSED,
  HI_COPIED,
  MAX_REFTABLE_BYTES,
  hex,
} from "./format.ts";
import type { Qcow2Image } from "./image.ts";
import { hasHost, readEntry } from "./l2.ts";

/**
 * Adds `delta` to the counts of all that an L1 table leads to, and to the L2 tables themselves;
 * with `active` it also sets the copied flags of the table's entries to what the counts say now.
 *
 * @param delta 0 to set flags only
 */
export function* changeSharing(
  image: Qcow2Image,
  l1: Uint8Array,
  delta: -1 | 0 | 1,
  active: boolean,
): Task<void> {
  const view = viewOf(l1);
  let changed = false;
  for (let at = 0; at < l1.length; at += 8) {
    const l2Offset = entryOffset(view, at);
    if (l2Offset === 0) continue;
    if (l2Offset % image.clusterSize !== 0) {
      throw yield* image.corrupt(
        `L2 table offset ${hex(l2Offset)} unaligned (L1 index: ${hex(at / 8)})`,
      );
    }
    yield* shareTable(image, l2Offset, delta, active);
    if (delta !== 0) yield* image.refcounts.add(l2Offset / image.clusterSize, 1, delta);
    if (!active) continue;
    const count = yield* image.refcounts.get(l2Offset / image.clusterSize);
    const hi = view.getUint32(at);
    const flagged = count === 1 ? hi | HI_COPIED : hi & ~HI_COPIED;
    changed ||= flagged >>> 0 !== hi;
    view.setUint32(at, flagged >>> 0);
  }
  if (!active || !changed) return;
  // Counts first: a copied flag on a shared cluster would let it be overwritten.
  yield* image.refcounts.cache.flush();
  yield* image.l2.flush();
  yield* image.barrier();
  yield* wait(image.file.write(image.header.l1Offset, [l1]));
}

/**
 * Looks whether all counts can be raised, before the first one is.
 *
 * @throws StorageError EINVAL when one is at its limit already
 */
export function* demandCountable(image: Qcow2Image, l1: Uint8Array): Task<void> {
  const needed = new Map<number, number>();
  const need = (offset: number, bytes: number): void => {
    const last = Math.floor((offset + bytes - 1) / image.clusterSize);
    for (let at = Math.floor(offset / image.clusterSize); at <= last; at++)
      needed.set(at, (needed.get(at) ?? 0) + 1);
  };
  const view = viewOf(l1);
  for (let at = 0; at < l1.length; at += 8) {
    const l2Offset = entryOffset(view, at);
    if (l2Offset === 0 || l2Offset % image.clusterSize !== 0) continue;
    need(l2Offset, image.clusterSize);
    for (let byte = 0; byte < image.clusterSize; byte += image.l2EntryBytes) {
      const base = byte - (byte % image.l2.tableBytes);
      const table = yield* image.l2.load(l2Offset + base);
      const entry = readEntry(image, { table, at: byte - base });
      if (entry.compressed) {
        const { offset, bytes } = compressedPlace(entry.hi, entry.lo, image.clusterBits);
        need(offset, bytes);
      } else if (hasHost(image, entry)) need(entry.host, image.clusterSize);
    }
  }
  for (const [cluster, more] of needed) {
    // A cluster that is used has been counted: an entry leads where no image ends.
    const block = Math.floor(cluster / image.refcounts.perBlock);
    if (block >= MAX_REFTABLE_BYTES / 8) throw new StorageError("EFBIG");
    if ((image.refcounts.blocks[block] ?? 0) === 0) throw new StorageError("EAGAIN");
    const count = yield* image.refcounts.getExact(cluster);
    if (BigInt(count) + BigInt(more) > image.refcounts.max) throw new StorageError("EINVAL");
  }
}

function* shareTable(
  image: Qcow2Image,
  l2Offset: number,
  delta: -1 | 0 | 1,
  active: boolean,
): Task<void> {
  const { tableBytes } = image.l2;
  for (let base = 0; base < image.clusterSize; base += tableBytes) {
    for (let at = 0; at < tableBytes; at += image.l2EntryBytes) {
      const table = yield* image.l2.load(l2Offset + base);
      const hi = table.view.getUint32(at);
      if (hi === 0 && table.view.getUint32(at + 4) === 0) continue;
      const entry = readEntry(image, { table, at });
      if (entry.compressed) {
        const place = compressedPlace(entry.hi, entry.lo, image.clusterBits);
        yield* shareCompressed(image, place, delta);
        continue;
      }
      if (!hasHost(image, entry)) continue;
      if (entry.host % image.clusterSize !== 0) {
        throw yield* image.corrupt(
          `Cluster allocation offset ${hex(entry.host)} unaligned ` +
            `(L2 offset: ${hex(l2Offset)}, L2 index: ${hex((base + at) / image.l2EntryBytes)})`,
        );
      }
      const cluster = entry.host / image.clusterSize;
      if (delta !== 0) yield* image.refcounts.add(cluster, 1, delta);
      if (!active) continue;
      const count = yield* image.refcounts.get(cluster);
      const flagged = (count === 1 ? hi | HI_COPIED : hi & ~HI_COPIED) >>> 0;
      if (flagged === hi || (hi & HI_COMPRESSED) !== 0) continue;
      yield* image.l2.dependOn(image.refcounts.cache);
      const again = yield* image.l2.load(l2Offset + base);
      again.view.setUint32(at, flagged);
      image.l2.markDirty(again);
    }
  }
}

function* shareCompressed(
  image: Qcow2Image,
  { offset, bytes }: { offset: number; bytes: number },
  delta: -1 | 0 | 1,
): Task<void> {
  if (delta === 0) return;
  const first = Math.floor(offset / image.clusterSize);
  const last = Math.floor((offset + bytes - 1) / image.clusterSize);
  yield* image.refcounts.add(first, last - first + 1, delta);
}
