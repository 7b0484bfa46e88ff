/** Numbers of the SCSI host device (virtio 1.3 §5.6). */

export const ScsiFeature = { hotplug: 1n << 1n, change: 1n << 2n } as const;

/** struct virtio_scsi_config. */
export const ScsiConfig = {
  numQueues: 0,
  segMax: 4,
  maxSectors: 8,
  cmdPerLun: 12,
  eventInfoSize: 16,
  senseSize: 20,
  cdbSize: 24,
  maxChannel: 28,
  maxTarget: 30,
  maxLun: 32,
  bytes: 36,
} as const;

export const ScsiQueue = { control: 0, event: 1, request: 2 } as const;

/** Bytes of a request before the CDB, and of a response before the sense data (§5.6.6.1). */
export const REQUEST_BYTES = 19;
export const RESPONSE_BYTES = 12;
export const DEFAULT_CDB_BYTES = 32;
export const DEFAULT_SENSE_BYTES = 96;

/** Values of a response. */
export const Response = {
  ok: 0,
  overrun: 1,
  badTarget: 3,
  failure: 9,
  functionSucceeded: 10,
  functionRejected: 11,
  incorrectLun: 12,
} as const;

/** Types of control requests and subtypes of task management (§5.6.6.2). */
export const ControlType = { tmf: 0, query: 1, subscribe: 2 } as const;
export const Tmf = {
  abortTask: 0,
  abortTaskSet: 1,
  clearAca: 2,
  clearTaskSet: 3,
  nexusReset: 4,
  unitReset: 5,
  queryTask: 6,
  queryTaskSet: 7,
} as const;

/** Events (§5.6.6.3). */
export const Event = {
  transportReset: 1,
  paramChange: 3,
  missed: 0x8000_0000,
} as const;
export const ResetReason = { hard: 0, rescan: 1, removed: 2 } as const;
export const EVENT_BYTES = 16;

export const MAX_TARGET = 255;
export const MAX_LUN = 16383;
