import { viewOf } from "../../../util/bytes.ts";
import { StorageError } from "../../errors.ts";
import type { Task } from "../../task.ts";
import type { Qcow2Image } from "./image.ts";
import type { Snapshot } from "./snapshot-table.ts";
import { snapshotL1 } from "./snapshots.ts";

/** Lets a read-only image show what the disk was at a snapshot. */
export function* snapshotView(image: Qcow2Image, snapshot: Snapshot): Task<void> {
  if (!image.readOnly) throw new StorageError("EINVAL", "Device is not readonly");
  const table = yield* snapshotL1(image, snapshot);
  image.l1 = table;
  image.l1View = viewOf(table);
  image.header.sizeBytes = snapshot.sizeBytes;
}
