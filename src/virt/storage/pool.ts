/** libvirt's storage pools and volumes as a connection sees them. Records are immutable. */
import type { PoolSpec, VolumeRecord } from "../../protocol/storage-service.ts";
import type { PoolLifecycle, PoolState } from "./words.ts";

/** A pool's definition. Changing it takes effect at the next start. */
export interface PoolDefinition extends PoolSpec {
  /** Started when the connection opens. */
  readonly autostart: boolean;
}

/** What is being done to a pool. */
export type PoolJob = "build" | "start" | "refresh" | "destroy" | "delete";

/** What is being done to a volume. */
export type VolumeJob = "create" | "clone" | "resize" | "wipe" | "upload" | "download" | "delete";

export interface StorageVolume extends VolumeRecord {
  readonly job?: VolumeJob;
}

export interface StoragePool {
  readonly definition: PoolDefinition;
  readonly state: PoolState;
  /** Its definition is kept. */
  readonly persistent: boolean;
  /** Bytes; 0 while it is not active. */
  readonly capacityBytes: number;
  readonly allocationBytes: number;
  readonly availableBytes: number;
  /** By name; none while it is not active. */
  readonly volumes: readonly StorageVolume[];
  readonly job?: PoolJob;
  /** For `inaccessible`, and for a start that failed: one sentence. */
  readonly message?: string;
}

/** libvirt's pool events: a change of its life, or what is in it was looked at again. */
export interface PoolEvent {
  readonly uuid: string;
  readonly name: string;
  readonly event: PoolLifecycle | "refresh";
}

/** How far a job on a volume is. */
export interface VolumeProgress {
  readonly pool: string;
  readonly name: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** libvirt's "active". */
export function isActive({ state }: Pick<StoragePool, "state">): boolean {
  return state !== "inactive" && state !== "building";
}

/** A pool that was just defined. */
export function inactivePool(definition: PoolDefinition, persistent: boolean): StoragePool {
  const empty = { capacityBytes: 0, allocationBytes: 0, availableBytes: 0, volumes: [] };
  return { definition, persistent, state: "inactive", ...empty };
}
