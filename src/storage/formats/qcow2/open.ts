import { viewOf } from "../../../util/bytes.ts";
import type { BlockNode } from "../../block-node.ts";
import { compressorOf } from "../../compression.ts";
import { StorageError } from "../../errors.ts";
import { type Task, run, wait } from "../../task.ts";
import {
  Autoclear,
  CryptMethod,
  COMPATIBLE_LAZY_REFCOUNTS,
  Incompatible,
  KNOWN_INCOMPATIBLE,
  MAX_L1_BYTES,
  MAX_REFTABLE_BYTES,
  MAX_SNAPSHOTS,
  SNAPSHOT_HEADER_BYTES,
  entryOffset,
} from "./format.ts";
import { type Qcow2Unlocking, openEncryption } from "./encryption.ts";
import { type Qcow2Header, parseHeader } from "./header.ts";
import { BitmapTracker } from "./bitmap-tracker.ts";
import { Qcow2Image } from "./image.ts";
import { DEFAULT_RUNTIME, type Qcow2Runtime } from "./runtime.ts";
import { readPadded } from "../../padded.ts";
import { readSnapshots } from "./snapshot-table.ts";
import { snapshotL1 } from "./snapshots.ts";

/** More than any LUKS header takes: a damaged length is no reason to walk through a whole disk. */
const MAX_GUARDED_CRYPTO = 8 << 20;

export interface Qcow2OpenOptions {
  readonly readOnly: boolean;
  /** For checking: damage that makes other uses unsafe is let pass. */
  readonly forCheck?: boolean;
  /** What the user chose, given the cluster size and the bytes of all L2 tables there can be. */
  runtime?(clusterSize: number, l2Bytes: number): Qcow2Runtime;
  /** How encrypted images are unlocked; without it they are refused. */
  readonly unlocking?: Qcow2Unlocking | undefined;
  report(message: string): void;
  /** Hears what is lost when the image is closed; `report` when absent. */
  complain?(message: string): void;
  /** The image with the clusters' data, where they are not in the file itself. */
  openDataFile?(name: string | undefined): Promise<BlockNode | undefined>;
}

/**
 * Opens an image; its backing image is attached by whoever resolved the name.
 *
 * @throws StorageError with QEMU's words
 */
export async function openQcow2(file: BlockNode, options: Qcow2OpenOptions): Promise<Qcow2Image> {
  const header = await readHeader(file);
  demandSound(header, options);
  const encryption = await openEncryption(file, header, options.unlocking);
  const isExternal = (header.incompatible & Incompatible.dataFile) !== 0;
  const dataFile = isExternal ? await openData(header, options) : undefined;
  if (!options.readOnly && options.forCheck !== true) demandInFile(file, header);
  const l1 = await readTable(file, header.l1Offset, header.l1Entries * 8);
  const blocks = await refcountBlocks(file, header);
  const clusterSize = 1 << header.clusterBits;
  const l2Bytes = l1EntriesFor(header, header.sizeBytes) * clusterSize;
  const runtime = options.runtime?.(clusterSize, l2Bytes) ?? DEFAULT_RUNTIME;
  const lazy = (header.compatible & BigInt(COMPATIBLE_LAZY_REFCOUNTS)) !== 0n;
  const image = new Qcow2Image({
    file,
    dataFile,
    backing: undefined,
    header,
    encryption,
    l1,
    refcountBlocks: blocks,
    compressor: await compressorOf(header.compression),
    readOnly: options.readOnly,
    runtime: { ...runtime, lazyRefcounts: runtime.lazyRefcounts ?? lazy },
    report: (message) => options.report(message),
    complain: (message) => (options.complain ?? options.report)(message),
  });
  await run(loadMetadata(image, options.forCheck === true));
  return image;
}

/** The header cluster as far as it goes. */
export async function readHeader(file: BlockNode): Promise<Qcow2Header> {
  const head = new Uint8Array(Math.min(file.sizeBytes, 104));
  await file.read(0, [head]);
  const bits = head.length >= 24 ? new DataView(head.buffer).getUint32(20) : 0;
  const clusterSize = bits >= 9 && bits <= 21 ? 1 << bits : head.length;
  const cluster = new Uint8Array(Math.max(head.length, Math.min(file.sizeBytes, clusterSize)));
  await file.read(0, [cluster]);
  return parseHeader(cluster, KNOWN_INCOMPATIBLE);
}

/** Tables that would be written outside of the file. */
function demandInFile(file: BlockNode, header: Qcow2Header): void {
  const clusterSize = 1 << header.clusterBits;
  const end = Math.ceil(file.sizeBytes / clusterSize) * clusterSize;
  if (header.l1Entries > 0 && header.l1Offset + header.l1Entries * 8 > end)
    throw invalid("Active L1 table offset invalid");
  if (header.refcountTableOffset + header.refcountTableClusters * clusterSize > end)
    throw invalid("Reference count table offset invalid");
}

async function openData(header: Qcow2Header, options: Qcow2OpenOptions): Promise<BlockNode> {
  const node = await options.openDataFile?.(header.dataFile);
  if (node === undefined) throw invalid("'data-file' is required for this image");
  return node;
}

function invalid(message: string): StorageError {
  return new StorageError("EINVAL", message);
}

function demandSound(header: Qcow2Header, options: Qcow2OpenOptions): void {
  const { incompatible } = header;
  if ((incompatible & Incompatible.corrupt) !== 0 && !options.readOnly && options.forCheck !== true)
    throw new StorageError("EACCES", "qcow2: Image is corrupt; cannot be opened read/write");
  demandCompression(header);
  if ((incompatible & Incompatible.extendedL2) !== 0 && header.clusterBits < 14)
    throw invalid("Unsupported subcluster size");
  if (header.refcountOrder > 6)
    throw invalid("Reference count entry width too large; may not exceed 64 bits");
  if (header.cryptMethod > CryptMethod.luks)
    throw new StorageError("ENOTSUP", `Unsupported encryption method ${header.cryptMethod}`);
  demandTable(header, "Reference count table", {
    offset: header.refcountTableOffset,
    entries: header.refcountTableClusters,
    entryBytes: 1 << header.clusterBits,
    maxBytes: MAX_REFTABLE_BYTES,
  });
  if (header.refcountTableClusters === 0 && options.forCheck !== true)
    throw invalid("Image does not contain a reference count table");
  if (options.forCheck !== true) demandSnapshotTable(header, "Snapshot table");
  demandTable(header, "Active L1 table", {
    offset: header.l1Offset,
    entries: header.l1Entries,
    entryBytes: 8,
    maxBytes: MAX_L1_BYTES,
  });
  if (l1EntriesFor(header, header.sizeBytes) > 0x7fff_ffff)
    throw new StorageError("EFBIG", "Image is too big");
  if (header.l1Entries < l1EntriesFor(header, header.sizeBytes))
    throw invalid("L1 table is too small");
}

/** L1 entries that a disk of some length needs. */
export function l1EntriesFor(header: Qcow2Header, sizeBytes: number): number {
  const clusterSize = 1 << header.clusterBits;
  const entryBytes = (header.incompatible & Incompatible.extendedL2) === 0 ? 8 : 16;
  return Math.ceil(sizeBytes / ((clusterSize / entryBytes) * clusterSize));
}

function demandCompression({ incompatible, compression }: Qcow2Header): void {
  const flagged = (incompatible & Incompatible.compression) !== 0;
  if (compression > 1)
    throw new StorageError("ENOTSUP", `qcow2: unknown compression type: ${compression}`);
  if (compression === 0 && flagged)
    throw invalid("qcow2: Compression type incompatible feature bit must not be set");
  if (compression !== 0 && !flagged)
    throw invalid("qcow2: Compression type incompatible feature bit must be set");
}

function demandTable(
  header: Qcow2Header,
  name: string,
  table: { offset: number; entries: number; entryBytes: number; maxBytes: number },
): void {
  const bytes = table.entries * table.entryBytes;
  if (bytes > table.maxBytes) throw new StorageError("EFBIG", `${name} too large`);
  const isAligned = table.offset % (1 << header.clusterBits) === 0;
  if (!isAligned || table.offset + bytes > Number.MAX_SAFE_INTEGER)
    throw invalid(`${name} offset invalid`);
}

async function readTable(file: BlockNode, offset: number, bytes: number): Promise<Uint8Array> {
  // A table that the file is too short for is mostly zeroes: its length is bounded already.
  const table = new Uint8Array(bytes);
  await run(readPadded(file, offset, table));
  return table;
}

/** Offsets of refcount blocks, out of the table in the file. */
export async function refcountBlocks(file: BlockNode, header: Qcow2Header): Promise<number[]> {
  const bytes = header.refcountTableClusters << header.clusterBits;
  const table = await readTable(file, header.refcountTableOffset, bytes);
  const view = new DataView(table.buffer);
  const blocks: number[] = [];
  for (let at = 0; at < bytes; at += 8) blocks.push(entryOffset(view, at));
  return blocks;
}

/** The L2 tables of snapshots have to be looked for in their L1 tables. */
function* addInactiveTables(image: Qcow2Image): Task<void> {
  for (const snapshot of image.snapshots) {
    try {
      const view = viewOf(yield* snapshotL1(image, snapshot));
      for (let at = 0; at < view.byteLength; at += 8) {
        const l2 = entryOffset(view, at);
        if (l2 !== 0 && image.metadata.overlap(l2, image.clusterSize) === undefined)
          image.metadata.add(l2, image.clusterSize, "inactive L2 table");
      }
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      image.metadata.problem = error;
    }
  }
}

/**
 * @param title what messages call it
 * @throws StorageError when the header's snapshot table is too long or nowhere
 */
export function demandSnapshotTable(header: Qcow2Header, title: string): void {
  demandTable(header, title, {
    offset: header.snapshotsOffset,
    entries: header.snapshotCount,
    entryBytes: SNAPSHOT_HEADER_BYTES,
    maxBytes: SNAPSHOT_HEADER_BYTES * MAX_SNAPSHOTS,
  });
}

function* loadMetadata(image: Qcow2Image, forCheck: boolean): Task<void> {
  const { header, metadata, clusterSize } = image;
  if (!forCheck) image.snapshots = yield* readSnapshots(image);
  metadata.add(0, clusterSize, "qcow2_header");
  metadata.add(header.l1Offset, header.l1Entries * 8, "active L1 table");
  if (header.crypto !== undefined) {
    const bytes = Math.min(header.crypto.bytes, MAX_GUARDED_CRYPTO);
    metadata.add(header.crypto.offset, bytes, "encryption header");
  }
  const tableBytes = header.refcountTableClusters * clusterSize;
  metadata.add(header.refcountTableOffset, tableBytes, "refcount table");
  for (const block of image.refcounts.blocks) {
    if (block !== 0) metadata.add(block, clusterSize, "refcount block");
  }
  for (let at = 0; at < image.l1.length; at += 8) {
    const l2 = entryOffset(image.l1View, at);
    if (l2 !== 0 && metadata.overlap(l2, clusterSize) === undefined)
      metadata.add(l2, clusterSize, "active L2 table");
  }
  for (const snapshot of image.snapshots) {
    const bytes = snapshot.l1Entries * 8;
    if (bytes <= MAX_L1_BYTES) metadata.add(snapshot.l1Offset, bytes, "inactive L1 table");
  }
  if (image.readOnly) return;
  if (metadata.checked.has("inactive L2 table")) yield* addInactiveTables(image);
  if (!forCheck) image.bitmaps = yield* BitmapTracker.load(image);
  const known = BigInt(Autoclear.bitmaps | Autoclear.rawDataFile);
  if ((header.autoclear & ~known) !== 0n) {
    header.autoclear &= known;
    yield* image.storeHeader();
    yield* wait(image.file.flush());
  }
}
