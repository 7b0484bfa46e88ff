import { utf8Bytes, utf8Text, viewOf } from "../../../util/bytes.ts";
import { StorageError } from "../../errors.ts";
import { readPadded } from "../../padded.ts";
import { type Task, wait } from "../../task.ts";
import {
  MAX_SNAPSHOTS,
  MAX_SNAPSHOT_EXTRA,
  MAX_SNAPSHOT_TABLE_BYTES,
  SNAPSHOT_HEADER_BYTES,
  getU64,
  putU64,
} from "./format.ts";
import type { Qcow2Image } from "./image.ts";

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
/** Bytes of extra data that each row of version 3 has at least: the state's and the disk's size. */
const LEAST_EXTRA = 16;

/** Whether a row lacks what version 3 demands of it. */
export function isIncomplete({ extraBytes }: Snapshot): boolean {
  return extraBytes < LEAST_EXTRA;
}

/** What reading a damaged snapshot table leaves out so that the rest can be kept. */
export interface SnapshotLosses {
  /** Rows at the end, for which the table is too long. */
  rows: number;
  /** Rows whose extra data were cut. */
  extras: number;
}

const FORCE_HINT = "with qemu-img check -r all";

/**
 * Reads the snapshot table that the header leads to.
 *
 * @param losses given, what is too long is left out, reported and counted there
 * @throws StorageError EFBIG when something is too long and no losses are accepted
 */
export function* readSnapshots(image: Qcow2Image, losses?: SnapshotLosses): Task<Snapshot[]> {
  const { snapshotCount, snapshotsOffset } = image.header;
  const out: Snapshot[] = [];
  let at = snapshotsOffset;
  // What the table takes once extra data are cut.
  let tableBytes = 0;
  for (let i = 0; i < snapshotCount; i++) {
    at = Math.ceil(at / 8) * 8;
    const fixed = new Uint8Array(SNAPSHOT_HEADER_BYTES);
    yield* readPadded(image.file, at, fixed);
    const view = viewOf(fixed);
    const idBytes = view.getUint16(12);
    const nameBytes = view.getUint16(14);
    const extraBytes = view.getUint32(36);
    if (extraBytes > MAX_SNAPSHOT_EXTRA) cutExtra(image, i, extraBytes, losses);
    const extra = new Uint8Array(Math.min(extraBytes, MAX_SNAPSHOT_EXTRA));
    yield* readPadded(image.file, at + SNAPSHOT_HEADER_BYTES, extra);
    const text = new Uint8Array(idBytes + nameBytes);
    yield* readPadded(image.file, at + SNAPSHOT_HEADER_BYTES + extraBytes, text);
    at += SNAPSHOT_HEADER_BYTES + extraBytes + text.length;
    tableBytes = Math.ceil(tableBytes / 8) * 8;
    tableBytes += SNAPSHOT_HEADER_BYTES + extra.length + text.length;
    if (tableBytes > MAX_SNAPSHOT_TABLE_BYTES || at - snapshotsOffset > 0x7fff_ffff) {
      cutRows(image, snapshotCount - i, losses);
      break;
    }
    out.push(decode(view, { extra, text, idBytes, extraBytes }, image.sizeBytes));
  }
  return out;
}

function cutExtra(image: Qcow2Image, index: number, bytes: number, losses?: SnapshotLosses): void {
  const what = `too much extra metadata in snapshot table entry ${index}`;
  if (losses === undefined)
    throw new StorageError(
      "EFBIG",
      `T${what.slice(1)}\nYou can force-remove this extra metadata ${FORCE_HINT}`,
    );
  image.report(`Discarding ${what} (${bytes} > ${MAX_SNAPSHOT_EXTRA})`);
  losses.extras++;
}

function cutRows(image: Qcow2Image, rows: number, losses?: SnapshotLosses): void {
  if (losses === undefined)
    throw new StorageError("EFBIG", `Snapshot table is too big\n${overhangHint(rows)}`);
  image.report(`Discarding ${rows} overhanging snapshots (snapshot table is too big)`);
  losses.rows += rows;
}

/** How to open an image with too many snapshots again. */
export function overhangHint(rows: number): string {
  return `You can force-remove all ${rows} overhanging snapshots ${FORCE_HINT}`;
}

interface Row {
  readonly extra: Uint8Array;
  /** Id and name. */
  readonly text: Uint8Array;
  readonly idBytes: number;
  /** Of extra data in the file, where more may be than were read. */
  readonly extraBytes: number;
}

function decode(
  view: DataView,
  { extra, text, idBytes, extraBytes }: Row,
  diskBytes: number,
): Snapshot {
  const known = viewOf(extra);
  return {
    l1Offset: getU64(view, 0),
    l1Entries: view.getUint32(8),
    dateSeconds: view.getUint32(16),
    dateNanoseconds: view.getUint32(20),
    vmClockNs: view.getBigUint64(24),
    vmStateBytes: extraBytes >= 8 ? getU64(known, 0) : view.getUint32(32),
    sizeBytes: extraBytes >= 16 ? getU64(known, 8) : diskBytes,
    icount: extraBytes >= 24 ? known.getBigInt64(16) : -1n,
    unknownExtra: extra.slice(Math.min(extraBytes, KNOWN_EXTRA)),
    extraBytes,
    id: utf8Text(text.subarray(0, idBytes)),
    name: utf8Text(text.subarray(idBytes)),
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
