import type { Preallocation } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import { MAX_L1_BYTES } from "./format.ts";
import { refcountSize } from "./refcount-size.ts";

interface Measurable {
  readonly sizeBytes: number;
  readonly clusterSize: number;
  readonly refcountBits: number;
  readonly extendedL2: boolean;
  readonly preallocation: Preallocation;
  /** Of a LUKS header in the image. */
  readonly encryptionBytes?: number;
}

/**
 * How large an image's file becomes.
 *
 * @param dataBytes of whole clusters that hold data
 * @param hasSource otherwise nothing is known of the data
 */
export function measureQcow2(
  options: Measurable,
  dataBytes: number,
  hasSource: boolean,
): { readonly required: number; readonly full: number } {
  const { clusterSize, preallocation } = options;
  const virtual = Math.ceil(options.sizeBytes / clusterSize) * clusterSize;
  const entryBytes = options.extendedL2 ? 16 : 8;
  const l1Bytes = Math.ceil(virtual / ((clusterSize / entryBytes) * clusterSize)) * 8;
  if (l1Bytes > MAX_L1_BYTES) {
    throw new StorageError(
      "EFBIG",
      "The image size is too large (try using a larger cluster size)",
    );
  }
  const encryption = Math.ceil((options.encryptionBytes ?? 0) / clusterSize) * clusterSize;
  const full = virtual + metadataBytes(options, virtual) + encryption;
  const isFilled = preallocation === "full" || preallocation === "falloc";
  const data = isFilled ? virtual : hasSource ? dataBytes : 0;
  return { required: full - virtual + data, full };
}

function metadataBytes(
  { clusterSize, refcountBits, extendedL2 }: Measurable,
  virtual: number,
): number {
  const entryBytes = extendedL2 ? 16 : 8;
  const roundUp = (value: number, unit: number): number => Math.ceil(value / unit) * unit;
  const l2Entries = roundUp(virtual / clusterSize, clusterSize / entryBytes);
  const l1Entries = roundUp((l2Entries * entryBytes) / clusterSize, clusterSize / 8);
  const bytes = clusterSize + l2Entries * entryBytes + l1Entries * 8;
  const perBlock = (clusterSize * 8) / refcountBits;
  const { blocks, table } = refcountSize(
    (bytes + virtual) / clusterSize,
    perBlock,
    clusterSize / 8,
  );
  return bytes + (blocks + table) * clusterSize;
}
