import { viewOf } from "../../../util/bytes.ts";
import type { BlockNode, Preallocation } from "../../block-node.ts";
import { compressorOf } from "../../compression.ts";
import { StorageError } from "../../errors.ts";
import { run } from "../../task.ts";
import { type Qcow2EncryptionChoice, setUpEncryption } from "./encryption.ts";
import {
  Autoclear,
  COMPATIBLE_LAZY_REFCOUNTS,
  Incompatible,
  MAX_L1_BYTES,
  putU64,
} from "./format.ts";
import { type Qcow2Header, encodeHeader } from "./header.ts";
import { Qcow2Image } from "./image.ts";
import { l1EntriesFor } from "./open.ts";
import { growL1, preallocate } from "./resize.ts";
import { DEFAULT_RUNTIME } from "./runtime.ts";

export interface Qcow2CreateOptions {
  readonly sizeBytes: number;
  readonly version: 2 | 3;
  readonly clusterSize: number;
  readonly refcountBits: number;
  readonly lazyRefcounts: boolean;
  readonly extendedL2: boolean;
  readonly compression: "zlib" | "zstd";
  readonly preallocation: Preallocation;
  readonly backingFile?: string | undefined;
  readonly backingFormat?: string | undefined;
  readonly encryption?: Qcow2EncryptionChoice | undefined;
  readonly dataFile?:
    | { readonly name: string; readonly node: BlockNode; readonly raw: boolean }
    | undefined;
  report(message: string): void;
}

const log2 = (value: number): number => Math.round(Math.log2(value));

function headerFor(options: Qcow2CreateOptions): Qcow2Header {
  const { dataFile, extendedL2, compression } = options;
  return {
    version: options.version,
    clusterBits: log2(options.clusterSize),
    sizeBytes: 0,
    cryptMethod: 0,
    l1Entries: 0,
    l1Offset: 0,
    refcountTableOffset: options.clusterSize,
    refcountTableClusters: 1,
    snapshotCount: 0,
    snapshotsOffset: 0,
    incompatible:
      (dataFile === undefined ? 0 : Incompatible.dataFile) |
      (compression === "zstd" ? Incompatible.compression : 0) |
      (extendedL2 ? Incompatible.extendedL2 : 0),
    compatible: options.lazyRefcounts ? BigInt(COMPATIBLE_LAZY_REFCOUNTS) : 0n,
    autoclear: dataFile?.raw === true ? BigInt(Autoclear.rawDataFile) : 0n,
    refcountOrder: log2(options.refcountBits),
    compression: compression === "zstd" ? 1 : 0,
    backingFile: undefined,
    backingFormat: undefined,
    dataFile: dataFile?.name,
    crypto: undefined,
    bitmaps: undefined,
    unknownFields: new Uint8Array(0),
    unknownExtensions: [],
  };
}

/**
 * Makes an image in a file, whatever that held: header, refcount table and block in the first three clusters,
 * then the L1 table. The options are sound: `create-options.ts` looks at what a user gave.
 */
export async function createQcow2(file: BlockNode, options: Qcow2CreateOptions): Promise<void> {
  const header = headerFor(options);
  const { clusterSize } = options;
  if (l1EntriesFor(header, options.sizeBytes) * 8 > MAX_L1_BYTES) {
    throw new StorageError(
      "EFBIG",
      "The image size is too large for file format 'qcow2' (try using a larger cluster size)",
    );
  }
  const table = new Uint8Array(clusterSize);
  await empty(file);
  await file.write(0, [encodeHeader(header)]);
  const block = 2 * clusterSize;
  putU64(viewOf(table), 0, block);
  await file.write(clusterSize, [table]);
  await file.write(block, [new Uint8Array(clusterSize)]);
  const blocks = [block, ...Array.from({ length: clusterSize / 8 - 1 }, () => 0)];
  const image = new Qcow2Image({
    file,
    dataFile: options.dataFile?.node,
    backing: undefined,
    header,
    l1: new Uint8Array(0),
    refcountBlocks: blocks,
    compressor: await compressorOf(header.compression),
    readOnly: false,
    runtime: DEFAULT_RUNTIME,
    report: options.report,
    complain: options.report,
  });
  await run(fill(image, options));
  if (options.encryption === undefined) return;
  await setUpEncryption(image, options.encryption);
  await run(store(image));
}

/** What cannot be cut off, an export of a server, keeps its length. */
async function empty(file: BlockNode): Promise<void> {
  try {
    await file.truncate(0);
  } catch (error) {
    if (!(error instanceof StorageError && error.errno === "ENOTSUP")) throw error;
  }
}

function* store(image: Qcow2Image): ReturnType<typeof growL1> {
  yield* image.flush();
  yield* image.storeHeader();
  yield* image.barrier();
}

function* fill(image: Qcow2Image, options: Qcow2CreateOptions): ReturnType<typeof growL1> {
  yield* image.refcounts.add(0, 3, 1);
  image.header.sizeBytes = options.sizeBytes;
  image.header.backingFile = options.backingFile;
  image.header.backingFormat = options.backingFormat;
  yield* growL1(image, l1EntriesFor(image.header, options.sizeBytes));
  yield* image.flush();
  yield* image.storeHeader();
  if (options.dataFile !== undefined && options.dataFile.node.sizeBytes < options.sizeBytes)
    yield* waitTruncate(options.dataFile.node, options.sizeBytes);
  if (options.preallocation !== "off")
    yield* preallocate(image, 0, options.sizeBytes, options.preallocation);
  yield* image.flush();
}

function* waitTruncate(node: BlockNode, sizeBytes: number): ReturnType<typeof growL1> {
  const growing = node.truncate(sizeBytes);
  if (growing !== undefined) yield growing;
}
