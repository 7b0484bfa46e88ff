/** The numbers of Virtual PC's disk images (VHD), all big-endian. */
import { latin1, viewOf } from "../../../util/bytes.ts";
import { StorageError } from "../../errors.ts";

export const SECTOR = 512;
export const FOOTER_BYTES = 512;
export const DYNAMIC_HEADER_BYTES = 1024;
export const COOKIE = "conectix";
export const DYNAMIC_COOKIE = "cxsparse";
export const TYPE_FIXED = 2;
export const TYPE_DYNAMIC = 3;
export const BLOCK_BYTES = 2 << 20;
export const UNALLOCATED = 0xffff_ffff;
export const NOWHERE = 0xffff_ffff_ffff_ffffn;

export const MAX_CYLINDERS = 65_535;
export const MAX_HEADS = 16;
export const MAX_SECTORS_PER_TRACK = 255;
/** Where the geometry is this one, it says nothing of the size. */
export const MAX_GEOMETRY = MAX_CYLINDERS * MAX_HEADS * MAX_SECTORS_PER_TRACK;
/** 2040 GiB, in sectors. */
export const MAX_SECTORS = 0xff00_0000;

/** Offsets of the fields in the footer. */
export const Footer = {
  features: 8,
  version: 12,
  dataOffset: 16,
  timestamp: 24,
  creator: 28,
  major: 32,
  minor: 34,
  creatorSystem: 36,
  originalSize: 40,
  currentSize: 48,
  cylinders: 56,
  heads: 58,
  sectors: 59,
  type: 60,
  checksum: 64,
  uuid: 68,
} as const;

/** Offsets of the fields in the header of a dynamic disk. */
export const Dynamic = {
  dataOffset: 8,
  tableOffset: 16,
  version: 24,
  entries: 28,
  blockBytes: 32,
  checksum: 36,
} as const;

/** Programs whose images are as long as the footer says, whatever the geometry is. */
const SIZED_BY_FOOTER: readonly string[] = ["win ", "qem2", "d2v ", "tap\0", "CTXS", "wa\0\0"];

export type SizeRule = "current_size" | "chs" | undefined;

/** The complement of the sum of all bytes but those of the checksum itself. */
export function checksumOf(bytes: Uint8Array, at: number): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i++) if (i < at || i >= at + 4) sum += bytes[i] as number;
  return ~sum >>> 0;
}

export function hasCookie(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(0, COOKIE.length)) === COOKIE;
}

/** @throws StorageError with QEMU's words */
export function sectorsOf(footer: Uint8Array, rule: SizeRule): number {
  const view = viewOf(footer);
  if (checksumOf(footer, Footer.checksum) !== view.getUint32(Footer.checksum))
    throw new StorageError("EINVAL", "Incorrect header checksum");
  const geometry =
    view.getUint16(Footer.cylinders) * view.getUint8(Footer.heads) * view.getUint8(Footer.sectors);
  const creator = latin1(footer.subarray(Footer.creator, Footer.creator + 4));
  const byFooter = rule === undefined ? SIZED_BY_FOOTER.includes(creator) : rule !== "chs";
  const said = Number(view.getBigUint64(Footer.currentSize) / 512n);
  const sectors = byFooter || geometry === MAX_GEOMETRY ? said : geometry;
  if (sectors > MAX_SECTORS) throw new StorageError("EFBIG");
  return sectors;
}

export interface BlockTable {
  readonly offset: number;
  readonly entries: number;
  readonly blockBytes: number;
  /** The sectors of a block that are in use, before the block itself. */
  readonly bitmapBytes: number;
}

/** A table's bytes are counted in 31 bits. */
const MAX_TABLE_ENTRIES = 0x1fff_ffff;

const isPowerOf2 = (value: number): boolean => value > 0 && Number.isInteger(Math.log2(value));

/**
 * Judges the header of a dynamic disk.
 *
 * @throws StorageError with QEMU's words
 */
export function blockTableOf(header: Uint8Array, sectors: number): BlockTable {
  const invalid = (message: string): StorageError => new StorageError("EINVAL", message);
  const view = viewOf(header);
  if (latin1(header.subarray(0, DYNAMIC_COOKIE.length)) !== DYNAMIC_COOKIE)
    throw invalid("Invalid header magic");
  const blockBytes = view.getUint32(Dynamic.blockBytes);
  if (!isPowerOf2(blockBytes) || blockBytes < SECTOR)
    throw invalid(`Invalid block size ${blockBytes}`);
  const entries = view.getUint32(Dynamic.entries);
  if (Math.floor((sectors * SECTOR) / blockBytes) > 0xffff_ffff) throw invalid("Too many blocks");
  if (entries * blockBytes < sectors * SECTOR) throw invalid("Page table too small");
  if (entries > MAX_TABLE_ENTRIES) throw invalid(`Max Table Entries too large (${entries | 0})`);
  const bitmapBytes = Math.ceil(Math.floor(blockBytes / (8 * SECTOR)) / SECTOR) * SECTOR;
  const offset = Number(view.getBigUint64(Dynamic.tableOffset));
  return { offset, entries, blockBytes, bitmapBytes };
}
