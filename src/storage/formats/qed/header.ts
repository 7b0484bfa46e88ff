/** The numbers of QEMU's enhanced disk format (docs/interop/qed_spec.txt), all little-endian. */
import { latin1, utf8Text, viewOf } from "../../../util/bytes.ts";
import type { BlockNode } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import { readPadded } from "../../padded.ts";
import type { Task } from "../../task.ts";

export const MAGIC = "QED\0";
export const HEADER_BYTES = 64;
export const Feature = { backingFile: 1, needCheck: 2, rawBacking: 4 } as const;
const KNOWN_FEATURES = 7n;

export const MIN_CLUSTER = 4096;
export const MAX_CLUSTER = 64 << 20;
export const MAX_TABLE = 16;
export const MAX_BACKING_NAME = 1023;

export interface QedHeader {
  clusterSize: number;
  /** Of an L1 or L2 table, in clusters. */
  tableSize: number;
  /** In clusters. */
  headerSize: number;
  features: number;
  compatible: bigint;
  autoclear: bigint;
  l1Offset: number;
  sizeBytes: number;
  backingOffset: number;
  backingFile: string | undefined;
}

const isPowerOf2 = (value: number): boolean => value > 0 && Number.isInteger(Math.log2(value));

export function isClusterSize(size: number): boolean {
  return size >= MIN_CLUSTER && size <= MAX_CLUSTER && isPowerOf2(size);
}

export function isTableSize(size: number): boolean {
  return size >= 1 && size <= MAX_TABLE && isPowerOf2(size);
}

/** The longest disk that two levels of tables describe. */
export function maxImageSize(clusterSize: number, tableSize: number): number {
  const entries = (tableSize * clusterSize) / 8;
  return entries * entries * clusterSize;
}

export function isImageSize(size: number, clusterSize: number, tableSize: number): boolean {
  return size % 512 === 0 && size <= maxImageSize(clusterSize, tableSize);
}

function invalid(message: string): StorageError {
  return new StorageError("EINVAL", message);
}

/** @throws StorageError with QEMU's words */
export function* readHeader(file: BlockNode): Task<QedHeader> {
  const bytes = new Uint8Array(HEADER_BYTES);
  yield* readPadded(file, 0, bytes);
  const view = viewOf(bytes);
  if (latin1(bytes.subarray(0, 4)) !== MAGIC) throw invalid("Image not in QED format");
  const features = view.getBigUint64(16, true);
  const unknown = features & ~KNOWN_FEATURES;
  if (unknown !== 0n)
    throw new StorageError("ENOTSUP", `Unsupported QED features: ${unknown.toString(16)}`);
  const header: QedHeader = {
    clusterSize: view.getUint32(4, true),
    tableSize: view.getUint32(8, true),
    headerSize: view.getUint32(12, true),
    features: Number(features),
    compatible: view.getBigUint64(24, true),
    autoclear: view.getBigUint64(32, true),
    l1Offset: Number(view.getBigUint64(40, true)),
    sizeBytes: Number(view.getBigUint64(48, true)),
    backingOffset: view.getUint32(56, true),
    backingFile: undefined,
  };
  demandSound(header, file);
  if ((header.features & Feature.backingFile) !== 0)
    header.backingFile = yield* backingName(file, header, view.getUint32(60, true));
  return header;
}

function demandSound(header: QedHeader, file: BlockNode): void {
  const { clusterSize, tableSize, sizeBytes } = header;
  if (!isClusterSize(clusterSize)) throw invalid("QED cluster size is invalid");
  if (!isTableSize(tableSize)) throw invalid("QED table size is invalid");
  if (!isImageSize(sizeBytes, clusterSize, tableSize)) throw invalid("QED image size is invalid");
  const end = Math.floor(file.sizeBytes / clusterSize) * clusterSize;
  if (!isTableOffset(header, header.l1Offset, end)) throw invalid("QED table offset is invalid");
}

function* backingName(file: BlockNode, header: QedHeader, length: number): Task<string> {
  const { backingOffset, clusterSize, headerSize } = header;
  if (backingOffset + length > clusterSize * headerSize)
    throw invalid("QED backing filename offset is invalid");
  if (length > MAX_BACKING_NAME) throw invalid("Failed to read backing filename");
  const bytes = new Uint8Array(length);
  yield* readPadded(file, backingOffset, bytes);
  return utf8Text(bytes);
}

/** True where a cluster may be in a file of `end` bytes. */
export function isClusterOffset(header: QedHeader, offset: number, end: number): boolean {
  const { clusterSize, headerSize } = header;
  return offset % clusterSize === 0 && offset >= headerSize * clusterSize && offset < end;
}

/** True where a whole table may be. QEMU opens no image with tables of one cluster. */
export function isTableOffset(header: QedHeader, offset: number, end: number): boolean {
  const last = offset + (header.tableSize - 1) * header.clusterSize;
  return (
    last > offset && isClusterOffset(header, offset, end) && isClusterOffset(header, last, end)
  );
}

export function headerBytes(header: QedHeader, name: Uint8Array | undefined): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = viewOf(bytes);
  for (let i = 0; i < MAGIC.length; i++) bytes[i] = MAGIC.charCodeAt(i);
  view.setUint32(4, header.clusterSize, true);
  view.setUint32(8, header.tableSize, true);
  view.setUint32(12, header.headerSize, true);
  view.setBigUint64(16, BigInt(header.features), true);
  view.setBigUint64(24, header.compatible, true);
  view.setBigUint64(32, header.autoclear, true);
  view.setBigUint64(40, BigInt(header.l1Offset), true);
  view.setBigUint64(48, BigInt(header.sizeBytes), true);
  view.setUint32(56, name === undefined ? 0 : header.backingOffset, true);
  view.setUint32(60, name?.length ?? 0, true);
  return bytes;
}
