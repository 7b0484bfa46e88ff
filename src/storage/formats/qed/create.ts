import { utf8Bytes } from "../../../util/bytes.ts";
import { StorageError } from "../../errors.ts";
import type { FormatCreation } from "../driver.ts";
import {
  Feature,
  HEADER_BYTES,
  MAX_CLUSTER,
  MAX_TABLE,
  MIN_CLUSTER,
  type QedHeader,
  headerBytes,
  isClusterSize,
  isImageSize,
  isTableSize,
  maxImageSize,
} from "./header.ts";

const ZERO_CHUNK = 1 << 20;

/** @throws StorageError with QEMU's words */
export async function createQed(creation: FormatCreation): Promise<void> {
  // The file is there, and empty, even when the options turn out to be wrong: as in QEMU.
  const file = await creation.createFile(creation.filename);
  try {
    const header = headerOf(creation);
    const name = header.backingFile === undefined ? undefined : utf8Bytes(header.backingFile);
    await file.write(0, [headerBytes(header, name)]);
    if (name !== undefined) await file.write(HEADER_BYTES, [name]);
    const tableBytes = header.clusterSize * header.tableSize;
    const zeroes = new Uint8Array(Math.min(tableBytes, ZERO_CHUNK));
    for (let at = 0; at < tableBytes; at += zeroes.length)
      await file.write(header.l1Offset + at, [zeroes.subarray(0, tableBytes - at)]);
  } finally {
    await file.close();
  }
}

function headerOf({ options, sizeBytes }: FormatCreation): QedHeader {
  const clusterSize = Number(options.get("cluster_size") ?? 65_536);
  const tableSize = Number(options.get("table_size") ?? 4);
  const invalid = (message: string): StorageError => new StorageError("EINVAL", message);
  if (!isClusterSize(clusterSize)) {
    throw invalid(
      `QED cluster size must be within range [${MIN_CLUSTER}, ${MAX_CLUSTER}] and power of 2`,
    );
  }
  if (!isTableSize(tableSize))
    throw invalid(`QED table size must be within range [1, ${MAX_TABLE}] and power of 2`);
  const rounded = Math.ceil(sizeBytes / 512) * 512;
  if (!isImageSize(rounded, clusterSize, tableSize)) {
    throw invalid(
      "QED image size must be a non-zero multiple of cluster size and less than " +
        `${BigInt(maxImageSize(clusterSize, tableSize))} bytes`,
    );
  }
  const backingFile = String(options.get("backing_file") ?? "") || undefined;
  const isRaw = backingFile !== undefined && options.get("backing_fmt") === "raw";
  return {
    clusterSize,
    tableSize,
    headerSize: 1,
    features:
      (backingFile === undefined ? 0 : Feature.backingFile) | (isRaw ? Feature.rawBacking : 0),
    compatible: 0n,
    autoclear: 0n,
    l1Offset: clusterSize,
    sizeBytes: rounded,
    backingOffset: HEADER_BYTES,
    backingFile,
  };
}
