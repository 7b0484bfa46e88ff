/** Numbers of the block device (virtio 1.3 §5.2). */

export const BlkFeature = {
  segMax: 1n << 2n,
  geometry: 1n << 4n,
  readOnly: 1n << 5n,
  blkSize: 1n << 6n,
  flush: 1n << 9n,
  topology: 1n << 10n,
  configWce: 1n << 11n,
  mq: 1n << 12n,
  discard: 1n << 13n,
  writeZeroes: 1n << 14n,
} as const;

/** struct virtio_blk_config, as far as max_secure_erase_sectors. */
export const BlkConfig = {
  capacity: 0,
  segMax: 12,
  cylinders: 16,
  heads: 18,
  sectors: 19,
  blkSize: 20,
  physicalBlockExp: 24,
  minIoSize: 26,
  optIoSize: 28,
  writeback: 32,
  numQueues: 34,
  maxDiscardSectors: 36,
  maxDiscardSeg: 40,
  discardSectorAlignment: 44,
  maxWriteZeroesSectors: 48,
  maxWriteZeroesSeg: 52,
  writeZeroesMayUnmap: 56,
  bytes: 60,
} as const;

/** Values of a request's type (§5.2.6). */
export const BlkType = { in: 0, out: 1, flush: 4, getId: 8, discard: 11, writeZeroes: 13 } as const;

export const BlkStatus = { ok: 0, ioError: 1, unsupported: 2 } as const;

export const SECTOR_BYTES = 512;
/** Sectors of one discard or write-zeroes, as under QEMU. */
export const MAX_RANGE_SECTORS = 0x3f_ffff;
/** Bytes of the answer to get-id. */
export const ID_BYTES = 20;
