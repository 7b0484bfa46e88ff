/** libvirt's flags and numbers for pools and volumes: bits where they are or-ed together. */

export const PoolBuildFlag = {
  new: 0,
  repair: 1,
  resize: 2,
  noOverwrite: 4,
  overwrite: 8,
} as const;

/** For starting a pool, and for making one that is not kept. */
export const PoolCreateFlag = {
  normal: 0,
  withBuild: 1,
  withBuildOverwrite: 2,
  withBuildNoOverwrite: 4,
} as const;

export const PoolDeleteFlag = { normal: 0, zeroed: 1 } as const;

export const VolCreateFlag = { preallocMetadata: 1, reflink: 2, validate: 4 } as const;

export const VolDeleteFlag = { normal: 0, zeroed: 1, withSnapshots: 2 } as const;

export const VolResizeFlag = { allocate: 1, delta: 2, shrink: 4 } as const;

/** For uploads and downloads: runs of zeroes are told as holes. */
export const VolStreamFlag = { sparse: 1 } as const;

/** `virStoragePoolState`, in its order. */
export const POOL_STATES = ["inactive", "building", "running", "degraded", "inaccessible"] as const;
export type PoolState = (typeof POOL_STATES)[number];

/** `virStoragePoolEventLifecycleType`, in its order. */
export const POOL_EVENTS = [
  "defined",
  "undefined",
  "started",
  "stopped",
  "created",
  "deleted",
] as const;
export type PoolLifecycle = (typeof POOL_EVENTS)[number];

/** `virStorageVolWipeAlgorithm`, in its order. */
export const WIPE_ALGORITHMS = [
  "zero",
  "nnsa",
  "dod",
  "bsi",
  "gutmann",
  "schneier",
  "pfitzner7",
  "pfitzner33",
  "random",
  "trim",
] as const;
