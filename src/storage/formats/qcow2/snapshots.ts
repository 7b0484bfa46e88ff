import { viewOf } from "../../../util/bytes.ts";
import { StorageError, strerror } from "../../errors.ts";
import { readPadded } from "../../padded.ts";
import { type Task, wait } from "../../task.ts";
import { MAX_L1_BYTES, MAX_SNAPSHOTS } from "./format.ts";
import type { Qcow2Image } from "./image.ts";
import { changeSharing, demandCountable } from "./sharing.ts";
import { KNOWN_EXTRA, type Snapshot, storeSnapshots } from "./snapshot-table.ts";
import { switchState } from "./switch-state.ts";

export interface NewSnapshot {
  readonly name: string;
  readonly dateSeconds: number;
  readonly dateNanoseconds: number;
}

/** Makes a snapshot of the disk as it is. */
export function* createSnapshot(image: Qcow2Image, made: NewSnapshot): Task<void> {
  if (image.snapshots.length >= MAX_SNAPSHOTS) throw new StorageError("EFBIG");
  if (image.hasDataFile) throw new StorageError("ENOTSUP");
  yield* image.flush();
  yield* image.beginRecount();
  const l1Bytes = image.header.l1Entries * 8;
  const l1Offset = yield* image.refcounts.allocate(Math.ceil(l1Bytes / image.clusterSize));
  const table = image.l1.slice(0, l1Bytes);
  // The copied flags of a snapshot's entries mean nothing; QEMU leaves them clear.
  for (let at = 0; at < l1Bytes; at += 8) table[at] = (table[at] as number) & 0x7f;
  yield* image.guardData(l1Offset, l1Bytes);
  yield* wait(image.file.write(l1Offset, [table]));
  const snapshots = [...image.snapshots, newRow(image, made, l1Offset)];
  try {
    if (!image.isV3) {
      const { l1, sizeBytes } = image;
      return yield* switchState(image, { l1, sizeBytes, snapshots });
    }
    yield* demandCountable(image, image.l1);
  } catch (error) {
    yield* image.refcounts.release(l1Offset, l1Bytes);
    yield* image.endRecount();
    throw error;
  }
  yield* changeSharing(image, image.l1, 1, true);
  yield* storeSnapshots(image, snapshots);
  yield* image.endRecount();
  image.metadata.add(l1Offset, l1Bytes, "inactive L1 table");
}

/** The next free number is its id. */
function newRow(image: Qcow2Image, made: NewSnapshot, l1Offset: number): Snapshot {
  const used = image.snapshots.map(({ id }) => Number(id)).filter(Number.isInteger);
  return {
    ...made,
    id: String(Math.max(0, ...used) + 1),
    l1Offset,
    l1Entries: image.header.l1Entries,
    vmClockNs: 0n,
    vmStateBytes: 0,
    sizeBytes: image.sizeBytes,
    icount: 0n,
    unknownExtra: new Uint8Array(0),
    extraBytes: KNOWN_EXTRA,
  };
}

/** By id, then by name; as qemu-img's `-a` and `-d` look for it. */
export function findSnapshot(
  snapshots: readonly Snapshot[],
  nameOrId: string,
): Snapshot | undefined {
  return (
    snapshots.find(({ name }) => name === nameOrId) ?? snapshots.find(({ id }) => id === nameOrId)
  );
}

/** A snapshot's L1 table, after looking at where it is said to be. */
export function* snapshotL1(image: Qcow2Image, snapshot: Snapshot): Task<Uint8Array> {
  const bytes = snapshot.l1Entries * 8;
  if (bytes > MAX_L1_BYTES) throw new StorageError("EFBIG", "Snapshot L1 table too large");
  const isBad = snapshot.l1Offset % image.clusterSize !== 0 || snapshot.l1Offset + bytes > 2 ** 53;
  if (isBad) throw new StorageError("EINVAL", "Snapshot L1 table offset invalid");
  const table = new Uint8Array(bytes);
  yield* readPadded(image.file, snapshot.l1Offset, table);
  return table;
}

/** Takes a snapshot away. */
export function* deleteSnapshot(image: Qcow2Image, snapshot: Snapshot): Task<void> {
  const table = yield* snapshotL1(image, snapshot);
  const rest = image.snapshots.filter((other) => other !== snapshot);
  if (!image.isV3) {
    const { l1, sizeBytes } = image;
    return yield* switchState(image, { l1, sizeBytes, snapshots: rest });
  }
  yield* image.flush();
  yield* image.beginRecount();
  // From here a failure or a crash leaves what only this snapshot used as leaks.
  yield* storeSnapshots(image, rest);
  try {
    yield* changeSharing(image, table, -1, false);
    const clusters = Math.ceil((snapshot.l1Entries * 8) / image.clusterSize) * image.clusterSize;
    yield* image.refcounts.release(snapshot.l1Offset, clusters);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const message = `Failed to free the cluster and L1 table: ${strerror(error.errno)}`;
    throw new StorageError(error.errno, message, error);
  }
  yield* changeSharing(image, image.l1, 0, true);
  yield* image.flush();
  yield* image.endRecount();
}

/** Makes the disk what it was at a snapshot. */
export function* applySnapshot(image: Qcow2Image, snapshot: Snapshot): Task<void> {
  if (image.hasDataFile) throw new StorageError("ENOTSUP");
  const loaded = yield* snapshotL1(image, snapshot);
  const entries = Math.max(image.header.l1Entries, snapshot.l1Entries);
  const table = new Uint8Array(entries * 8);
  table.set(loaded);
  if (!image.isV3) {
    const { snapshots } = image;
    return yield* switchState(image, { l1: table, sizeBytes: snapshot.sizeBytes, snapshots });
  }
  yield* image.flush();
  yield* image.beginRecount();
  try {
    yield* demandCountable(image, table);
  } catch (error) {
    yield* image.endRecount();
    throw error;
  }
  yield* changeSharing(image, table, 1, false);
  yield* image.writeBack(true);
  yield* image.barrier();
  const old = image.l1;
  const oldOffset = image.header.l1Offset;
  const oldBytes = image.header.l1Entries * 8;
  const offset = yield* image.refcounts.allocate(
    Math.max(1, Math.ceil(table.length / image.clusterSize)),
  );
  yield* image.guardData(offset, table.length);
  yield* wait(image.file.write(offset, [table]));
  image.metadata.add(offset, table.length, "active L1 table");
  yield* image.writeBack(true);
  yield* image.barrier();
  Object.assign(image.header, {
    l1Offset: offset,
    l1Entries: entries,
    sizeBytes: snapshot.sizeBytes,
  });
  yield* image.storeHeader();
  yield* image.barrier();
  image.l1 = table;
  image.l1View = viewOf(table);
  // Only now does nothing lead to the old tables any more.
  yield* changeSharing(image, old, -1, false);
  if (oldBytes > 0) yield* image.refcounts.release(oldOffset, oldBytes);
  yield* changeSharing(image, image.l1, 0, true);
  yield* image.flush();
  yield* image.endRecount();
}
