/** Pools of the driver, over our storage layer. */
import { vmError } from "../../../protocol/vm-error.ts";
import type { StorageCalls } from "../../driver/storage-calls.ts";
import { StoragePoolEventLifecycleType, StoragePoolState } from "../../driver/storage-flags.ts";
import type { StoragePoolRef } from "../../driver/refs.ts";
import { isActive, type PoolEvent, type StoragePool } from "../../storage/pool.ts";
import { formatXml } from "../../xml/format.ts";
import { isPoolListed } from "../objects/listed-pools.ts";
import { poolDefinition, poolXml, STORAGE } from "./pool-xml.ts";
import type { QemuState } from "./qemu-state.ts";

type Calls = Pick<
  StorageCalls,
  | "connectListAllStoragePools"
  | "storagePoolLookupByName"
  | "storagePoolLookupByUUID"
  | "storagePoolLookupByVolume"
  | "storagePoolLookupByTargetPath"
  | "storagePoolCreateXML"
  | "storagePoolDefineXML"
  | "storagePoolUndefine"
  | "storagePoolBuild"
  | "storagePoolCreate"
  | "storagePoolDestroy"
  | "storagePoolDelete"
  | "storagePoolRefresh"
  | "storagePoolGetInfo"
  | "storagePoolGetXMLDesc"
  | "storagePoolGetAutostart"
  | "storagePoolSetAutostart"
  | "storagePoolIsActive"
  | "storagePoolIsPersistent"
>;

export function poolCalls({ storage, ports }: QemuState): Calls {
  const get = ({ uuid }: StoragePoolRef): StoragePool => storage.poolByUuid(uuid);
  return {
    connectListAllStoragePools: async (flags) =>
      storage
        .pools()
        .filter((pool) => {
          const { persistent, definition } = pool;
          return isPoolListed({ ...definition, persistent, active: isActive(pool) }, flags);
        })
        .map(poolRef),
    storagePoolLookupByName: async (name) => poolRef(storage.poolByName(name)),
    storagePoolLookupByUUID: async (uuid) => poolRef(storage.poolByUuid(uuid)),
    storagePoolLookupByVolume: async ({ pool }) => poolRef(storage.poolByName(pool)),
    storagePoolLookupByTargetPath: async (path) => poolRef(storage.poolByTargetPath(path)),
    storagePoolCreateXML: async (xml, flags) => {
      const definition = poolDefinition(xml, ports, false);
      await storage.createPool(definition, flags);
      return poolRef(storage.poolByUuid(definition.uuid));
    },
    storagePoolDefineXML: async (xml) => {
      const fresh = poolDefinition(xml, ports, false);
      const old = storage.pools().find(({ definition }) => definition.uuid === fresh.uuid);
      await storage.definePool({ ...fresh, autostart: old?.definition.autostart ?? false });
      return poolRef(storage.poolByUuid(fresh.uuid));
    },
    storagePoolUndefine: ({ uuid }) => storage.undefinePool(uuid),
    storagePoolBuild: ({ uuid }, flags) => storage.buildPool(uuid, flags),
    storagePoolCreate: ({ uuid }, flags) => storage.startPool(uuid, flags),
    storagePoolDestroy: ({ uuid }) => storage.destroyPool(uuid),
    storagePoolDelete: ({ uuid }, flags) => storage.deletePool(uuid, flags),
    storagePoolRefresh: ({ uuid }) => storage.refreshPool(uuid),
    storagePoolGetInfo: async (ref) => {
      const { state, capacityBytes, allocationBytes, availableBytes } = get(ref);
      return {
        state: StoragePoolState[state],
        capacity: BigInt(capacityBytes),
        allocation: BigInt(allocationBytes),
        available: BigInt(availableBytes),
      };
    },
    storagePoolGetXMLDesc: async (ref) => formatXml(poolXml(get(ref))),
    storagePoolGetAutostart: async (ref) => get(ref).definition.autostart,
    storagePoolSetAutostart: async (ref, autostart) => {
      if (!get(ref).persistent) throw vmError("invalidArg", "pool has no config file", STORAGE);
      await storage.setPoolAutostart(ref.uuid, autostart);
    },
    storagePoolIsActive: async (ref) => isActive(get(ref)),
    storagePoolIsPersistent: async (ref) => get(ref).persistent,
  };
}

export function poolRef({ definition: { name, uuid } }: StoragePool): StoragePoolRef {
  return { name, uuid };
}

/** Passes what happens to pools on to the driver's listeners. */
export function followPools(state: QemuState): void {
  state.storage.onEvent(({ uuid, name, event }: PoolEvent) => {
    const pool = { uuid, name };
    if (event === "refresh") state.emit({ of: "pool-refresh", pool });
    else {
      const number = StoragePoolEventLifecycleType[event];
      state.emit({ of: "pool", pool, event: number, detail: 0 });
    }
  });
}
