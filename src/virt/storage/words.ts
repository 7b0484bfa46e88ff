/** libvirt's words for pools, each list in the order of its numbers. */
import { StorageVolWipeAlgorithm } from "../driver/storage-flags.ts";

/** `virStoragePoolState`. */
export type PoolState = "inactive" | "building" | "running" | "degraded" | "inaccessible";

/** `virStoragePoolEventLifecycleType`. */
export type PoolLifecycle = "defined" | "undefined" | "started" | "stopped" | "created" | "deleted";

export const WIPE_ALGORITHMS = Object.keys(
  StorageVolWipeAlgorithm,
) as readonly (keyof typeof StorageVolWipeAlgorithm)[];
