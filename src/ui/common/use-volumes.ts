/** The volumes of a pool for views, fresh after every change of them. */
import { useEffect, useState, useSyncExternalStore } from "react";
import { StoragePoolState } from "../../virt/driver/storage-flags.ts";
import type { ManagedPool, ManagedVolume } from "../../virt/manager/objects.ts";
import { useManager } from "../shell/context.tsx";

export interface VolumeList {
  /** By name; null until they are known. */
  readonly volumes: readonly ManagedVolume[] | null;
  /** Why they cannot be listed; null when they can. */
  readonly error: unknown;
}

interface Known {
  readonly uuid: string | null;
  /** The manager's, when it was asked. */
  readonly version: number;
  readonly list: VolumeList;
}

const UNKNOWN: VolumeList = { volumes: null, error: null };
const NONE: VolumeList = { volumes: [], error: null };

/** Whether volumes of the pool can be listed and made. */
export function isActivePool({ state }: ManagedPool): boolean {
  return state === StoragePoolState.running || state === StoragePoolState.degraded;
}

/** An inactive pool has none. */
export function useVolumes(pool: ManagedPool | undefined): VolumeList {
  const manager = useManager();
  const version = useSyncExternalStore(
    (changed) => manager.subscribe(changed),
    () => manager.volumesVersion,
  );
  const uuid = pool !== undefined && isActivePool(pool) ? pool.uuid : null;
  const [known, setKnown] = useState<Known>({ uuid: null, version: 0, list: NONE });
  useEffect(() => {
    const active = manager.pools().find((each) => each.uuid === uuid);
    if (!active) return undefined;
    let wanted = true;
    const set = (list: VolumeList): void => {
      // A list of before is shown until there is a newer one.
      if (wanted) setKnown({ uuid: active.uuid, version, list });
    };
    manager.volumes(active).then(
      (volumes) => set({ volumes, error: null }),
      (error: unknown) => set({ volumes: [], error }),
    );
    return () => void (wanted = false);
  }, [manager, uuid, version]);
  if (uuid === null) return NONE;
  return known.uuid === uuid ? known.list : UNKNOWN;
}
