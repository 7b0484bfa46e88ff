/** The test driver's pools and volumes. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import type { StorageCalls } from "../../driver/storage-calls.ts";
import { textAt } from "../../xml/element.ts";
import { formatXml } from "../../xml/format.ts";
import { parseXml } from "../../xml/parse.ts";
import { isPoolListed } from "../objects/listed-pools.ts";
import type { TestPool } from "./pools.ts";
import { TEST, type TestState } from "./state.ts";

/** `virStoragePoolEventLifecycleType`. */
const Event = { defined: 0, undefined: 1, started: 2, stopped: 3, created: 4, deleted: 5 } as const;

type Calls = Omit<
  StorageCalls,
  | "connectGetStoragePoolCapabilities"
  | "storagePoolLookupByTargetPath"
  | "storageVolWipePattern"
  | "storageVolResize"
  | "storageVolDownload"
  | "storageVolUpload"
>;

export function storageCalls(state: TestState): Calls {
  const { pools } = state;
  const tell = (pool: TestPool, event: number): void =>
    state.emit({ of: "pool", pool: pool.ref, event, detail: 0 });
  return {
    connectListAllStoragePools: async (flags) =>
      pools
        .all()
        .filter((each) => isPoolListed(each, flags))
        .map(({ ref }) => ref),
    connectFindStoragePoolSources: async (type, srcSpec) => findSources(type, srcSpec),
    storagePoolLookupByName: async (name) => pools.byName(name).ref,
    storagePoolLookupByUUID: async (uuid) => pools.byUuid(uuid).ref,
    storagePoolLookupByVolume: async ({ pool }) => pools.byName(pool).ref,
    storagePoolCreateXML: async (xml) => {
      const pool = pools.add(xml, false);
      pool.mustBeInactive();
      pool.active = true;
      tell(pool, Event.started);
      return pool.ref;
    },
    storagePoolDefineXML: async (xml) => {
      const pool = pools.add(xml, true);
      tell(pool, Event.defined);
      return pool.ref;
    },
    storagePoolUndefine: async (ref) => {
      const pool = pools.get(ref).mustBeInactive();
      tell(pool, Event.undefined);
      pools.remove(pool);
    },
    storagePoolBuild: async (ref) => {
      tell(pools.get(ref).mustBeInactive(), Event.created);
    },
    storagePoolCreate: async (ref) => {
      const pool = pools.get(ref).mustBeInactive();
      pool.active = true;
      tell(pool, Event.started);
    },
    storagePoolDestroy: async (ref) => {
      const pool = pools.get(ref).mustBeActive();
      pool.active = false;
      tell(pool, Event.stopped);
      if (!pool.persistent) pools.remove(pool);
    },
    storagePoolDelete: async (ref) => {
      tell(pools.get(ref).mustBeInactive(), Event.deleted);
    },
    storagePoolRefresh: async (ref) => {
      state.emit({ of: "pool-refresh", pool: pools.get(ref).mustBeActive().ref });
    },
    storagePoolGetInfo: async (ref) => {
      const pool = pools.get(ref);
      const { capacity, allocation, available } = pool;
      return { state: pool.active ? 2 : 0, capacity, allocation, available };
    },
    storagePoolGetXMLDesc: async (ref) => formatXml(pools.get(ref).xml),
    storagePoolGetAutostart: async (ref) => pools.get(ref).autostart,
    storagePoolSetAutostart: async (ref, autostart) => {
      const pool = pools.get(ref);
      if (!pool.persistent) throw vmError("invalidArg", "pool has no config file", TEST);
      pool.autostart = autostart;
    },
    storagePoolIsActive: async (ref) => pools.get(ref).active,
    storagePoolIsPersistent: async (ref) => pools.get(ref).persistent,
    storagePoolListAllVolumes: async (ref) => {
      const pool = pools.get(ref);
      if (!pool.active) throw vmError("operationInvalid", "storage pool is not active", TEST);
      return [...pool.volumes.keys()].map((name) => pool.volumeRef(name));
    },
    ...volumeCalls(state),
  };
}

const LOGICAL_SOURCES = `<sources>
  <source>
    <device path='/dev/sda20'/>
    <name>testvg1</name>
    <format type='lvm2'/>
  </source>
  <source>
    <device path='/dev/sda21'/>
    <name>testvg2</name>
    <format type='lvm2'/>
  </source>
</sources>
`;

/** Sources that libvirt's test driver makes up. @throws VmError internalError, invalidArg, noSupport */
function findSources(type: string, srcSpec: string | null): string {
  // The first of libvirt's types is 0, which it takes for none.
  if (type === "dir") {
    throw vmError("internalError", `unknown storage pool type ${type}`, TEST);
  }
  if (type === "logical") return LOGICAL_SOURCES;
  if (type !== "netfs") {
    throw vmError("noSupport", `pool type '${type}' does not support source discovery`, TEST);
  }
  const source = srcSpec === null ? undefined : parseXml(srcSpec, "storage_source", "source");
  const host = source?.children.find((each) => each.kind === "element" && each.name === "host");
  const name = host?.kind === "element" ? host.attributes.get("name") : undefined;
  if (name === undefined) {
    throw vmError("invalidArg", "hostname must be specified for netfs sources", TEST);
  }
  return `<sources>
  <source>
    <host name='${name}'/>
    <dir path='/testshare'/>
    <format type='nfs'/>
  </source>
</sources>
`;
}

type VolumeCalls = Pick<
  Calls,
  | "storageVolLookupByName"
  | "storageVolLookupByKey"
  | "storageVolLookupByPath"
  | "storageVolCreateXML"
  | "storageVolCreateXMLFrom"
  | "storageVolDelete"
  | "storageVolGetInfoFlags"
  | "storageVolGetXMLDesc"
  | "storageVolGetPath"
>;

function volumeCalls({ pools }: TestState): VolumeCalls {
  const poolOf = (name: string): TestPool => pools.byName(name).mustBeActive();
  return {
    storageVolLookupByName: async ({ name: pool }, name) => poolOf(pool).volumeRef(name),
    storageVolLookupByKey: async (key) =>
      pools.findVolume((volume) => textAt(volume, "key") === key, `key '${key}'`),
    storageVolLookupByPath: async (path) =>
      pools.findVolume((volume) => textAt(volume, "target", "path") === path, `path '${path}'`),
    storageVolCreateXML: async ({ name }, xml) => poolOf(name).createVolume(xml),
    // libvirt's looks for the original in the new one's pool, wherever it is.
    storageVolCreateXMLFrom: async ({ name }, xml, from) =>
      poolOf(name).createVolume(xml, from.name),
    storageVolDelete: async ({ pool, name }) => {
      const from = poolOf(pool);
      from.volume(name);
      from.volumes.delete(name);
    },
    storageVolGetInfoFlags: async ({ pool, name }) => {
      const volume = poolOf(pool).volume(name);
      const type = volume.attributes.get("type") === "block" ? 1 : 0;
      const bytes = (of: string): bigint => BigInt(textAt(volume, of) ?? "0");
      return { type, capacity: bytes("capacity"), allocation: bytes("allocation") };
    },
    storageVolGetXMLDesc: async ({ pool, name }) => formatXml(poolOf(pool).volume(name)),
    storageVolGetPath: async ({ pool, name }) => {
      const path = textAt(poolOf(pool).volume(name), "target", "path");
      if (path === undefined) {
        throw vmError("noStorageVol", name, { domain: ErrorDomain.storage });
      }
      return path;
    },
  };
}
