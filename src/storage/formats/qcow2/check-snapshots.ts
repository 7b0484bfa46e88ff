import { StorageError } from "../../errors.ts";
import type { Repair } from "../../check-result.ts";
import type { Task } from "../../task.ts";
import { MAX_SNAPSHOTS } from "./format.ts";
import type { Qcow2Image } from "./image.ts";
import { demandSnapshotTable } from "./open.ts";
import {
  type SnapshotLosses,
  isIncomplete,
  overhangHint,
  readSnapshots,
} from "./snapshot-table.ts";

/**
 * Reads the snapshot table, which is not looked at when an image is opened to be checked.
 *
 * @returns how many of its rows are damaged; with a repair, the image has what could be kept of them,
 *   and its file once the table is stored again
 * @throws StorageError EFBIG, told of already, when there is too much of it and nothing is repaired
 */
export function* checkSnapshotTable(image: Qcow2Image, repair: Repair): Task<number> {
  const losses: SnapshotLosses = { rows: 0, extras: 0 };
  if (image.snapshots.length === 0) yield* load(image, repair === "all" ? losses : undefined);
  let damaged = losses.rows + losses.extras;
  if (!image.isV3) return damaged;
  for (const [index, snapshot] of image.snapshots.entries()) {
    if (!isIncomplete(snapshot)) continue;
    const verb = repair === "all" ? "Repairing" : "ERROR";
    image.report(`${verb} snapshot table entry ${index} is incomplete`);
    damaged++;
  }
  return damaged;
}

function* load(image: Qcow2Image, losses: SnapshotLosses | undefined): Task<void> {
  const { header } = image;
  const overhang = Math.max(0, header.snapshotCount - MAX_SNAPSHOTS);
  if (losses !== undefined && overhang > 0) {
    image.report(`Discarding ${overhang} overhanging snapshots`);
    losses.rows = overhang;
    header.snapshotCount = MAX_SNAPSHOTS;
  }
  const hint = overhang > 0 ? `\n${overhangHint(overhang)}` : "";
  try {
    demandSnapshotTable(header, "snapshot table");
  } catch (error) {
    throw told(image, error, "ERROR ", hint);
  }
  try {
    image.snapshots = yield* readSnapshots(image, losses);
  } catch (error) {
    throw told(image, error, "ERROR failed to read the snapshot table: ");
  }
  if (losses === undefined || losses.rows === 0) return;
  // What only the lost snapshots use may be freed once nothing leads to them.
  header.snapshotCount = image.snapshots.length;
  yield* image.storeHeader();
  yield* image.barrier();
}

/** Tells a failure; what is left to say is its kind. */
function told(image: Qcow2Image, error: unknown, prefix: string, hint = ""): unknown {
  if (!(error instanceof StorageError)) return error;
  image.report(`qemu-img: ${prefix}${error.message}${hint}`);
  return new StorageError(error.errno);
}
