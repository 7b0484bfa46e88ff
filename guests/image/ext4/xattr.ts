import { GuestError } from "../../errors.ts";
import { crc32c } from "./crc32c.ts";
import { le32, pack } from "./fields.ts";
import {
  BLOCK_BYTES,
  EXTRA_ISIZE,
  INODE_BYTES,
  XATTR_ENTRY,
  XATTR_ENTRY_BYTES,
  XATTR_HEADER,
  XATTR_HEADER_BYTES,
  XATTR_MAGIC,
} from "./structures.ts";

/** Extended attributes by their full names, such as "security.capability". */
export type Xattrs = ReadonlyMap<string, Uint8Array>;

/** Prefixes of names are stored as numbers (e_name_index). */
const NAME_INDEXES = [
  { prefix: "system.posix_acl_access", index: 2 },
  { prefix: "system.posix_acl_default", index: 3 },
  { prefix: "user.", index: 1 },
  { prefix: "trusted.", index: 4 },
  { prefix: "security.", index: 6 },
  { prefix: "system.", index: 7 },
] as const;

interface Attribute {
  readonly index: number;
  readonly name: Buffer;
  readonly value: Uint8Array;
}

/** Where the space within an inode begins, and how much there is after its magic number. */
export const INODE_XATTRS_AT = 128 + EXTRA_ISIZE;
const INODE_ROOM = INODE_BYTES - INODE_XATTRS_AT - 4;

/** The end of an inode with attributes in it; null when they do not fit there. */
export function encodeInodeXattrs(xattrs: Xattrs): Uint8Array | null {
  const attributes = sorted(xattrs);
  const area = attributes.length === 0 ? null : encodeEntries(attributes, INODE_ROOM, 0, () => 0);
  return area === null ? null : Buffer.concat([le32(XATTR_MAGIC), area]);
}

/**
 * A block of attributes.
 *
 * @param block its number, which the checksum covers
 * @param seed the checksum register after the file system's UUID
 * @throws GuestError when they do not fit into it
 */
export function encodeXattrBlock(xattrs: Xattrs, block: number, seed: number): Uint8Array {
  const attributes = sorted(xattrs);
  const room = BLOCK_BYTES - XATTR_HEADER_BYTES;
  const area = encodeEntries(attributes, room, XATTR_HEADER_BYTES, hashOf);
  if (area === null) {
    throw new GuestError("The extended attributes of a file are larger than a block.");
  }
  const bytes = new Uint8Array(BLOCK_BYTES);
  const hash = attributes.map(hashOf).reduce((sum, entry) => rotate(sum, 16) ^ entry, 0);
  pack(bytes, 0, XATTR_HEADER, { magic: XATTR_MAGIC, refcount: 1, blocks: 1, hash: hash >>> 0 });
  bytes.set(area, XATTR_HEADER_BYTES);
  const numbered = crc32c(crc32c(seed, le32(block)), le32(Math.floor(block / 2 ** 32)));
  pack(bytes, 0, XATTR_HEADER, { checksum: crc32c(numbered, bytes) });
  return bytes;
}

/** Entries from the beginning, values from the end, four zero bytes between them at least. */
function encodeEntries(
  attributes: readonly Attribute[],
  room: number,
  offset: number,
  hash: (attribute: Attribute) => number,
): Uint8Array | null {
  const needed = attributes.map(({ name, value }) => entryBytes(name) + pad4(value.length));
  if (needed.reduce((sum, size) => sum + size, 4) > room) {
    return null;
  }
  const area = new Uint8Array(room);
  let at = 0;
  let end = room;
  for (const attribute of attributes) {
    const { index, name, value } = attribute;
    end -= pad4(value.length);
    pack(area, at, XATTR_ENTRY, {
      name_len: name.length,
      name_index: index,
      value_offs: value.length === 0 ? 0 : offset + end,
      value_size: value.length,
      hash: hash(attribute),
    });
    area.set(name, at + XATTR_ENTRY_BYTES);
    area.set(value, end);
    at += entryBytes(name);
  }
  return area;
}

function entryBytes(name: Uint8Array): number {
  return XATTR_ENTRY_BYTES + pad4(name.length);
}

function pad4(length: number): number {
  return (length + 3) & ~3;
}

/** Linux looks names up by bisection: index, length, bytes. */
function sorted(xattrs: Xattrs): Attribute[] {
  return [...xattrs]
    .map(([name, value]) => toAttribute(name, value))
    .toSorted(
      (a, b) =>
        a.index - b.index || a.name.length - b.name.length || Buffer.compare(a.name, b.name),
    );
}

function toAttribute(name: string, value: Uint8Array): Attribute {
  const row = NAME_INDEXES.find(({ prefix }) => name.startsWith(prefix));
  if (row === undefined) {
    throw new GuestError(`ext4 has no extended attribute named ${name}.`);
  }
  return { index: row.index, name: Buffer.from(name.slice(row.prefix.length), "utf8"), value };
}

/** ext4_xattr_hash_entry: over the name by bytes and the value by words. */
function hashOf({ name, value }: Attribute): number {
  let hash = 0;
  for (const byte of name) {
    hash = rotate(hash, 5) ^ byte;
  }
  const words = new Uint8Array(pad4(value.length));
  words.set(value);
  const view = new DataView(words.buffer);
  for (let at = 0; at < words.length; at += 4) {
    hash = rotate(hash, 16) ^ view.getUint32(at, true);
  }
  return hash >>> 0;
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
