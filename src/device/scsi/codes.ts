/** Numbers of SCSI: operation codes, status, sense (SPC-4, SBC-3, MMC-6). */

export const Op = {
  testUnitReady: 0x00,
  requestSense: 0x03,
  read6: 0x08,
  write6: 0x0a,
  inquiry: 0x12,
  modeSelect6: 0x15,
  reserve6: 0x16,
  release6: 0x17,
  modeSense6: 0x1a,
  startStopUnit: 0x1b,
  preventAllow: 0x1e,
  readCapacity10: 0x25,
  read10: 0x28,
  write10: 0x2a,
  seek10: 0x2b,
  verify10: 0x2f,
  synchronizeCache10: 0x35,
  writeSame10: 0x41,
  unmap: 0x42,
  readToc: 0x43,
  getConfiguration: 0x46,
  getEventStatus: 0x4a,
  readDiscInformation: 0x51,
  modeSelect10: 0x55,
  modeSense10: 0x5a,
  read16: 0x88,
  write16: 0x8a,
  verify16: 0x8f,
  synchronizeCache16: 0x91,
  writeSame16: 0x93,
  serviceActionIn16: 0x9e,
  reportLuns: 0xa0,
  read12: 0xa8,
  write12: 0xaa,
  verify12: 0xaf,
  setCdSpeed: 0xbb,
  mechanismStatus: 0xbd,
} as const;

/** SERVICE ACTION IN (16): READ CAPACITY (16). */
export const READ_CAPACITY_16 = 0x10;

export const ScsiStatus = { good: 0x00, checkCondition: 0x02, busy: 0x08 } as const;

/** Sense key, additional sense code and its qualifier. */
export interface Sense {
  readonly key: number;
  readonly asc: number;
  readonly ascq: number;
}

export const Senses = {
  none: { key: 0, asc: 0x00, ascq: 0x00 },
  noMedium: { key: 2, asc: 0x3a, ascq: 0x00 },
  targetFailure: { key: 4, asc: 0x44, ascq: 0x00 },
  invalidOpcode: { key: 5, asc: 0x20, ascq: 0x00 },
  lbaOutOfRange: { key: 5, asc: 0x21, ascq: 0x00 },
  invalidField: { key: 5, asc: 0x24, ascq: 0x00 },
  invalidParameter: { key: 5, asc: 0x26, ascq: 0x00 },
  parameterLength: { key: 5, asc: 0x1a, ascq: 0x00 },
  unsupportedUnit: { key: 5, asc: 0x25, ascq: 0x00 },
  removalPrevented: { key: 5, asc: 0x53, ascq: 0x02 },
  mediumChanged: { key: 6, asc: 0x28, ascq: 0x00 },
  powerOn: { key: 6, asc: 0x29, ascq: 0x00 },
  capacityChanged: { key: 6, asc: 0x2a, ascq: 0x09 },
  /** As QEMU says EIO: I/O process terminated. */
  ioError: { key: 11, asc: 0x00, ascq: 0x06 },
  writeProtected: { key: 7, asc: 0x27, ascq: 0x00 },
  spaceFailed: { key: 7, asc: 0x27, ascq: 0x07 },
} as const satisfies Readonly<Record<string, Sense>>;

const FIXED_BYTES = 18;
const CURRENT = 0x70;

/** Fixed format sense data (SPC-4 §4.5.3). */
export function senseBytes({ key, asc, ascq }: Sense): Uint8Array {
  const bytes = new Uint8Array(FIXED_BYTES);
  bytes[0] = CURRENT;
  bytes[2] = key;
  bytes[7] = FIXED_BYTES - 8;
  bytes[12] = asc;
  bytes[13] = ascq;
  return bytes;
}
