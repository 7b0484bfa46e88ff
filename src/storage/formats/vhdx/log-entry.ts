/** Entries of the log ([MS-VHDX] §2.3): a header, descriptors, and a sector for each page of data. */
import { asciiBytes, latin1, viewOf } from "../../../util/bytes.ts";
import { crc32c } from "./crc32c.ts";
import { CHECKSUM, GUID_BYTES, sameGuid } from "./layout.ts";

export const LOG_SECTOR = 4096;
const HEADER_BYTES = 64;
const DESCRIPTOR_BYTES = 32;
/** What a data sector holds of its page; the descriptor has the first 8 and the last 4 bytes. */
const LEADING = 8;
const MIDDLE = LOG_SECTOR - 12;

const Header = {
  bytes: 8,
  tail: 12,
  sequence: 16,
  descriptors: 24,
  guid: 32,
  flushedFile: 48,
  lastFile: 56,
} as const;

/** One change that an entry makes to the file. */
export type Change =
  | { readonly kind: "page"; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: "zero"; readonly offset: number; readonly length: number };

export interface LogEntry {
  readonly sequence: bigint;
  readonly sectors: number;
  /** The file was at least this long when the entry was written. */
  readonly flushedFile: number;
  /** The file is at least this long afterwards. */
  readonly lastFile: number;
  readonly changes: readonly Change[];
}

function descriptorSectors(count: number): number {
  return Math.ceil((HEADER_BYTES + count * DESCRIPTOR_BYTES) / LOG_SECTOR);
}

/** How long the entry is that begins here; undefined where none does. */
export function entrySectors(
  header: Uint8Array,
  guid: Uint8Array,
  logBytes: number,
): number | undefined {
  const view = viewOf(header);
  const bytes = view.getUint32(Header.bytes, true);
  const count = view.getUint32(Header.descriptors, true);
  const isGood =
    latin1(header.subarray(0, 4)) === "loge" &&
    bytes > 0 &&
    bytes <= logBytes &&
    bytes % LOG_SECTOR === 0 &&
    view.getBigUint64(Header.sequence, true) !== 0n &&
    sameGuid(guid, header.subarray(Header.guid, Header.guid + GUID_BYTES)) &&
    descriptorSectors(count) * LOG_SECTOR <= bytes;
  return isGood ? bytes / LOG_SECTOR : undefined;
}

/** @param bytes all sectors of an entry @returns undefined when something in it is not right */
export function parseEntry(bytes: Uint8Array): LogEntry | undefined {
  const view = viewOf(bytes);
  if (view.getUint32(CHECKSUM, true) !== crc32c(bytes, CHECKSUM)) return undefined;
  const sequence = view.getBigUint64(Header.sequence, true);
  const count = view.getUint32(Header.descriptors, true);
  const changes: Change[] = [];
  let data = descriptorSectors(count) * LOG_SECTOR;
  for (let i = 0; i < count; i++) {
    const at = HEADER_BYTES + i * DESCRIPTOR_BYTES;
    const descriptor = bytes.subarray(at, at + DESCRIPTOR_BYTES);
    const change = parseChange(descriptor, sequence, bytes.subarray(data, data + LOG_SECTOR));
    if (change === undefined) return undefined;
    if (change.kind === "page") data += LOG_SECTOR;
    changes.push(change);
  }
  return {
    sequence,
    sectors: bytes.length / LOG_SECTOR,
    flushedFile: Number(view.getBigUint64(Header.flushedFile, true)),
    lastFile: Number(view.getBigUint64(Header.lastFile, true)),
    changes,
  };
}

function parseChange(
  descriptor: Uint8Array,
  sequence: bigint,
  sector: Uint8Array,
): Change | undefined {
  const view = viewOf(descriptor);
  const offset = Number(view.getBigUint64(16, true));
  if (view.getBigUint64(24, true) !== sequence || offset % LOG_SECTOR !== 0) return undefined;
  const kind = latin1(descriptor.subarray(0, 4));
  if (kind === "zero") {
    const length = Number(view.getBigUint64(8, true));
    return length % LOG_SECTOR === 0 ? { kind: "zero", offset, length } : undefined;
  }
  if (kind !== "desc" || sector.length < LOG_SECTOR) return undefined;
  const data = viewOf(sector);
  const own = (BigInt(data.getUint32(4, true)) << 32n) | BigInt(data.getUint32(4092, true));
  if (latin1(sector.subarray(0, 4)) !== "data" || own !== sequence) return undefined;
  const bytes = new Uint8Array(LOG_SECTOR);
  bytes.set(descriptor.subarray(8, 16));
  bytes.set(sector.subarray(8, 8 + MIDDLE), LEADING);
  bytes.set(descriptor.subarray(4, 8), LEADING + MIDDLE);
  return { kind: "page", offset, bytes };
}

/** An entry that changes one page of the file. */
export function pageEntry(
  page: { readonly offset: number; readonly bytes: Uint8Array },
  entry: {
    readonly sequence: bigint;
    readonly tail: number;
    readonly guid: Uint8Array;
    readonly fileBytes: number;
  },
): Uint8Array {
  const out = new Uint8Array(2 * LOG_SECTOR);
  const view = viewOf(out);
  out.set(asciiBytes("loge"));
  view.setUint32(Header.bytes, out.length, true);
  view.setUint32(Header.tail, entry.tail, true);
  view.setBigUint64(Header.sequence, entry.sequence, true);
  view.setUint32(Header.descriptors, 1, true);
  out.set(entry.guid, Header.guid);
  view.setBigUint64(Header.flushedFile, BigInt(entry.fileBytes), true);
  view.setBigUint64(Header.lastFile, BigInt(entry.fileBytes), true);
  out.set(asciiBytes("desc"), HEADER_BYTES);
  out.set(page.bytes.subarray(LEADING + MIDDLE), HEADER_BYTES + 4);
  out.set(page.bytes.subarray(0, LEADING), HEADER_BYTES + 8);
  view.setBigUint64(HEADER_BYTES + 16, BigInt(page.offset), true);
  view.setBigUint64(HEADER_BYTES + 24, entry.sequence, true);
  out.set(asciiBytes("data"), LOG_SECTOR);
  view.setUint32(LOG_SECTOR + 4, Number(entry.sequence >> 32n), true);
  out.set(page.bytes.subarray(LEADING, LEADING + MIDDLE), LOG_SECTOR + 8);
  view.setUint32(LOG_SECTOR + 4092, Number(entry.sequence & 0xffff_ffffn), true);
  view.setUint32(CHECKSUM, crc32c(out, CHECKSUM), true);
  return out;
}
