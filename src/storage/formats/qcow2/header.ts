import { asciiBytes, latin1, utf8Bytes, utf8Text, viewOf } from "../../../util/bytes.ts";
import { StorageError } from "../../errors.ts";
import {
  CryptMethod,
  Extension,
  FEATURE_NAMES,
  FEATURE_NAME_BYTES,
  MAX_BACKING_NAME,
  MAX_CLUSTER_BITS,
  MIN_CLUSTER_BITS,
  QCOW_MAGIC,
  V2_HEADER_BYTES,
  V3_HEADER_BYTES,
  getU64,
  putU64,
} from "./format.ts";

const SMALL_CLUSTER_BITS = 12;

/** Where the bitmaps' directory is (bitmaps extension). */
export interface BitmapDirectory {
  readonly count: number;
  readonly bytes: number;
  readonly offset: number;
}

/** The header cluster: header, extensions and the backing file's name. */
export interface Qcow2Header {
  version: 2 | 3;
  clusterBits: number;
  sizeBytes: number;
  /** One of `CryptMethod`, or unknown. */
  cryptMethod: number;
  l1Entries: number;
  l1Offset: number;
  refcountTableOffset: number;
  refcountTableClusters: number;
  snapshotCount: number;
  snapshotsOffset: number;
  /** Bits 0 to 31; higher ones are refused when the image is opened. */
  incompatible: number;
  compatible: bigint;
  autoclear: bigint;
  refcountOrder: number;
  /** 0 zlib, 1 zstd. */
  compression: number;
  backingFile: string | undefined;
  backingFormat: string | undefined;
  dataFile: string | undefined;
  crypto: { readonly offset: number; readonly bytes: number } | undefined;
  bitmaps: BitmapDirectory | undefined;
  /** Header fields after the compression type, and extensions, that this does not know: kept. */
  unknownFields: Uint8Array;
  unknownExtensions: readonly { readonly type: number; readonly data: Uint8Array }[];
}

/** What is said of an image's incompatible features that are not known. */
function unsupportedFeatures(unknown: bigint, table: Uint8Array | undefined): string {
  const names: string[] = [];
  let left = unknown;
  const rows = table ?? new Uint8Array(0);
  // The last row may be cut short, and a row without a name ends the table.
  for (let at = 0; (rows[at + 2] ?? 0) !== 0; at += FEATURE_NAME_BYTES) {
    const bit = 1n << BigInt(rows[at + 1] ?? 0);
    if (rows[at] !== 0 || (unknown & bit) === 0n) continue;
    names.push(latin1(rows.subarray(at + 2, at + FEATURE_NAME_BYTES), true));
    left &= ~bit;
  }
  if (left !== 0n) names.push(`Unknown incompatible feature: ${left.toString(16)}`);
  return `Unsupported qcow2 feature(s): ${names.join(", ")}`;
}

function invalid(message: string): StorageError {
  return new StorageError("EINVAL", message);
}

/**
 * Reads a header cluster.
 *
 * @param cluster the image's first cluster, or what there is of it
 * @throws StorageError with QEMU's words
 */
export function parseHeader(cluster: Uint8Array, knownIncompatible: number): Qcow2Header {
  const view = viewOf(cluster);
  if (cluster.length < V2_HEADER_BYTES) throw invalid("Could not read qcow2 header");
  if (view.getUint32(0) !== QCOW_MAGIC) throw invalid("Image is not in qcow2 format");
  const version = view.getUint32(4);
  if (version !== 2 && version !== 3)
    throw new StorageError("ENOTSUP", `Unsupported qcow2 version ${version}`);
  const clusterBits = view.getUint32(20);
  if (clusterBits < MIN_CLUSTER_BITS || clusterBits > MAX_CLUSTER_BITS)
    throw invalid(`Unsupported cluster size: 2^${clusterBits}`);
  const clusterSize = 1 << clusterBits;
  const headerLength = version === 3 ? view.getUint32(100) : V2_HEADER_BYTES;
  if (version === 3 && headerLength < 104) throw invalid("qcow2 header too short");
  if (headerLength > clusterSize) throw invalid("qcow2 header exceeds cluster size");
  const header = fixedFields(view, version, headerLength);
  const backingOffset = getU64(view, 8);
  if (backingOffset > clusterSize) throw invalid("Invalid backing file offset");
  const unknown = version === 3 ? view.getBigUint64(72) & ~BigInt(knownIncompatible) : 0n;
  const end = backingOffset === 0 ? clusterSize : backingOffset;
  readExtensions(header, cluster, headerLength, end, unknown !== 0n, (table) => {
    if (unknown !== 0n) throw new StorageError("ENOTSUP", unsupportedFeatures(unknown, table));
  });
  header.backingFile = backingName(cluster, backingOffset, view.getUint32(16), clusterSize);
  return header;
}

function fixedFields(view: DataView, version: 2 | 3, headerLength: number): Qcow2Header {
  const isV3 = version === 3;
  const known = Math.min(headerLength, V3_HEADER_BYTES);
  return {
    version,
    clusterBits: view.getUint32(20),
    sizeBytes: getU64(view, 24),
    cryptMethod: view.getUint32(32),
    l1Entries: view.getUint32(36),
    l1Offset: getU64(view, 40),
    refcountTableOffset: getU64(view, 48),
    refcountTableClusters: view.getUint32(56),
    snapshotCount: view.getUint32(60),
    snapshotsOffset: getU64(view, 64),
    incompatible: isV3 ? view.getUint32(76) : 0,
    compatible: isV3 ? view.getBigUint64(80) : 0n,
    autoclear: isV3 ? view.getBigUint64(88) : 0n,
    refcountOrder: isV3 ? view.getUint32(96) : 4,
    compression: headerLength > 104 ? view.getUint8(104) : 0,
    backingFile: undefined,
    backingFormat: undefined,
    dataFile: undefined,
    crypto: undefined,
    bitmaps: undefined,
    unknownFields: new Uint8Array(
      view.buffer,
      view.byteOffset + known,
      headerLength - known,
    ).slice(),
    unknownExtensions: [],
  };
}

function backingName(
  cluster: Uint8Array,
  offset: number,
  length: number,
  clusterSize: number,
): string | undefined {
  if (offset === 0) return undefined;
  if (length > Math.min(MAX_BACKING_NAME, clusterSize - offset))
    throw invalid("Backing file name too long");
  const text = utf8Text(cluster.subarray(offset, offset + length));
  return text === "" ? undefined : text;
}

function readExtensions(
  header: Qcow2Header,
  cluster: Uint8Array,
  start: number,
  end: number,
  onlyFeatureTable: boolean,
  done: (featureTable: Uint8Array | undefined) => void,
): void {
  const view = viewOf(cluster);
  const unknown: { type: number; data: Uint8Array }[] = [];
  let featureTable: Uint8Array | undefined;
  for (let at = start; at < end && at + 8 <= cluster.length;) {
    const type = view.getUint32(at);
    const length = view.getUint32(at + 4);
    if (type === Extension.end) break;
    at += 8;
    if (at > end || length > end - at) throw invalid("Header extension too large");
    const data = cluster.slice(at, at + length);
    if (type === Extension.featureTable) featureTable = data;
    else if (!onlyFeatureTable && !knownExtension(header, type, data)) unknown.push({ type, data });
    at += Math.ceil(length / 8) * 8;
  }
  done(featureTable);
  header.unknownExtensions = unknown;
}

function knownExtension(header: Qcow2Header, type: number, data: Uint8Array): boolean {
  const view = viewOf(data);
  switch (type) {
    case Extension.backingFormat:
      if (data.length >= 16)
        throw invalid(`ERROR: ext_backing_format: len=${data.length} too large (>=16)`);
      header.backingFormat = utf8Text(data);
      return true;
    case Extension.dataFile:
      header.dataFile = utf8Text(data);
      return true;
    case Extension.crypto:
      if (header.cryptMethod !== CryptMethod.luks)
        throw invalid("CRYPTO header extension only expected with LUKS encryption method");
      if (data.length !== 16)
        throw invalid(`CRYPTO header extension size ${data.length}, but expected size 16`);
      header.crypto = { offset: getU64(view, 0), bytes: getU64(view, 8) };
      if (header.crypto.offset % (1 << header.clusterBits) !== 0) {
        throw invalid(
          `Encryption header offset '${view.getBigUint64(0)}' is not a multiple of cluster size ` +
            `'${1 << header.clusterBits}'`,
        );
      }
      return true;
    case Extension.bitmaps:
      if (data.length !== 24) throw invalid("bitmaps_ext: Invalid extension length");
      header.bitmaps = {
        count: view.getUint32(0),
        bytes: getU64(view, 8),
        offset: getU64(view, 16),
      };
      return true;
    default:
      return false;
  }
}

/** What a disk writes whole or not at all. */
export const SECTOR_BYTES = 512;

/**
 * The same header in one sector, without what only explains itself to people and what nobody here knows.
 *
 * @returns null where names are too long for that
 */
export function headerSector(header: Qcow2Header): Uint8Array<ArrayBuffer> | null {
  const needed = extensionsOf(header).filter(({ type }) => NEEDED.has(type));
  const sector = new Uint8Array(SECTOR_BYTES);
  return putHeader(header, needed, sector) ? sector : null;
}

const NEEDED: ReadonlySet<number> = new Set([
  Extension.backingFormat,
  Extension.dataFile,
  Extension.crypto,
  Extension.bitmaps,
]);

/**
 * The header cluster to write.
 *
 * @throws StorageError ENOSPC when extensions and names do not fit into a cluster
 */
export function encodeHeader(header: Qcow2Header): Uint8Array<ArrayBuffer> {
  const cluster = new Uint8Array(1 << header.clusterBits);
  if (putHeader(header, extensionsOf(header), cluster)) return cluster;
  throw new StorageError("ENOSPC");
}

/** @returns false when it does not fit */
function putHeader(
  header: Qcow2Header,
  extensions: readonly { readonly type: number; readonly data: Uint8Array }[],
  cluster: Uint8Array,
): boolean {
  const view = viewOf(cluster);
  const isV3 = header.version === 3;
  const length = isV3 ? V3_HEADER_BYTES + header.unknownFields.length : V2_HEADER_BYTES;
  if (length > cluster.length) return false;
  putFixedFields(view, header, length);
  if (isV3) cluster.set(header.unknownFields, V3_HEADER_BYTES);
  let at = length;
  for (const { type, data } of extensions) {
    if (at + 8 + data.length > cluster.length) return false;
    view.setUint32(at, type);
    view.setUint32(at + 4, data.length);
    cluster.set(data, at + 8);
    at += 8 + Math.ceil(data.length / 8) * 8;
  }
  at += 8;
  if (header.backingFile === undefined) {
    return at <= cluster.length;
  }
  const name = utf8Bytes(header.backingFile);
  if (at + name.length > cluster.length) return false;
  cluster.set(name, at);
  putU64(view, 8, at);
  view.setUint32(16, name.length);
  return true;
}

function putFixedFields(view: DataView, header: Qcow2Header, length: number): void {
  view.setUint32(0, QCOW_MAGIC);
  view.setUint32(4, header.version);
  view.setUint32(20, header.clusterBits);
  putU64(view, 24, header.sizeBytes);
  view.setUint32(32, header.cryptMethod);
  view.setUint32(36, header.l1Entries);
  putU64(view, 40, header.l1Offset);
  putU64(view, 48, header.refcountTableOffset);
  view.setUint32(56, header.refcountTableClusters);
  view.setUint32(60, header.snapshotCount);
  putU64(view, 64, header.snapshotsOffset);
  if (header.version === 2) return;
  view.setUint32(76, header.incompatible);
  view.setBigUint64(80, header.compatible);
  view.setBigUint64(88, header.autoclear);
  view.setUint32(96, header.refcountOrder);
  view.setUint32(100, length);
  view.setUint8(104, header.compression);
}

function extensionsOf(header: Qcow2Header): { type: number; data: Uint8Array }[] {
  const out: { type: number; data: Uint8Array }[] = [];
  if (header.backingFormat !== undefined)
    out.push({ type: Extension.backingFormat, data: utf8Bytes(header.backingFormat) });
  if (header.dataFile !== undefined)
    out.push({ type: Extension.dataFile, data: utf8Bytes(header.dataFile) });
  if (header.crypto !== undefined) {
    const data = new Uint8Array(16);
    putU64(viewOf(data), 0, header.crypto.offset);
    putU64(viewOf(data), 8, header.crypto.bytes);
    out.push({ type: Extension.crypto, data });
  }
  // As QEMU: where clusters are small the names would take most of the header's.
  if (header.version === 3 && header.clusterBits > SMALL_CLUSTER_BITS)
    out.push({ type: Extension.featureTable, data: featureNameTable() });
  if (header.bitmaps !== undefined)
    out.push({ type: Extension.bitmaps, data: bitmapsExtension(header.bitmaps) });
  return [...out, ...header.unknownExtensions];
}

function bitmapsExtension({ count, bytes, offset }: BitmapDirectory): Uint8Array {
  const data = new Uint8Array(24);
  viewOf(data).setUint32(0, count);
  putU64(viewOf(data), 8, bytes);
  putU64(viewOf(data), 16, offset);
  return data;
}

function featureNameTable(): Uint8Array {
  const table = new Uint8Array(FEATURE_NAMES.length * FEATURE_NAME_BYTES);
  FEATURE_NAMES.forEach(([type, bit, name], i) => {
    table.set([type, bit], i * FEATURE_NAME_BYTES);
    table.set(asciiBytes(name), i * FEATURE_NAME_BYTES + 2);
  });
  return table;
}
