import { announce } from "../../announce.ts";
import { type Task, wait } from "../../task.ts";
import { putU64 } from "./format.ts";
import type { Qcow2Image } from "./image.ts";
import { viewOf } from "../../../util/bytes.ts";
import { discardCluster } from "./zero.ts";

/** Takes all data out of an image, so that its backing image shows. */
export function* makeEmpty(image: Qcow2Image): Task<void> {
  if (canStartAnew(image)) return yield* startAnew(image);
  for (let index = 0; index * 8 < image.l1.length; index++) {
    const l2 = image.l1Offset(index);
    if (l2 === 0) continue;
    const start = index * image.l2Span;
    const end = Math.min(start + image.l2Span, image.sizeBytes);
    for (let at = start; at < end; at += image.clusterSize) yield* discardCluster(image, at, true);
  }
  yield* image.flush();
}

/** Clusters before the L1 table of an image that holds nothing: header, refcount table and block. */
const FIRST_CLUSTERS = 3;

function l1Clusters({ header, clusterSize }: Qcow2Image): number {
  return Math.ceil((header.l1Entries * 8) / clusterSize);
}

/** Nothing but the tables has to stay, one refcount block counts it all, and a crash can be marked. */
function canStartAnew(image: Qcow2Image): boolean {
  const { header, snapshots, refcounts } = image;
  const hasOnlyData =
    snapshots.length === 0 && header.bitmaps === undefined && header.cryptMethod === 0;
  const fits = FIRST_CLUSTERS + l1Clusters(image) <= refcounts.perBlock;
  return image.isV3 && hasOnlyData && fits && !image.hasDataFile;
}

/**
 * Lays the empty tables out at the start of the file and cuts the rest off. Meanwhile the counts are
 * wrong; the dirty mark has them rebuilt should this not come to its end.
 */
function* startAnew(image: Qcow2Image): Task<void> {
  yield* image.flush();
  yield* image.beginRecount();
  try {
    yield* layOut(image);
  } catch (error) {
    // What is in memory is not what the file has, nor what it had.
    image.dead = true;
    throw error;
  }
  yield* image.endRecount();
}

function* layOut(image: Qcow2Image): Task<void> {
  const { file, header, clusterSize } = image;
  const clusters = l1Clusters(image);
  yield* announce(file, "l1_update");
  yield* wait(file.writeZeroes(header.l1Offset, clusters * clusterSize));
  image.l1.fill(0);
  // Nothing may lead to what is cleared next.
  yield* image.barrier();
  yield* announce(file, "empty_image_prepare");
  yield* wait(file.writeZeroes(clusterSize, (FIRST_CLUSTERS - 1 + clusters) * clusterSize));
  yield* image.barrier();
  yield* placeTables(image);
  yield* announce(file, "refblock_alloc");
  const entry = new Uint8Array(8);
  putU64(viewOf(entry), 0, 2 * clusterSize);
  yield* wait(file.write(clusterSize, [entry]));
  yield* image.barrier();
  image.refcounts.blocks[0] = 2 * clusterSize;
  image.metadata.add(2 * clusterSize, clusterSize, "refcount block");
  yield* image.refcounts.allocate(FIRST_CLUSTERS + clusters);
  yield* image.writeBack(true);
  yield* wait(file.truncate((FIRST_CLUSTERS + clusters) * clusterSize));
}

/** The header leads to the new tables, all empty; what was in memory of the old ones is forgotten. */
function* placeTables(image: Qcow2Image): Task<void> {
  const { header, clusterSize, refcounts } = image;
  header.l1Offset = FIRST_CLUSTERS * clusterSize;
  header.refcountTableOffset = clusterSize;
  header.refcountTableClusters = 1;
  yield* announce(image.file, "reftable_update");
  yield* image.storeHeader();
  yield* image.barrier();
  image.l2.forgetAll();
  image.forgetReleases();
  refcounts.startAnew({ tableOffset: clusterSize, tableClusters: 1 });
  image.metadata.clear();
  image.metadata.add(0, clusterSize, "qcow2_header");
  image.metadata.add(clusterSize, clusterSize, "refcount table");
  image.metadata.add(header.l1Offset, header.l1Entries * 8, "active L1 table");
}
