/**
 * What a driver can do with domains: libvirt's public calls without the `vir` and with the handle
 * as first argument. Flags are libvirt's bits (`flags.ts`); memory is in KiB as in libvirt; every
 * call rejects with `VmError`. A driver leaves out what it cannot do, and callers then get
 * libvirt's "this function is not supported by the connection driver: virDomain…".
 */
import type { DomainRef } from "./refs.ts";
import type { Stream } from "./streams.ts";
import type { TypedParams } from "./typed-params.ts";

/** `virDomainInfo`. */
export interface DomainInfo {
  /** `virDomainState`. */
  readonly state: number;
  readonly maxMemKib: number;
  readonly memoryKib: number;
  readonly vcpus: number;
  readonly cpuTimeNs: bigint;
}

/** `virDomainGetState`'s answer: `virDomainState` and its reason's number. */
export interface DomainStateInfo {
  readonly state: number;
  readonly reason: number;
}

/** `virVcpuInfo` with its affinity. */
export interface VcpuInfo {
  readonly number: number;
  /** 0 offline, 1 running, 2 blocked. */
  readonly state: number;
  readonly cpuTimeNs: bigint;
  /** The physical CPU it runs on; -1 not on one. */
  readonly cpu: number;
  /** One per physical CPU: whether the vCPU may run there. */
  readonly affinity: readonly boolean[];
}

/** `virDomainBlockInfo`, in bytes. */
export interface DomainBlockInfo {
  readonly capacity: bigint;
  readonly allocation: bigint;
  readonly physical: bigint;
}

/** `virDomainJobInfo` in its typed form: `type` is a `virDomainJobType`. */
export interface DomainJobStats {
  readonly type: number;
  readonly params: TypedParams;
}

/** `virDomainControlInfo`. */
export interface DomainControlInfo {
  readonly state: number;
  readonly details: number;
  readonly stateTimeMs: bigint;
}

/** `virDomainInterface` of `virDomainInterfaceAddresses`. */
export interface DomainInterface {
  readonly name: string;
  readonly hwaddr: string | null;
  readonly addrs: readonly {
    /** 0 IPv4, 1 IPv6. */
    readonly type: number;
    readonly addr: string;
    readonly prefix: number;
  }[];
}

/** `virDomainFSInfo`. */
export interface DomainFsInfo {
  readonly mountpoint: string;
  readonly name: string;
  readonly fstype: string;
  readonly devAliases: readonly string[];
}

/** `virDomainIOThreadInfo`. */
export interface IoThreadInfo {
  readonly id: number;
  readonly affinity: readonly boolean[];
}

/** `virDomainStatsRecord`. */
export interface DomainStatsRecord {
  readonly domain: DomainRef;
  readonly params: TypedParams;
}

/** `virDomainDiskError`. */
export interface DomainDiskError {
  readonly disk: string;
  /** 1 unspecified error, 2 no space. */
  readonly error: number;
}

/** `virDomainBlockJobInfo`. */
export interface BlockJobInfo {
  readonly type: number;
  readonly bandwidth: bigint;
  readonly cur: bigint;
  readonly end: bigint;
}

export interface DomainCalls {
  connectListAllDomains(flags: number): Promise<readonly DomainRef[]>;
  domainLookupByID(id: number): Promise<DomainRef>;
  domainLookupByUUID(uuid: string): Promise<DomainRef>;
  domainLookupByName(name: string): Promise<DomainRef>;

  domainCreateXML(xml: string, flags: number): Promise<DomainRef>;
  /** As `domainCreateXML`, with files of the caller's, by their numbers. */
  domainCreateXMLWithFiles(
    xml: string,
    files: readonly number[],
    flags: number,
  ): Promise<DomainRef>;
  domainDefineXMLFlags(xml: string, flags: number): Promise<DomainRef>;
  domainUndefineFlags(domain: DomainRef, flags: number): Promise<void>;
  domainCreateWithFlags(domain: DomainRef, flags: number): Promise<DomainRef>;
  domainCreateWithFiles(
    domain: DomainRef,
    files: readonly number[],
    flags: number,
  ): Promise<DomainRef>;
  domainSuspend(domain: DomainRef): Promise<void>;
  domainResume(domain: DomainRef): Promise<void>;
  domainShutdownFlags(domain: DomainRef, flags: number): Promise<void>;
  domainReboot(domain: DomainRef, flags: number): Promise<void>;
  domainReset(domain: DomainRef, flags: number): Promise<void>;
  domainDestroyFlags(domain: DomainRef, flags: number): Promise<void>;
  domainPMSuspendForDuration(
    domain: DomainRef,
    target: number,
    seconds: bigint,
    flags: number,
  ): Promise<void>;
  domainPMWakeup(domain: DomainRef, flags: number): Promise<void>;
  domainRename(domain: DomainRef, name: string, flags: number): Promise<DomainRef>;

  domainGetXMLDesc(domain: DomainRef, flags: number): Promise<string>;
  domainGetInfo(domain: DomainRef): Promise<DomainInfo>;
  domainGetState(domain: DomainRef, flags: number): Promise<DomainStateInfo>;
  domainGetControlInfo(domain: DomainRef, flags: number): Promise<DomainControlInfo>;
  domainGetOSType(domain: DomainRef): Promise<string>;
  domainGetHostname(domain: DomainRef, flags: number): Promise<string>;
  domainIsActive(domain: DomainRef): Promise<boolean>;
  domainIsPersistent(domain: DomainRef): Promise<boolean>;
  domainIsUpdated(domain: DomainRef): Promise<boolean>;
  domainGetAutostart(domain: DomainRef): Promise<boolean>;
  domainSetAutostart(domain: DomainRef, autostart: boolean): Promise<void>;
  domainGetMetadata(
    domain: DomainRef,
    type: number,
    uri: string | null,
    flags: number,
  ): Promise<string>;
  domainSetMetadata(
    domain: DomainRef,
    type: number,
    metadata: string | null,
    key: string | null,
    uri: string | null,
    flags: number,
  ): Promise<void>;
  domainGetMessages(domain: DomainRef, flags: number): Promise<readonly string[]>;
  domainGetSecurityLabelList(
    domain: DomainRef,
  ): Promise<readonly { readonly label: string; readonly enforcing: boolean }[]>;
  domainSetLifecycleAction(
    domain: DomainRef,
    type: number,
    action: number,
    flags: number,
  ): Promise<void>;

  domainGetMaxMemory(domain: DomainRef): Promise<number>;
  domainSetMaxMemory(domain: DomainRef, memoryKib: number): Promise<void>;
  domainSetMemoryFlags(domain: DomainRef, memoryKib: number, flags: number): Promise<void>;
  domainSetMemoryStatsPeriod(domain: DomainRef, periodS: number, flags: number): Promise<void>;
  domainMemoryStats(
    domain: DomainRef,
    flags: number,
  ): Promise<readonly { readonly tag: number; readonly value: bigint }[]>;
  domainMemoryPeek(
    domain: DomainRef,
    start: bigint,
    sizeBytes: number,
    flags: number,
  ): Promise<Uint8Array>;
  domainGetMaxVcpus(domain: DomainRef): Promise<number>;
  domainGetVcpusFlags(domain: DomainRef, flags: number): Promise<number>;
  domainSetVcpusFlags(domain: DomainRef, vcpus: number, flags: number): Promise<void>;
  domainSetVcpu(domain: DomainRef, vcpumap: string, state: boolean, flags: number): Promise<void>;
  domainGetGuestVcpus(domain: DomainRef, flags: number): Promise<TypedParams>;
  domainSetGuestVcpus(
    domain: DomainRef,
    cpumap: string,
    state: boolean,
    flags: number,
  ): Promise<void>;
  domainGetVcpus(domain: DomainRef): Promise<readonly VcpuInfo[]>;
  domainGetVcpuPinInfo(domain: DomainRef, flags: number): Promise<readonly (readonly boolean[])[]>;
  domainPinVcpuFlags(
    domain: DomainRef,
    vcpu: number,
    cpumap: readonly boolean[],
    flags: number,
  ): Promise<void>;
  domainGetEmulatorPinInfo(domain: DomainRef, flags: number): Promise<readonly boolean[] | null>;
  domainPinEmulator(domain: DomainRef, cpumap: readonly boolean[], flags: number): Promise<void>;
  domainGetIOThreadInfo(domain: DomainRef, flags: number): Promise<readonly IoThreadInfo[]>;
  domainAddIOThread(domain: DomainRef, id: number, flags: number): Promise<void>;
  domainDelIOThread(domain: DomainRef, id: number, flags: number): Promise<void>;
  domainPinIOThread(
    domain: DomainRef,
    id: number,
    cpumap: readonly boolean[],
    flags: number,
  ): Promise<void>;
  domainSetIOThreadParams(
    domain: DomainRef,
    id: number,
    params: TypedParams,
    flags: number,
  ): Promise<void>;
  /** `startCpu` -1 asks for the totals of all CPUs; else one list for each CPU. */
  domainGetCPUStats(
    domain: DomainRef,
    startCpu: number,
    ncpus: number,
    flags: number,
  ): Promise<readonly TypedParams[]>;

  domainGetSchedulerType(domain: DomainRef): Promise<string>;
  domainGetSchedulerParameters(domain: DomainRef): Promise<TypedParams>;
  domainSetSchedulerParameters(domain: DomainRef, params: TypedParams): Promise<void>;
  domainGetSchedulerParametersFlags(domain: DomainRef, flags: number): Promise<TypedParams>;
  domainSetSchedulerParametersFlags(
    domain: DomainRef,
    params: TypedParams,
    flags: number,
  ): Promise<void>;
  domainGetMemoryParameters(domain: DomainRef, flags: number): Promise<TypedParams>;
  domainSetMemoryParameters(domain: DomainRef, params: TypedParams, flags: number): Promise<void>;
  domainGetNumaParameters(domain: DomainRef, flags: number): Promise<TypedParams>;
  domainSetNumaParameters(domain: DomainRef, params: TypedParams, flags: number): Promise<void>;
  domainGetBlkioParameters(domain: DomainRef, flags: number): Promise<TypedParams>;
  domainSetBlkioParameters(domain: DomainRef, params: TypedParams, flags: number): Promise<void>;
  domainGetBlockIoTune(domain: DomainRef, disk: string | null, flags: number): Promise<TypedParams>;
  domainSetBlockIoTune(
    domain: DomainRef,
    disk: string,
    params: TypedParams,
    flags: number,
  ): Promise<void>;
  domainGetInterfaceParameters(
    domain: DomainRef,
    device: string,
    flags: number,
  ): Promise<TypedParams>;
  domainSetInterfaceParameters(
    domain: DomainRef,
    device: string,
    params: TypedParams,
    flags: number,
  ): Promise<void>;
  domainGetPerfEvents(domain: DomainRef, flags: number): Promise<TypedParams>;
  domainSetPerfEvents(domain: DomainRef, params: TypedParams, flags: number): Promise<void>;

  /** An empty list of domains means all of the connection. */
  connectGetAllDomainStats(
    domains: readonly DomainRef[],
    stats: number,
    flags: number,
  ): Promise<readonly DomainStatsRecord[]>;
  domainBlockStatsFlags(domain: DomainRef, disk: string, flags: number): Promise<TypedParams>;
  /** The five counters that drivers have that know no others, by the names of the call above. */
  domainBlockStats(domain: DomainRef, disk: string): Promise<TypedParams>;
  domainGetBlockInfo(domain: DomainRef, disk: string, flags: number): Promise<DomainBlockInfo>;
  domainInterfaceStats(domain: DomainRef, device: string): Promise<TypedParams>;
  domainInterfaceAddresses(
    domain: DomainRef,
    source: number,
    flags: number,
  ): Promise<readonly DomainInterface[]>;
  domainGetDiskErrors(domain: DomainRef, flags: number): Promise<readonly DomainDiskError[]>;
  domainGetFSInfo(domain: DomainRef, flags: number): Promise<readonly DomainFsInfo[]>;
  domainGetGuestInfo(domain: DomainRef, types: number, flags: number): Promise<TypedParams>;
  domainGetTime(
    domain: DomainRef,
    flags: number,
  ): Promise<{ readonly seconds: bigint; readonly nanos: number }>;
  domainSetTime(domain: DomainRef, seconds: bigint, nanos: number, flags: number): Promise<void>;
  domainFSFreeze(domain: DomainRef, mountpoints: readonly string[], flags: number): Promise<number>;
  domainFSThaw(domain: DomainRef, mountpoints: readonly string[], flags: number): Promise<number>;
  domainFSTrim(
    domain: DomainRef,
    mountPoint: string | null,
    minimum: bigint,
    flags: number,
  ): Promise<void>;
  domainSetUserPassword(
    domain: DomainRef,
    user: string,
    password: string,
    flags: number,
  ): Promise<void>;
  domainStartDirtyRateCalc(domain: DomainRef, seconds: number, flags: number): Promise<void>;

  domainAttachDeviceFlags(domain: DomainRef, xml: string, flags: number): Promise<void>;
  domainDetachDeviceFlags(domain: DomainRef, xml: string, flags: number): Promise<void>;
  domainUpdateDeviceFlags(domain: DomainRef, xml: string, flags: number): Promise<void>;
  domainDetachDeviceAlias(domain: DomainRef, alias: string, flags: number): Promise<void>;
  domainBlockResize(domain: DomainRef, disk: string, size: bigint, flags: number): Promise<void>;
  domainBlockPeek(
    domain: DomainRef,
    disk: string,
    offset: bigint,
    sizeBytes: number,
    flags: number,
  ): Promise<Uint8Array>;
  domainBlockPull(domain: DomainRef, disk: string, bandwidth: bigint, flags: number): Promise<void>;
  domainBlockRebase(
    domain: DomainRef,
    disk: string,
    base: string | null,
    bandwidth: bigint,
    flags: number,
  ): Promise<void>;
  domainBlockCopy(
    domain: DomainRef,
    disk: string,
    destXml: string,
    params: TypedParams,
    flags: number,
  ): Promise<void>;
  domainBlockCommit(
    domain: DomainRef,
    disk: string,
    base: string | null,
    top: string | null,
    bandwidth: bigint,
    flags: number,
  ): Promise<void>;
  domainBlockJobAbort(domain: DomainRef, disk: string, flags: number): Promise<void>;
  domainBlockJobSetSpeed(
    domain: DomainRef,
    disk: string,
    bandwidth: bigint,
    flags: number,
  ): Promise<void>;
  /** Null where no job runs. */
  domainGetBlockJobInfo(
    domain: DomainRef,
    disk: string,
    flags: number,
  ): Promise<BlockJobInfo | null>;
  domainSetBlockThreshold(
    domain: DomainRef,
    dev: string,
    threshold: bigint,
    flags: number,
  ): Promise<void>;

  domainSaveFlags(domain: DomainRef, to: string, xml: string | null, flags: number): Promise<void>;
  domainRestoreFlags(from: string, xml: string | null, flags: number): Promise<void>;
  domainSaveImageGetXMLDesc(file: string, flags: number): Promise<string>;
  domainSaveImageDefineXML(file: string, xml: string, flags: number): Promise<void>;
  domainManagedSave(domain: DomainRef, flags: number): Promise<void>;
  domainHasManagedSaveImage(domain: DomainRef, flags: number): Promise<boolean>;
  domainManagedSaveRemove(domain: DomainRef, flags: number): Promise<void>;
  domainManagedSaveGetXMLDesc(domain: DomainRef, flags: number): Promise<string>;
  domainManagedSaveDefineXML(domain: DomainRef, xml: string, flags: number): Promise<void>;
  domainCoreDumpWithFormat(
    domain: DomainRef,
    to: string,
    format: number,
    flags: number,
  ): Promise<void>;
  /** Resolves with the picture's MIME type; the picture comes through `stream`. */
  domainScreenshot(
    domain: DomainRef,
    stream: Stream,
    screen: number,
    flags: number,
  ): Promise<string>;
  /** `device` null takes the first console. */
  domainOpenConsole(
    domain: DomainRef,
    device: string | null,
    stream: Stream,
    flags: number,
  ): Promise<void>;
  domainOpenChannel(
    domain: DomainRef,
    name: string | null,
    stream: Stream,
    flags: number,
  ): Promise<void>;
  domainSendKey(
    domain: DomainRef,
    codeset: number,
    holdTimeMs: number,
    keycodes: readonly number[],
    flags: number,
  ): Promise<void>;
  domainSendProcessSignal(
    domain: DomainRef,
    pid: bigint,
    signal: number,
    flags: number,
  ): Promise<void>;
  domainInjectNMI(domain: DomainRef, flags: number): Promise<void>;
  domainQemuMonitorCommand(domain: DomainRef, command: string, flags: number): Promise<string>;
  /** As `domainQemuMonitorCommand`, handing the monitor open files of the caller's. */
  domainQemuMonitorCommandWithFiles(
    domain: DomainRef,
    command: string,
    files: readonly number[],
    flags: number,
  ): Promise<string>;
  domainQemuAttach(pid: number, flags: number): Promise<DomainRef>;
  domainQemuAgentCommand(
    domain: DomainRef,
    command: string,
    timeoutS: number,
    flags: number,
  ): Promise<string>;

  domainAgentSetResponseTimeout(domain: DomainRef, timeoutS: number, flags: number): Promise<void>;
  domainAuthorizedSSHKeysGet(
    domain: DomainRef,
    user: string,
    flags: number,
  ): Promise<readonly string[]>;
  domainAuthorizedSSHKeysSet(
    domain: DomainRef,
    user: string,
    keys: readonly string[],
    flags: number,
  ): Promise<void>;
  domainGetLaunchSecurityInfo(domain: DomainRef, flags: number): Promise<TypedParams>;
  domainSetLaunchSecurityState(
    domain: DomainRef,
    params: TypedParams,
    flags: number,
  ): Promise<void>;
  /** Gives the domain open files of the caller's, which its disks may name. */
  domainFDAssociate(
    domain: DomainRef,
    name: string,
    files: readonly number[],
    flags: number,
  ): Promise<void>;
  domainLxcOpenNamespace(domain: DomainRef, flags: number): Promise<readonly number[]>;

  domainGetJobStats(domain: DomainRef, flags: number): Promise<DomainJobStats>;
  domainAbortJobFlags(domain: DomainRef, flags: number): Promise<void>;
  /** Moves the domain through this client to the connection `destination`. */
  domainMigrate3(
    domain: DomainRef,
    destination: string,
    params: TypedParams,
    flags: number,
  ): Promise<DomainRef>;
  /** Moves the domain by itself: peer to peer, or directly. */
  domainMigrateToURI3(
    domain: DomainRef,
    destination: string | null,
    params: TypedParams,
    flags: number,
  ): Promise<void>;
  domainMigrateStartPostCopy(domain: DomainRef, flags: number): Promise<void>;
  /** Bytes. */
  domainMigrateGetCompressionCache(domain: DomainRef, flags: number): Promise<bigint>;
  domainMigrateSetCompressionCache(
    domain: DomainRef,
    sizeBytes: bigint,
    flags: number,
  ): Promise<void>;
  domainMigrateGetMaxDowntime(domain: DomainRef, flags: number): Promise<bigint>;
  domainMigrateSetMaxDowntime(domain: DomainRef, downtimeMs: bigint, flags: number): Promise<void>;
  domainMigrateGetMaxSpeed(domain: DomainRef, flags: number): Promise<bigint>;
  domainMigrateSetMaxSpeed(domain: DomainRef, bandwidth: bigint, flags: number): Promise<void>;

  connectDomainXMLFromNative(format: string, config: string, flags: number): Promise<string>;
  connectDomainXMLToNative(format: string, xml: string, flags: number): Promise<string>;
}
