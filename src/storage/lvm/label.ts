/**
 * LVM2's areas at the start of a physical volume (lib/format_text/layout.h):
 *
 *        512  label with the physical volume's header
 *       4096  metadata area: its header, then texts in a ring from 4608 to 1 MiB
 *      1 MiB  extents
 *
 * Numbers are little-endian. A new text is written beside the old one and flushed; the area's header, one
 * sector, then leads to it.
 */
import { asciiBytes, latin1, startsWith, utf8Bytes, utf8Text, viewOf } from "../../util/bytes.ts";
import { StorageError } from "../errors.ts";
import type { ImageFile } from "../ports.ts";

const SECTOR = 512;
const LABEL_AT = 512;
const AREA_AT = 4096;
export const DATA_AT = 2 ** 20;
const AREA_BYTES = DATA_AT - AREA_AT;
const LABEL_ID = asciiBytes("LABELONE");
const LABEL_TYPE = asciiBytes("LVM2 001");
const AREA_MAGIC = asciiBytes(" LVM2 x[5A%r0N*>");
const FIRST_CRC = 0xf597a6cf;

/** The last text that was committed, and where it is in the area. */
export interface CommittedText {
  readonly text: string;
  readonly offset: number;
  readonly bytes: number;
}

/** LVM2's checksum: CRC-32 with a start of its own and without a last inversion. */
export function lvmCrc(bytes: Uint8Array): number {
  let crc = FIRST_CRC;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return crc >>> 0;
}

/** Whether a file begins as a physical volume does. */
export async function hasLabel(file: ImageFile): Promise<boolean> {
  if (file.sizeBytes < DATA_AT) return false;
  const label = new Uint8Array(SECTOR);
  await file.read(LABEL_AT, label);
  return startsWith(label, LABEL_ID);
}

/** Makes a file an empty physical volume. */
export async function writeLabel(file: ImageFile, id: string): Promise<void> {
  const start = new Uint8Array(DATA_AT);
  const label = start.subarray(LABEL_AT, LABEL_AT + SECTOR);
  const view = viewOf(label);
  label.set(LABEL_ID, 0);
  view.setBigUint64(8, 1n, true);
  view.setUint32(20, 32, true);
  label.set(LABEL_TYPE, 24);
  label.set(asciiBytes(id), 32);
  view.setBigUint64(64, BigInt(file.sizeBytes), true);
  // One data area to the end, an empty one that ends the list, then the same for metadata.
  view.setBigUint64(72, BigInt(DATA_AT), true);
  view.setBigUint64(104, BigInt(AREA_AT), true);
  view.setBigUint64(112, BigInt(AREA_BYTES), true);
  // The header's extension: version 2, in use.
  view.setUint32(136, 2, true);
  view.setUint32(140, 1, true);
  view.setUint32(16, lvmCrc(label.subarray(20)), true);
  start.set(areaHeader(0, 0, 0), AREA_AT);
  await file.write(0, start);
  await file.flush();
}

function areaHeader(offset: number, bytes: number, checksum: number): Uint8Array {
  const header = new Uint8Array(SECTOR);
  const view = viewOf(header);
  header.set(AREA_MAGIC, 4);
  view.setUint32(20, 1, true);
  view.setBigUint64(24, BigInt(AREA_AT), true);
  view.setBigUint64(32, BigInt(AREA_BYTES), true);
  view.setBigUint64(40, BigInt(offset), true);
  view.setBigUint64(48, BigInt(bytes), true);
  view.setUint32(56, checksum, true);
  view.setUint32(0, lvmCrc(header.subarray(4)), true);
  return header;
}

/** @returns null for a physical volume without a group. @throws StorageError for one that is damaged */
export async function readText(file: ImageFile): Promise<CommittedText | null> {
  if (!(await hasLabel(file))) throw new StorageError("EINVAL", "No physical volume label read");
  const header = new Uint8Array(SECTOR);
  await file.read(AREA_AT, header);
  const view = viewOf(header);
  if (!startsWith(header, AREA_MAGIC, 4) || view.getUint32(0, true) !== lvmCrc(header.subarray(4)))
    throw new StorageError("EINVAL", "Incorrect checksum in metadata area header");
  const offset = Number(view.getBigUint64(40, true));
  const bytes = Number(view.getBigUint64(48, true));
  if (offset === 0) return null;
  if (offset < SECTOR || offset >= AREA_BYTES || bytes > AREA_BYTES - SECTOR)
    throw new StorageError("EINVAL", "Metadata location is outside of its area");
  const raw = await readRing(file, offset, bytes);
  if (lvmCrc(raw) !== view.getUint32(56, true))
    throw new StorageError("EINVAL", "Checksum error in metadata");
  // The text ends in a NUL.
  return { text: utf8Text(raw.subarray(0, latin1(raw).indexOf("\0") >>> 0)), offset, bytes };
}

async function readRing(file: ImageFile, offset: number, bytes: number): Promise<Uint8Array> {
  const raw = new Uint8Array(bytes);
  const first = Math.min(bytes, AREA_BYTES - offset);
  await file.read(AREA_AT + offset, raw.subarray(0, first));
  if (first < bytes) await file.read(AREA_AT + SECTOR, raw.subarray(first));
  return raw;
}

/**
 * Replaces the committed text.
 *
 * @throws StorageError ENOSPC when both do not fit into the area
 */
export async function commitText(
  file: ImageFile,
  text: string,
  old: CommittedText | null,
): Promise<CommittedText> {
  const body = utf8Bytes(text);
  const raw = new Uint8Array(body.length + 1);
  raw.set(body);
  const offset = nextOffset(old);
  const ring = AREA_BYTES - SECTOR;
  // Texts begin at sectors; neither may reach into the other.
  if (raw.length + (old?.bytes ?? 0) + 2 * SECTOR > ring)
    throw new StorageError("ENOSPC", "Volume group metadata too large for its area");
  const first = Math.min(raw.length, AREA_BYTES - offset);
  await file.write(AREA_AT + offset, raw.subarray(0, first));
  if (first < raw.length) await file.write(AREA_AT + SECTOR, raw.subarray(first));
  await file.flush();
  await file.write(AREA_AT, areaHeader(offset, raw.length, lvmCrc(raw)));
  await file.flush();
  return { text, offset, bytes: raw.length };
}

/** The next sector after the old text, going round. */
function nextOffset(old: CommittedText | null): number {
  if (old === null) return SECTOR;
  const ring = AREA_BYTES - SECTOR;
  const end = old.offset - SECTOR + old.bytes;
  return SECTOR + ((Math.ceil(end / SECTOR) * SECTOR) % ring);
}
