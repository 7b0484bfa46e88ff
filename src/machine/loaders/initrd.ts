/**
 * Checks an initial RAM file system for being cut short, which the kernel would report only as a
 * panic much later. Linux takes a sequence of segments: newc archives and compressed archives
 * (kernel documentation: early userspace, "buffer format").
 */
import { alignUp, asciiBytes, latin1, startsWith, viewOf } from "../../util/bytes.ts";
import { gunzip, InflateError, isGzip } from "../../util/inflate.ts";
import { GIB } from "../memory-map.ts";
import { identify } from "./identify.ts";
import { imageError, type Image } from "./image.ts";

const CPIO_HEADER_BYTES = 110;
/** Far beyond any RAM this board has: a guard against expanding without end. */
const MAX_EXPANDED_BYTES = 3 * GIB;
const XZ_MAGIC = Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00);
const ZSTD_MAGIC = 0xfd2f_b528;
const ZSTD_SKIPPABLE = 0x184d_2a50;

/** What one segment is found to be: where it ends, or that it ends too early. */
type Walk = { readonly end: number } | { readonly truncated: string };

/** Compressed forms and file systems that Linux takes and that are passed on unread. */
const UNREAD = /^(bzip2|lzma|lz4)-compressed$|file system$/;

/** @throws VmError when the file is empty, cut short, or nothing that Linux could mount or unpack */
export function checkInitrd(image: Image): void {
  const { bytes } = image;
  for (let at = 0, first = true; at < bytes.length; first = false) {
    const walk = walkSegment(bytes, at);
    if (walk === null) {
      if (first) refuseUnknown(image);
      return; // what follows the first archive is the guest's business
    }
    if ("truncated" in walk) throw imageError("initrd", image, `is cut short: ${walk.truncated}`);
    at = skipZeros(bytes, walk.end);
  }
  if (bytes.length === 0) throw imageError("initrd", image, "is empty");
}

function refuseUnknown(image: Image): void {
  const what = identify(image.bytes);
  if (what !== null && UNREAD.test(what)) return;
  const is = what === null ? "" : `is ${what}, `;
  const wanted = "cpio archive (plain or compressed) nor a file system image";
  throw imageError(
    "initrd",
    image,
    is ? `${is}not a ${wanted.replace("nor", "or")}` : `is neither a ${wanted}`,
  );
}

function walkSegment(bytes: Uint8Array, at: number): Walk | null {
  if (isNewc(bytes, at)) return walkNewc(bytes, at);
  if (isGzip(bytes, at)) return walkGzip(bytes, at);
  if (startsWith(bytes, XZ_MAGIC, at)) return walkXz(bytes);
  if (at + 4 <= bytes.length && isZstd(viewOf(bytes).getUint32(at, true)))
    return walkZstd(bytes, at);
  return null;
}

function skipZeros(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] === 0) at++;
  return at;
}

function isNewc(bytes: Uint8Array, at: number): boolean {
  return startsWith(bytes, asciiBytes("070701"), at) || startsWith(bytes, asciiBytes("070702"), at);
}

/** Entries follow each other until TRAILER!!!, each part padded to 4 bytes (cpio newc format). */
function walkNewc(bytes: Uint8Array, start: number): Walk {
  let at = start;
  while (at + CPIO_HEADER_BYTES <= bytes.length && isNewc(bytes, at)) {
    const fileBytes = hexField(bytes, at + 54);
    const nameBytes = hexField(bytes, at + 94);
    const nameAt = at + CPIO_HEADER_BYTES;
    const name = latin1(bytes.subarray(nameAt, nameAt + nameBytes), true);
    // Padding counts from the archive's start, not the file's.
    const dataAt = start + alignUp(nameAt + nameBytes - start, 4);
    if (name === "TRAILER!!!") return { end: Math.min(dataAt, bytes.length) };
    if (dataAt + fileBytes > bytes.length)
      return { truncated: `the archive ends inside '${name}'` };
    at = start + alignUp(dataAt + fileBytes - start, 4);
  }
  return { truncated: "the cpio archive ends before its trailer" };
}

function hexField(bytes: Uint8Array, at: number): number {
  const value = Number.parseInt(latin1(bytes.subarray(at, at + 8)), 16);
  return Number.isNaN(value) ? 0 : value;
}

function walkGzip(bytes: Uint8Array, at: number): Walk | null {
  try {
    return { end: gunzip(bytes, at, MAX_EXPANDED_BYTES).end };
  } catch (error) {
    if (!(error instanceof InflateError)) throw error;
    return error.truncated
      ? { truncated: "the gzip data ends early" }
      : { truncated: error.message };
  }
}

/** An xz stream ends with "YZ", then only zero padding (xz file format §2.1.2.4, §2.2). */
function walkXz(bytes: Uint8Array): Walk {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  const complete = bytes[end - 2] === 0x59 && bytes[end - 1] === 0x5a;
  return complete ? { end: bytes.length } : { truncated: "the xz stream has no footer" };
}

function isZstd(magic: number): boolean {
  return magic === ZSTD_MAGIC || (magic & ~15) === (ZSTD_SKIPPABLE | 0);
}

/** Frame header and block headers give every size (RFC 8878 §3.1.1). */
function walkZstd(bytes: Uint8Array, start: number): Walk {
  const cut: Walk = { truncated: "the zstd data ends early" };
  const view = viewOf(bytes);
  const have = (from: number, count: number): boolean => from + count <= bytes.length;
  if (view.getUint32(start, true) !== ZSTD_MAGIC) {
    if (!have(start, 8)) return cut;
    const end = start + 8 + view.getUint32(start + 4, true);
    return end <= bytes.length ? { end } : cut;
  }
  if (!have(start, 5)) return cut;
  const descriptor = bytes[start + 4] as number;
  let at = start + 5 + zstdHeaderRest(descriptor);
  for (let last = false; !last;) {
    if (!have(at, 3)) return cut;
    const header = view.getUint16(at, true) | ((bytes[at + 2] as number) << 16);
    last = (header & 1) === 1;
    const isRle = ((header >> 1) & 3) === 1;
    at += 3 + (isRle ? 1 : header >> 3);
  }
  at += descriptor & 4; // content checksum: 4 bytes when bit 2 is set
  return at <= bytes.length ? { end: at } : cut;
}

/** Bytes of window descriptor, dictionary id and content size after the frame descriptor. */
function zstdHeaderRest(descriptor: number): number {
  const singleSegment = (descriptor >> 5) & 1;
  const sizeFlag = descriptor >> 6;
  const contentBytes = sizeFlag === 0 ? singleSegment : 1 << sizeFlag;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] as number;
  return 1 - singleSegment + dictionaryBytes + contentBytes;
}
