/** The flags that libvirt's test driver knows, by call: any other is refused (virCheckFlags). */
import {
  ConnectGetAllDomainStatsFlags as Stats,
  ConnectListAllDomainsFlags as Domains,
  DomainCoreDumpFlags,
  DomainCreateFlags,
  DomainDefineFlags,
  DomainDestroyFlags,
  DomainModificationImpact as Impact,
  DomainRebootFlags,
  DomainSaveRestoreFlags as Save,
  DomainUndefineFlags,
  DomainXMLFlags,
} from "../../driver/domain-flags.ts";
import type { Calls, DriverConnection } from "../../driver/driver.ts";
import { ConnectListAllNetworksFlags, NetworkUpdateFlags } from "../../driver/network-flags.ts";
import {
  DomainCheckpointCreateFlags as CheckpointCreate,
  DomainCheckpointDeleteFlags as CheckpointDelete,
  DomainCheckpointListFlags as CheckpointList,
  DomainCheckpointXMLFlags as CheckpointXml,
  DomainSnapshotCreateFlags as SnapshotCreate,
  DomainSnapshotDeleteFlags as SnapshotDelete,
  DomainSnapshotListFlags as SnapshotList,
  DomainSnapshotRevertFlags as Revert,
} from "../../driver/snapshot-flags.ts";
import {
  ConnectListAllStoragePoolsFlags,
  StorageVolCreateFlags,
} from "../../driver/storage-flags.ts";
import { checkFlags } from "../objects/flags.ts";
import { TEST } from "./state.ts";

/** All bits of a table of flags. */
function all(flags: Readonly<Record<string, number>>): number {
  return Object.values(flags).reduce((sum, bit) => sum | bit, 0);
}

const SCOPE = Impact.live | Impact.config;
const MEMORY_MAXIMUM = 4;
const VCPU_MAXIMUM = 4;
const TIME_SYNC = 1;
const PASSWORD_ENCRYPTED = 1;
const VALIDATE = 1;
/** `VIR_CONNECT_LIST_NODE_DEVICES_FILTERS_CAP`. */
const NODE_DEVICE_CAPABILITIES = 0x1f_ffff;

const KNOWN: Partial<Record<keyof Calls, number>> = {
  connectGetSysinfo: 0,
  connectGetCPUModelNames: 0,
  connectListAllDomains: all(Domains),
  connectGetAllDomainStats:
    Domains.active |
    Domains.inactive |
    Domains.persistent |
    Domains.transient |
    Domains.running |
    Domains.paused |
    Domains.shutoff |
    Domains.other |
    Stats.nowait |
    Stats.backing |
    Stats.enforceStats,
  domainCreateXML: DomainCreateFlags.startValidate,
  domainCreateXMLWithFiles: DomainCreateFlags.startValidate,
  domainDefineXMLFlags: DomainDefineFlags.validate,
  domainCreateWithFlags: 0,
  domainCreateWithFiles: 0,
  domainUndefineFlags: DomainUndefineFlags.managedSave | DomainUndefineFlags.snapshotsMetadata,
  domainDestroyFlags: DomainDestroyFlags.graceful,
  domainShutdownFlags: 0,
  domainReboot: all(DomainRebootFlags),
  domainReset: 0,
  domainRename: 0,
  domainGetXMLDesc: DomainXMLFlags.secure | DomainXMLFlags.inactive | DomainXMLFlags.migratable,
  domainGetHostname: 0,
  domainGetState: 0,
  domainGetControlInfo: 0,
  domainGetMessages: 3,
  domainGetTime: 0,
  domainSetTime: TIME_SYNC,
  domainSaveFlags: 0,
  domainRestoreFlags: 0,
  domainSaveImageDefineXML: Save.running | Save.paused,
  domainSaveImageGetXMLDesc: DomainXMLFlags.secure,
  domainManagedSave: Save.bypassCache | Save.running | Save.paused,
  domainHasManagedSaveImage: 0,
  domainManagedSaveRemove: 0,
  domainCoreDumpWithFormat: DomainCoreDumpFlags.crash,
  domainSetMemoryStatsPeriod: SCOPE,
  domainSetMemoryFlags: SCOPE | MEMORY_MAXIMUM,
  domainMemoryStats: 0,
  domainMemoryPeek: 3,
  domainGetVcpusFlags: SCOPE | VCPU_MAXIMUM,
  domainSetVcpusFlags: SCOPE | VCPU_MAXIMUM,
  domainPinVcpuFlags: 0,
  domainPinEmulator: SCOPE,
  domainGetEmulatorPinInfo: SCOPE,
  domainSetUserPassword: PASSWORD_ENCRYPTED,
  domainSetBlkioParameters: SCOPE,
  domainGetBlkioParameters: SCOPE,
  domainSetMemoryParameters: SCOPE,
  domainGetMemoryParameters: SCOPE,
  domainSetNumaParameters: SCOPE,
  domainGetNumaParameters: SCOPE,
  domainGetSchedulerParametersFlags: 0,
  domainSetSchedulerParametersFlags: 0,
  domainSetInterfaceParameters: SCOPE,
  domainGetInterfaceParameters: SCOPE,
  domainSetBlockIoTune: SCOPE,
  domainGetBlockIoTune: SCOPE,
  domainSetMetadata: SCOPE,
  domainGetMetadata: SCOPE,
  domainSetPerfEvents: SCOPE,
  domainGetPerfEvents: SCOPE,
  domainSetLifecycleAction: SCOPE,
  domainGetIOThreadInfo: SCOPE,
  domainAddIOThread: SCOPE,
  domainDelIOThread: SCOPE,
  domainPinIOThread: SCOPE,
  domainSetIOThreadParams: Impact.live,
  domainGetCPUStats: 0,
  domainSendProcessSignal: 0,
  domainSendKey: 0,
  domainInjectNMI: 0,
  domainScreenshot: 0,
  domainFSFreeze: 0,
  domainFSThaw: 0,
  domainFSTrim: 0,
  domainGetFSInfo: 0,
  domainInterfaceAddresses: 0,
  domainGetBlockInfo: 0,
  domainGetDiskErrors: 0,
  domainSnapshotCreateXML:
    SnapshotCreate.redefine |
    SnapshotCreate.current |
    SnapshotCreate.halt |
    SnapshotCreate.quiesce |
    SnapshotCreate.atomic |
    SnapshotCreate.live |
    SnapshotCreate.validate,
  domainListAllSnapshots: all(SnapshotList),
  domainSnapshotListAllChildren: all(SnapshotList),
  domainSnapshotLookupByName: 0,
  domainHasCurrentSnapshot: 0,
  domainSnapshotGetParent: 0,
  domainSnapshotCurrent: 0,
  domainSnapshotGetXMLDesc: DomainXMLFlags.secure,
  domainSnapshotIsCurrent: 0,
  domainSnapshotHasMetadata: 0,
  domainSnapshotDelete: SnapshotDelete.children | SnapshotDelete.childrenOnly,
  domainRevertToSnapshot: Revert.running | Revert.paused | Revert.force,
  domainCheckpointCreateXML: CheckpointCreate.redefine | CheckpointCreate.quiesce,
  domainListAllCheckpoints: all(CheckpointList),
  domainCheckpointListAllChildren: all(CheckpointList),
  domainCheckpointLookupByName: 0,
  domainCheckpointGetParent: 0,
  domainCheckpointGetXMLDesc: all(CheckpointXml),
  domainCheckpointDelete: all(CheckpointDelete),
  connectListAllNetworks: all(ConnectListAllNetworksFlags),
  networkCreateXMLFlags: VALIDATE,
  networkDefineXMLFlags: VALIDATE,
  networkUpdate: all(NetworkUpdateFlags),
  networkGetXMLDesc: 0,
  connectListAllInterfaces: 3,
  interfaceChangeBegin: 0,
  interfaceChangeCommit: 0,
  interfaceChangeRollback: 0,
  interfaceGetXMLDesc: 0,
  interfaceDefineXML: VALIDATE,
  interfaceCreate: 0,
  interfaceDestroy: 0,
  connectListAllStoragePools: all(ConnectListAllStoragePoolsFlags),
  connectFindStoragePoolSources: 0,
  storagePoolCreate: 0,
  storagePoolCreateXML: 0,
  storagePoolDefineXML: VALIDATE,
  storagePoolBuild: 0,
  storagePoolDelete: 0,
  storagePoolRefresh: 0,
  storagePoolGetXMLDesc: 0,
  storagePoolListAllVolumes: 0,
  storageVolCreateXML: StorageVolCreateFlags.validate,
  storageVolCreateXMLFrom: StorageVolCreateFlags.validate,
  storageVolDelete: 0,
  storageVolGetXMLDesc: 0,
  connectListAllNodeDevices: NODE_DEVICE_CAPABILITIES,
  nodeDeviceGetXMLDesc: 0,
  nodeDeviceCreateXML: VALIDATE,
  nodeGetCPUStats: 0,
  nodeGetFreePages: 0,
  nodeGetCPUMap: 0,
};

/** The connection, whose calls refuse flags that libvirt's driver does not know. */
export function refusingUnknownFlags(connection: DriverConnection): DriverConnection {
  const checked = Object.entries(connection).map(([name, call]) => {
    const known = Object.hasOwn(KNOWN, name) ? KNOWN[name as keyof Calls] : undefined;
    if (known === undefined) return [name, call];
    const libvirts = `test${name[0]?.toUpperCase() ?? ""}${name.slice(1)}`;
    const run = call as (...args: unknown[]) => unknown;
    return [
      name,
      async (...args: unknown[]) => {
        checkFlags(Number(args.at(-1)), known, libvirts, TEST.domain);
        return run(...args);
      },
    ];
  });
  // The same calls with the same arguments.
  return Object.fromEntries(checked) as DriverConnection;
}
