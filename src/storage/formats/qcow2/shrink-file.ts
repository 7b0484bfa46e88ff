import { viewOf } from "../../../util/bytes.ts";
import { StorageError } from "../../errors.ts";
import { type Task, wait } from "../../task.ts";
import { putU64 } from "./format.ts";
import { SECTOR_BYTES } from "./header.ts";
import type { Qcow2Image } from "./image.ts";
import { readEntryBits } from "./refcount-bits.ts";

/** Entries of the refcount table in one sector. */
const PER_SECTOR = SECTOR_BYTES / 8;

/**
 * Gives the end of the file back that a smaller disk does not need: refcount blocks that count nothing but
 * themselves, then all that lies behind the last cluster in use. To be called alone, after a flush.
 */
export function* shrinkFile(image: Qcow2Image): Task<void> {
  if (!blocksAreSound(image)) return;
  yield* image.writeBack(true);
  yield* dropEmptyBlocks(image);
  const endBytes = ((yield* lastUsed(image)) + 1) * image.clusterSize;
  if (endBytes >= image.file.sizeBytes) return;
  try {
    yield* wait(image.file.truncate(endBytes));
  } catch (error) {
    // Only space is lost by that: a host's device, for one, has the length that it has.
    if (!(error instanceof StorageError)) throw error;
  }
  yield* image.barrier();
}

/** Damaged tables are for `check`. */
function blocksAreSound(image: Qcow2Image): boolean {
  const { clusterSize, file } = image;
  return image.refcounts.blocks.every((at) => at % clusterSize === 0 && at < file.sizeBytes);
}

function* dropEmptyBlocks(image: Qcow2Image): Task<void> {
  const { refcounts, clusterSize } = image;
  /** Clusters of blocks that nothing leads to any more. */
  const dropped = new Set<number>();
  // A block may be counted by the one before it: that one goes with it or after it. Disks write a sector
  // of the table at once.
  for (let first = refcounts.blocks.length - PER_SECTOR; first >= 0; first -= PER_SECTOR) {
    const empty = yield* findEmpty(image, first, dropped);
    if (empty.length === 0) continue;
    for (const index of empty) {
      image.forget(refcounts.blocks[index] as number);
      refcounts.forgetBlock(index);
    }
    const sector = new Uint8Array(PER_SECTOR * 8);
    for (let i = 0; i < PER_SECTOR; i++)
      putU64(viewOf(sector), i * 8, refcounts.blocks[first + i] as number);
    yield* wait(image.file.write(refcounts.place.tableOffset + first * 8, [sector]));
    yield* image.barrier();
  }
  for (const cluster of dropped) {
    if (refcounts.blocks[Math.floor(cluster / refcounts.perBlock)] !== 0)
      yield* refcounts.release(cluster * clusterSize, clusterSize);
  }
  yield* image.writeBack(true);
  yield* image.barrier();
}

/** Blocks of a sector of the table that count nothing but themselves and what was dropped, to which they go. */
function* findEmpty(image: Qcow2Image, first: number, dropped: Set<number>): Task<number[]> {
  const empty: number[] = [];
  for (let before = -1; before !== empty.length;) {
    before = empty.length;
    for (let index = first + PER_SECTOR - 1; index >= first; index--) {
      const offset = image.refcounts.blocks[index] as number;
      if (offset === 0 || empty.includes(index)) continue;
      const own = offset / image.clusterSize;
      let isEmpty = true;
      yield* eachUsed(image, index, (cluster, count) => {
        isEmpty &&= count === 1 && (cluster === own || dropped.has(cluster));
      });
      if (!isEmpty) continue;
      empty.push(index);
      dropped.add(own);
    }
  }
  return empty;
}

function* lastUsed(image: Qcow2Image): Task<number> {
  const { blocks } = image.refcounts;
  for (let index = blocks.length - 1; index >= 0; index--) {
    let last = -1;
    if (blocks[index] !== 0) yield* eachUsed(image, index, (cluster) => (last = cluster));
    if (last >= 0) return last;
  }
  return 0;
}

/** Calls `use` for every cluster of a block that is counted, in order. */
function* eachUsed(
  image: Qcow2Image,
  index: number,
  use: (cluster: number, count: number) => void,
): Task<void> {
  const { blocks, bits, cache, perBlock } = image.refcounts;
  const perSlice = (cache.tableBytes * 8) / bits;
  for (let first = 0; first < perBlock; first += perSlice) {
    const offset = (blocks[index] as number) + (first * bits) / 8;
    const { bytes, view } = yield* cache.load(offset);
    if (bytes.every((byte) => byte === 0)) continue;
    for (let i = 0; i < perSlice; i++) {
      const count = Number(readEntryBits(view, i, bits));
      if (count > 0) use(index * perBlock + first + i, count);
    }
  }
}
