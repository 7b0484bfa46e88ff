import { type CheckResult, type Repair, emptyResult } from "../../check-result.ts";
import { type Task, wait } from "../../task.ts";
import { Incompatible, MAX_L1_BYTES } from "./format.ts";
import { bitmapClusters } from "./bitmaps.ts";
import type { Qcow2Image } from "./image.ts";
import { checkSnapshotTable } from "./check-snapshots.ts";
import { checkCopiedFlags } from "./check-copied.ts";
import { References, countL1 } from "./check-references.ts";
import { rebuildRefcounts } from "./rebuild.ts";
import { snapshotTableBytes, storeSnapshots } from "./snapshot-table.ts";

/** Counts what the image's tables refer to and compares it with the reference counts. */
export function* checkQcow2(image: Qcow2Image, repair: Repair): Task<CheckResult> {
  const result = emptyResult();
  result.totalClusters = Math.ceil(image.sizeBytes / image.clusterSize);
  const damagedSnapshots = yield* checkSnapshotTable(image, repair);
  const references = yield* countReferences(image, result, repair);
  let damaged = countBlocks(image, references, result);
  const before = { leaks: result.leaks, corruptions: result.corruptions };
  // First everything is looked at; only a structure that is sound in itself is repaired in place.
  damaged = (yield* compare(image, references, result, "none")) || damaged;
  if (damaged && repair === "all") yield* rebuild(image, references, result);
  else if (damaged && repair === "leaks") image.report("ERROR need to rebuild refcount structures");
  else if (repair !== "none" && result.leaks + result.corruptions > 0) {
    Object.assign(result, before);
    yield* compare(image, references, result, repair);
  }
  if (repair === "all") result.corruptionsFixed += damagedSnapshots;
  else result.corruptions += damagedSnapshots;
  // After leaks were all that there was, the counts can be trusted as they are now.
  const isLeaksOnly = result.checkErrors + result.corruptions + result.leaks === 0;
  yield* checkCopiedFlags(image, result, repair === "all" || (repair === "leaks" && isLeaksOnly));
  result.imageEndOffset = references.end * image.clusterSize;
  if (repair === "none") return result;
  yield* image.writeBack(true);
  yield* image.barrier();
  // Clusters are counted right by now, so that the table can have a new place.
  if (damagedSnapshots > 0 && repair === "all") yield* storeSnapshots(image, image.snapshots);
  if (result.checkErrors === 0 && result.corruptions === 0) yield* markConsistent(image);
  return result;
}

function* markConsistent(image: Qcow2Image): Task<void> {
  const marks = Incompatible.dirty | Incompatible.corrupt;
  if ((image.header.incompatible & marks) === 0) return;
  image.header.incompatible &= ~marks;
  yield* image.storeHeader();
  yield* wait(image.file.flush());
}

function* countReferences(
  image: Qcow2Image,
  result: CheckResult,
  repair: Repair,
): Task<References> {
  const { header, clusterSize } = image;
  const references = new References(image, result);
  references.add(0, clusterSize);
  const active = { repair: repair === "all", statistics: true };
  yield* countL1(image, references, header.l1Offset, header.l1Entries, result, active);
  for (const snapshot of image.snapshots) {
    const title = `ERROR snapshot ${snapshot.id} (${snapshot.name})`;
    if (snapshot.l1Offset % clusterSize !== 0) {
      image.report(
        `${title} l1_offset=0x${snapshot.l1Offset.toString(16)}: ` +
          "L1 table is not cluster aligned; snapshot table entry corrupted",
      );
      result.corruptions++;
      continue;
    }
    if (snapshot.l1Entries > MAX_L1_BYTES / 8) {
      image.report(
        `${title} l1_size=0x${snapshot.l1Entries.toString(16)}: ` +
          "L1 table is too large; snapshot table entry corrupted",
      );
      result.corruptions++;
      continue;
    }
    const inactive = { repair: repair === "all", statistics: false };
    yield* countL1(image, references, snapshot.l1Offset, snapshot.l1Entries, result, inactive);
  }
  references.add(header.snapshotsOffset, snapshotTableBytes(image.snapshots));
  if (header.crypto !== undefined) references.add(header.crypto.offset, header.crypto.bytes);
  for (const { offset, bytes } of yield* bitmapClusters(image)) references.add(offset, bytes);
  references.add(header.refcountTableOffset, header.refcountTableClusters * clusterSize);
  return references;
}

/** Looks at every cluster's count. @returns true when the structure must be built anew */
function* compare(
  image: Qcow2Image,
  references: References,
  result: CheckResult,
  repair: Repair,
): Task<boolean> {
  let damaged = false;
  for (let cluster = 0; cluster < references.clusters; cluster++) {
    const block = Math.floor(cluster / image.refcounts.perBlock);
    if ((image.refcounts.blocks[block] ?? 0) === 0 && !references.touchesBlock(block)) {
      cluster = (block + 1) * image.refcounts.perBlock - 1;
      continue;
    }
    const count = yield* countOf(image, cluster);
    const reference = references.of(cluster);
    if (count > 0 || reference > 0) references.end = cluster + 1;
    if (count === reference || BigInt(count) === BigInt(reference)) continue;
    const isLeak = count > reference;
    if (Number(count) === 0) damaged = true;
    const fixes = Number(count) > 0 && (isLeak ? repair !== "none" : repair === "all");
    const verb = fixes ? "Repairing" : isLeak ? "Leaked" : "ERROR";
    image.report(`${verb} cluster ${cluster} refcount=${count} reference=${reference}`);
    if (fixes) {
      yield* image.refcounts.setExact(cluster, reference);
      if (isLeak) result.leaksFixed++;
      else result.corruptionsFixed++;
    } else if (isLeak) result.leaks++;
    else result.corruptions++;
  }
  return damaged;
}

function* countOf(image: Qcow2Image, cluster: number): Task<bigint | number> {
  const block = image.refcounts.blocks[Math.floor(cluster / image.refcounts.perBlock)] ?? 0;
  if (block % image.clusterSize !== 0 || block >= image.file.sizeBytes) return 0;
  return yield* image.refcounts.getExact(cluster);
}

/** @returns true when the structure itself is damaged */
function countBlocks(image: Qcow2Image, references: References, result: CheckResult): boolean {
  let damaged = false;
  const { blocks } = image.refcounts;
  for (const [index, offset] of blocks.entries()) {
    if (offset === 0) continue;
    if (offset % image.clusterSize !== 0) {
      image.report(
        `ERROR refcount block ${index} is not cluster aligned; refcount table entry corrupted`,
      );
      result.corruptions++;
      damaged = true;
    } else if (offset >= references.clusters * image.clusterSize) {
      image.report(`ERROR refcount block ${index} is outside image`);
      result.corruptions++;
      damaged = true;
    } else {
      references.add(offset, image.clusterSize);
      const count = references.of(offset / image.clusterSize);
      if (count === 1) continue;
      image.report(`ERROR refcount block ${index} refcount=${count}`);
      result.corruptions++;
      damaged = true;
    }
  }
  return damaged;
}

function* rebuild(image: Qcow2Image, references: References, result: CheckResult): Task<void> {
  const { leaks, corruptions } = result;
  image.report("Rebuilding refcount structure");
  yield* rebuildRefcounts(image, references);
  result.leaksFixed += leaks;
  result.corruptionsFixed += corruptions;
  result.leaks = 0;
  result.corruptions = 0;
  // What the old structure was in is free now.
  const ignored = { ...result };
  const again = yield* countReferences(image, ignored, "none");
  const found = { ...ignored, leaks: 0, corruptions: 0 };
  countBlocks(image, again, found);
  yield* compare(image, again, found, "all");
  references.end = again.end;
}
