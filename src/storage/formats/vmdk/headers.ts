/** Headers of sparse extents: hosted, those of ESX (COWD), and seSparse. All are little-endian. */
import { latin1, viewOf } from "../../../util/bytes.ts";
import type { BlockNode } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import { readPadded } from "../../padded.ts";
import { isZero } from "../../segments.ts";
import type { Task } from "../../task.ts";
import type { SparseLayout } from "./extent.ts";

export const MAGIC = "KDMV";
export const COW_MAGIC = "COWD";
export const Flag = {
  newlineTest: 1,
  redundantTable: 2,
  zeroGrain: 4,
  compressed: 1 << 16,
  markers: 1 << 17,
} as const;
export const DEFLATE = 1;
const DIRECTORY_AT_END = 0xffff_ffff_ffff_ffffn;
const FOOTER_MARKER = 3;
const COW_TABLE_ENTRIES = 4096;

function invalid(message: string): StorageError {
  return new StorageError("EINVAL", message);
}

/** Offsets of the fields in a hosted extent's header. */
export const Field = {
  version: 4,
  flags: 8,
  capacity: 12,
  grainSectors: 20,
  descriptor: 28,
  descriptorSectors: 36,
  tableEntries: 44,
  directoryCopy: 48,
  directory: 56,
  grains: 64,
  newlines: 73,
  compression: 77,
} as const;

export function hasMagic(bytes: Uint8Array, magic: string): boolean {
  return latin1(bytes.subarray(0, 4)) === magic;
}

/** Where the descriptor is in a file that has nothing else, in sectors; 0 where it is an extent. */
export function* descriptorAt(file: BlockNode): Task<number> {
  const bytes = new Uint8Array(512);
  yield* readPadded(file, 0, bytes);
  const view = viewOf(bytes);
  if (!hasMagic(bytes, MAGIC) || view.getBigUint64(Field.capacity, true) !== 0n) return 0;
  return Number(view.getBigUint64(Field.descriptor, true));
}

/** @throws StorageError with QEMU's words */
export function* readSparse(file: BlockNode, readOnly: boolean): Task<SparseLayout> {
  const bytes = new Uint8Array(512);
  yield* readPadded(file, 0, bytes);
  if (hasMagic(bytes, COW_MAGIC)) return cowLayout(bytes);
  if (!hasMagic(bytes, MAGIC)) throw invalid("Image not in VMDK format");
  const atEnd = viewOf(bytes).getBigUint64(Field.directory, true) === DIRECTORY_AT_END;
  if (atEnd) bytes.set(yield* readFooter(file));
  return hostedLayout(bytes, file, readOnly);
}

/** The header's copy at the end, between its marker and the one of the stream's end. */
function* readFooter(file: BlockNode): Task<Uint8Array> {
  const bytes = new Uint8Array(1536);
  const at = Math.ceil(file.sizeBytes / 512) * 512 - bytes.length;
  if (at < 0) throw invalid("Invalid footer");
  yield* readPadded(file, at, bytes);
  const view = viewOf(bytes);
  const isFooter = view.getUint32(8, true) === 0 && view.getUint32(12, true) === FOOTER_MARKER;
  const isEnd = isZero(bytes.subarray(1024, 1040));
  const header = bytes.subarray(512, 1024);
  if (!isFooter || !isEnd || !hasMagic(header, MAGIC)) throw invalid("Invalid footer");
  return header;
}

function hostedLayout(bytes: Uint8Array, file: BlockNode, readOnly: boolean): SparseLayout {
  const view = viewOf(bytes);
  const word = (at: number): number => view.getUint32(at, true);
  const long = (at: number): number => Number(view.getBigUint64(at, true));
  const isCompressed = view.getUint16(Field.compression, true) === DEFLATE;
  const version = word(Field.version);
  if (version > 3) throw new StorageError("ENOTSUP", `Unsupported VMDK version ${version}`);
  // Version 3 tracks changes, which writes would have to tell of (VMware KB 2064959).
  if (version === 3 && !readOnly && !isCompressed)
    throw invalid("VMDK version 3 must be read only");
  const tableEntries = word(Field.tableEntries);
  if (tableEntries > 512) throw invalid("L2 table size too big");
  const grainSectors = long(Field.grainSectors);
  const span = tableEntries * grainSectors;
  if (span === 0 || span % 2 ** 32 === 0) throw invalid("L1 entry size is invalid");
  const grains = long(Field.grains);
  if (Math.ceil(file.sizeBytes / 512) < grains)
    throw invalid(`File truncated, expecting at least ${BigInt(grains) * 512n} bytes`);
  const flags = word(Field.flags);
  const hasCopy = (flags & Flag.redundantTable) !== 0;
  return {
    sectors: long(Field.capacity),
    directory: long(Field.directory) * 512,
    directoryCopy: hasCopy ? long(Field.directoryCopy) * 512 : 0,
    directoryEntries: Math.ceil(long(Field.capacity) / span),
    tableEntries,
    grainSectors,
    isCompressed,
    hasMarkers: (flags & Flag.markers) !== 0,
    hasZeroGrains: (flags & Flag.zeroGrain) !== 0,
  };
}

function cowLayout(bytes: Uint8Array): SparseLayout {
  const view = viewOf(bytes);
  const grainSectors = view.getUint32(16, true);
  if (grainSectors === 0) throw invalid("L1 entry size is invalid");
  return {
    sectors: view.getUint32(12, true),
    directory: view.getUint32(20, true) * 512,
    directoryCopy: 0,
    directoryEntries: view.getUint32(24, true),
    tableEntries: COW_TABLE_ENTRIES,
    grainSectors,
  };
}

const SE_MAGIC = 0xcafe_babe;
const SE_VOLATILE_MAGIC = 0xcafe_cafe;
const SE_VERSION = 0x0000_0002_0000_0001n;

/** @throws StorageError with QEMU's words; the format is not documented, so it is strict */
export function* readSeSparse(file: BlockNode, readOnly: boolean): Task<SparseLayout> {
  if (!readOnly) throw new StorageError("EACCES", "No write support for seSparse images available");
  const bytes = new Uint8Array(512);
  yield* readPadded(file, 0, bytes);
  const view = viewOf(bytes);
  const field = (index: number): bigint => view.getBigUint64(index * 8, true);
  demandSeHeader(bytes, field);
  const volatileAt = Number(field(10)) * 512;
  const volatile = new Uint8Array(512);
  if (volatileAt < file.sizeBytes) yield* readPadded(file, volatileAt, volatile);
  demandVolatile(volatile);
  const tableEntries = (Number(field(4)) * 512) / 8;
  return {
    sectors: Number(field(2)),
    directory: Number(field(16)) * 512,
    directoryCopy: 0,
    directoryEntries: (Number(field(17)) * 512) / 8,
    tableEntries,
    grainSectors: Number(field(3)),
    seSparse: { tables: Number(field(18)), grains: Number(field(24)) },
  };
}

const hex16 = (value: bigint): string => `0x${value.toString(16).padStart(16, "0")}`;

function demandSeHeader(bytes: Uint8Array, field: (index: number) => bigint): void {
  const unsupported = (text: string): StorageError =>
    new StorageError("ENOTSUP", `Unsupported ${text}`);
  if (field(0) !== BigInt(SE_MAGIC)) throw invalid(`Bad const header magic: ${hex16(field(0))}`);
  if (field(1) !== SE_VERSION) throw unsupported(`version: ${hex16(field(1))}`);
  if (field(3) !== 8n) throw unsupported(`grain size: ${field(3)}`);
  if (field(4) !== 64n) throw unsupported(`grain table size: ${field(4)}`);
  if (field(5) !== 0n) throw unsupported(`flags: ${hex16(field(5))}`);
  const reserved = [6, 7, 8, 9].map(field);
  if (reserved.some((value) => value !== 0n))
    throw unsupported(`reserved bits: ${reserved.map(hex16).join(" ")}`);
  if (!isZero(bytes.subarray(26 * 8))) throw unsupported("non-zero const header padding");
}

function demandVolatile(bytes: Uint8Array): void {
  const view = viewOf(bytes);
  const magic = view.getBigUint64(0, true);
  if (magic !== BigInt(SE_VOLATILE_MAGIC))
    throw invalid(`Bad volatile header magic: ${hex16(magic)}`);
  if (view.getBigUint64(24, true) !== 0n)
    throw new StorageError("ENOTSUP", "Image is dirty, Replaying journal not supported");
  if (!isZero(bytes.subarray(32)))
    throw new StorageError("ENOTSUP", "Unsupported non-zero volatile header padding");
}
