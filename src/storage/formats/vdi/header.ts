/** The numbers of VirtualBox's disk images. All of them are little-endian. */
import { viewOf } from "../../../util/bytes.ts";
import { StorageError } from "../../errors.ts";

export const HEADER_BYTES = 512;
export const BLOCK_BYTES = 1 << 20;
export const SIGNATURE = 0xbeda_107f;
export const VERSION_1_1 = 0x0001_0001;
export const TYPE_DYNAMIC = 1;
export const TYPE_STATIC = 2;

/** Block map entries from here on are no places: never written, or given back. */
export const FIRST_UNALLOCATED = 0xffff_fffe;
export const UNALLOCATED = 0xffff_ffff;

const MAX_BLOCKS = 0x1fff_ff80;
export const MAX_DISK_BYTES = BigInt(MAX_BLOCKS) * BigInt(BLOCK_BYTES);

/** Offsets of the fields in the header. */
export const Field = {
  signature: 64,
  version: 68,
  headerBytes: 72,
  type: 76,
  mapOffset: 340,
  dataOffset: 344,
  sectorBytes: 360,
  diskBytes: 368,
  blockBytes: 376,
  blocks: 384,
  allocatedBlocks: 388,
  uuidImage: 392,
  uuidLastSnapshot: 408,
  uuidLink: 424,
  uuidParent: 440,
} as const;

export interface VdiHeader {
  /** All of the header, as it is in the file. */
  readonly bytes: Uint8Array;
  readonly sizeBytes: number;
  readonly isStatic: boolean;
  readonly mapOffset: number;
  readonly dataOffset: number;
  readonly blocks: number;
}

const unsupported = (what: string): StorageError =>
  new StorageError("ENOTSUP", `unsupported VDI image (${what})`);

export function sizeError(bytes: bigint): StorageError {
  return new StorageError(
    "ENOTSUP",
    `Unsupported VDI image size (size is 0x${bytes.toString(16)}, ` +
      `max supported is 0x${MAX_DISK_BYTES.toString(16)})`,
  );
}

/** @throws StorageError with QEMU's words */
export function parseHeader(bytes: Uint8Array): VdiHeader {
  const view = viewOf(bytes);
  const get = (field: number): number => view.getUint32(field, true);
  const given = view.getBigUint64(Field.diskBytes, true);
  if (given > MAX_DISK_BYTES) throw sizeError(given);
  // VirtualBox makes disks of odd sizes out of raw images.
  const disk = ((given + 511n) / 512n) * 512n;
  const signature = get(Field.signature);
  if (signature !== SIGNATURE) {
    const shown = signature.toString(16).padStart(8, "0");
    throw new StorageError("EINVAL", `Image not in VDI format (bad signature ${shown})`);
  }
  demandSupported(bytes, get, disk);
  return {
    bytes,
    sizeBytes: Number(disk),
    isStatic: get(Field.type) === TYPE_STATIC,
    mapOffset: get(Field.mapOffset),
    dataOffset: get(Field.dataOffset),
    blocks: get(Field.blocks),
  };
}

function demandSupported(bytes: Uint8Array, get: (field: number) => number, disk: bigint): void {
  const version = get(Field.version);
  const mapOffset = get(Field.mapOffset);
  const dataOffset = get(Field.dataOffset);
  const blockBytes = get(Field.blockBytes);
  const sectorBytes = get(Field.sectorBytes);
  const blocks = get(Field.blocks);
  const room = BigInt(blocks) * BigInt(blockBytes);
  if (version !== VERSION_1_1) throw unsupported(`version ${version >>> 16}.${version & 0xffff}`);
  if (mapOffset % 512 !== 0)
    throw unsupported(`unaligned block map offset 0x${mapOffset.toString(16)}`);
  if (dataOffset % 512 !== 0)
    throw unsupported(`unaligned data offset 0x${dataOffset.toString(16)}`);
  if (sectorBytes !== 512) throw unsupported(`sector size ${sectorBytes} is not 512`);
  if (blockBytes !== BLOCK_BYTES)
    throw unsupported(`block size ${blockBytes} is not ${BLOCK_BYTES}`);
  if (disk > room) throw unsupported(`disk size ${disk}, image bitmap has room for ${room}`);
  const hasUuid = (at: number): boolean => bytes.subarray(at, at + 16).some((byte) => byte !== 0);
  if (hasUuid(Field.uuidLink)) throw unsupported("non-NULL link UUID");
  if (hasUuid(Field.uuidParent)) throw unsupported("non-NULL parent UUID");
  if (blocks > MAX_BLOCKS) throw unsupported(`too many blocks ${blocks}, max is ${MAX_BLOCKS}`);
}
