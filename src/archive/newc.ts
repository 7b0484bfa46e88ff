/**
 * Records of the "newc" cpio format, of which Linux's initramfs is made
 * (Documentation/driver-api/early-userspace/buffer-format.rst): a magic and 13 fields of 8 hexadecimal
 * digits, the name and the data, both padded to 4 bytes.
 */
import { asciiBytes, utf8Bytes } from "../util/bytes.ts";

const MAGIC = "070701";
const HEADER_BYTES = MAGIC.length + 13 * 8;

/** st_mode's file type bits. */
export const FileType = {
  file: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  character: 0o020000,
} as const;

/** Header fields that are not zero. */
export interface NewcFields {
  readonly inode?: number;
  /** Type and permissions. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly nlink: number;
  /** Seconds since 1970, below 2^32. */
  readonly mtime?: number;
  readonly deviceMajor?: number;
  readonly deviceMinor?: number;
}

/** One record, in pieces. */
export function newcRecord(name: string, fields: NewcFields, data: Uint8Array): Uint8Array[] {
  const nameBytes = utf8Bytes(`${name}\0`);
  const numbers = [
    fields.inode ?? 0,
    fields.mode ?? 0,
    fields.uid ?? 0,
    fields.gid ?? 0,
    fields.nlink,
    fields.mtime ?? 0,
    data.length,
    0, // major and minor of the device that the file is on
    0,
    fields.deviceMajor ?? 0,
    fields.deviceMinor ?? 0,
    nameBytes.length,
    0, // checksum, of the "crc" format only
  ];
  const header = MAGIC + numbers.map((value) => value.toString(16).padStart(8, "0")).join("");
  const nameEnd = HEADER_BYTES + nameBytes.length;
  return [asciiBytes(header), nameBytes, padding(nameEnd), data, padding(data.length)];
}

/** The record behind all others. */
export function newcEnd(): Uint8Array[] {
  return newcRecord("TRAILER!!!", { nlink: 1 }, new Uint8Array(0));
}

/** Zeros from `length` to the next multiple of 4. */
function padding(length: number): Uint8Array {
  return new Uint8Array(-length & 3);
}
