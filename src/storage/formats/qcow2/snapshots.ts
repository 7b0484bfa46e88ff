import { utf8Bytes, viewOf } from "../../../util/bytes.ts";
import { StorageError, strerror } from "../../errors.ts";
import { utf8Text } from "../../text.ts";
import { type Task, wait } from "../../task.ts";
import {
  MAX_L1_BYTES,
  MAX_SNAPSHOTS,
  MAX_SNAPSHOT_EXTRA,
  MAX_SNAPSHOT_TABLE_BYTES,
  SNAPSHOT_HEADER_BYTES,
  getU64,
  putU64,
} from "./format.ts";
import type { Qcow2Image } from "./image.ts";
import { readPadded } from "../../padded.ts";
import { changeSharing, demandCountable } from "./sharing.ts";
import { switchState } from "./switch-state.ts";

/** An internal snapshot's row in the snapshot table. */
export interface Snapshot {
  readonly id: string;
  readonly name: string;
  l1Offset: number;
  l1Entries: number;
  readonly dateSeconds: number;
  readonly dateNanoseconds: number;
  readonly vmClockNs: bigint;
  readonly vmStateBytes: number;
  /** Length of the disk when it was made. */
  sizeBytes: number;
  /** Instructions executed, or -1 when they were not counted. */
  readonly icount: bigint;
  /** Extra data after the known fields. */
  readonly unknownExtra: Uint8Array;
  /** Extra data were longer than the format allows here, or too short for version 3. */
  readonly extraBytes: number;
}

/** Bytes of extra data that this format's version knows. */
export const KNOWN_EXTRA = 24;

export class SnapshotTableError extends StorageError {}

/** Reads the snapshot table that the header leads to. */
export function* readSnapshots(image: Qcow2Image): Task<Snapshot[]> {
  const { snapshotCount, snapshotsOffset } = image.header;
  const out: Snapshot[] = [];
  let at = snapshotsOffset;
  for (let i = 0; i < snapshotCount; i++) {
    at = Math.ceil(at / 8) * 8;
    const fixed = new Uint8Array(SNAPSHOT_HEADER_BYTES);
    yield* readPadded(image.file, at, fixed);
    const view = viewOf(fixed);
    const idBytes = view.getUint16(12);
    const nameBytes = view.getUint16(14);
    const extraBytes = view.getUint32(36);
    if (extraBytes > MAX_SNAPSHOT_EXTRA)
      throw new SnapshotTableError(
        "EINVAL",
        `Too much extra metadata in snapshot table entry ${i}`,
      );
    const rest = new Uint8Array(extraBytes + idBytes + nameBytes);
    yield* readPadded(image.file, at + SNAPSHOT_HEADER_BYTES, rest);
    at += SNAPSHOT_HEADER_BYTES + rest.length;
    if (at - snapshotsOffset > MAX_SNAPSHOT_TABLE_BYTES)
      throw new SnapshotTableError("EFBIG", "Snapshot table is too big");
    out.push(decode(view, rest, { idBytes, nameBytes, extraBytes }, image.sizeBytes));
  }
  return out;
}

function decode(
  view: DataView,
  rest: Uint8Array,
  lengths: { idBytes: number; nameBytes: number; extraBytes: number },
  diskBytes: number,
): Snapshot {
  const { idBytes, nameBytes, extraBytes } = lengths;
  const extra = viewOf(rest);
  const text = rest.subarray(extraBytes);
  return {
    l1Offset: getU64(view, 0),
    l1Entries: view.getUint32(8),
    dateSeconds: view.getUint32(16),
    dateNanoseconds: view.getUint32(20),
    vmClockNs: view.getBigUint64(24),
    vmStateBytes: extraBytes >= 8 ? getU64(extra, 0) : view.getUint32(32),
    sizeBytes: extraBytes >= 16 ? getU64(extra, 8) : diskBytes,
    icount: extraBytes >= 24 ? extra.getBigInt64(16) : -1n,
    unknownExtra: rest.slice(Math.min(extraBytes, KNOWN_EXTRA), extraBytes),
    extraBytes,
    id: utf8Text(text.subarray(0, idBytes)),
    name: utf8Text(text.subarray(idBytes, idBytes + nameBytes)),
  };
}

function encode(snapshot: Snapshot): Uint8Array {
  const id = utf8Bytes(snapshot.id);
  const name = utf8Bytes(snapshot.name);
  const extra = KNOWN_EXTRA + snapshot.unknownExtra.length;
  const length = SNAPSHOT_HEADER_BYTES + extra + id.length + name.length;
  const bytes = new Uint8Array(Math.ceil(length / 8) * 8);
  const view = viewOf(bytes);
  putU64(view, 0, snapshot.l1Offset);
  view.setUint32(8, snapshot.l1Entries);
  view.setUint16(12, id.length);
  view.setUint16(14, name.length);
  view.setUint32(16, snapshot.dateSeconds);
  view.setUint32(20, snapshot.dateNanoseconds);
  view.setBigUint64(24, snapshot.vmClockNs);
  view.setUint32(32, Math.min(snapshot.vmStateBytes, 0xffff_ffff));
  view.setUint32(36, extra);
  putU64(view, 40, snapshot.vmStateBytes);
  putU64(view, 48, snapshot.sizeBytes);
  view.setBigInt64(56, snapshot.icount);
  bytes.set(snapshot.unknownExtra, SNAPSHOT_HEADER_BYTES + KNOWN_EXTRA);
  bytes.set(id, SNAPSHOT_HEADER_BYTES + extra);
  bytes.set(name, SNAPSHOT_HEADER_BYTES + extra + id.length);
  return bytes;
}

/** Bytes of the snapshot table in the file. */
export function snapshotTableBytes(snapshots: readonly Snapshot[]): number {
  return snapshots.reduce((sum, snapshot) => sum + encodedBytes(snapshot), 0);
}

function encodedBytes(snapshot: Snapshot): number {
  const text = utf8Bytes(snapshot.id).length + utf8Bytes(snapshot.name).length;
  return Math.ceil((SNAPSHOT_HEADER_BYTES + snapshot.extraBytes + text) / 8) * 8;
}

/** The snapshot table as it is in the file. */
export function encodeSnapshots(snapshots: readonly Snapshot[]): Uint8Array {
  const table = concat(snapshots.map(encode));
  if (table.length > MAX_SNAPSHOT_TABLE_BYTES || snapshots.length > MAX_SNAPSHOTS)
    throw new StorageError("EFBIG");
  return table;
}

/** Writes a new table beside the old one, then lets the header lead to it. */
export function* storeSnapshots(image: Qcow2Image, snapshots: Snapshot[]): Task<void> {
  const table = encodeSnapshots(snapshots);
  const { snapshotsOffset: oldOffset, snapshotCount } = image.header;
  const oldBytes = snapshotCount === 0 ? 0 : snapshotTableBytes(image.snapshots);
  let offset = 0;
  if (table.length > 0) {
    offset = yield* image.refcounts.allocate(Math.ceil(table.length / image.clusterSize));
    yield* image.guardData(offset, table.length);
    yield* wait(image.file.write(offset, [table]));
    image.metadata.add(offset, table.length, "snapshot table");
  }
  yield* image.flush();
  image.header.snapshotCount = snapshots.length;
  image.header.snapshotsOffset = offset;
  yield* image.storeHeader();
  yield* image.barrier();
  image.snapshots = snapshots.map((snapshot) => ({
    ...snapshot,
    extraBytes: KNOWN_EXTRA + snapshot.unknownExtra.length,
  }));
  if (oldBytes > 0) yield* releaseOrLeak(image, oldOffset, oldBytes);
}

/** What cannot be given back is leaked: the change itself has been made. */
function* releaseOrLeak(image: Qcow2Image, offset: number, bytes: number): Task<void> {
  try {
    yield* image.refcounts.release(offset, bytes);
    yield* image.writeBack();
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    image.report(`qcow2_free_clusters failed: ${error.message}`);
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

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
