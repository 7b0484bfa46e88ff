/** What a driver says of itself, its host, its node devices and secrets; see `domain-calls.ts`. */
import type { NodeDeviceRef, SecretRef } from "./refs.ts";
import type { Event, MonitorEvent } from "./events.ts";
import type { TypedParams } from "./typed-params.ts";

/** `virNodeInfo`. */
export interface NodeInfo {
  readonly model: string;
  readonly memoryKib: number;
  readonly cpus: number;
  readonly mhz: number;
  readonly nodes: number;
  readonly sockets: number;
  readonly cores: number;
  readonly threads: number;
}

/** `virNodeCPUStats` and `virNodeMemoryStats`: in the order in which they are printed. */
export type NodeStats = readonly { readonly field: string; readonly value: bigint }[];

export interface HostCalls {
  /** `QEMU` or `TEST`. */
  connectGetType(): Promise<string>;
  /** 1,000,000 × major + 1,000 × minor + release. */
  connectGetVersion(): Promise<number>;
  connectGetHostname(): Promise<string>;
  connectGetCapabilities(): Promise<string>;
  connectGetDomainCapabilities(
    emulator: string | null,
    arch: string | null,
    machine: string | null,
    virttype: string | null,
    flags: number,
  ): Promise<string>;
  connectGetSysinfo(flags: number): Promise<string>;
  connectGetMaxVcpus(type: string | null): Promise<number>;
  connectIsEncrypted(): Promise<boolean>;
  connectIsSecure(): Promise<boolean>;
  connectIsAlive(): Promise<boolean>;
  connectCompareCPU(xml: string, flags: number): Promise<number>;
  connectBaselineCPU(xmlCpus: readonly string[], flags: number): Promise<string>;
  connectCompareHypervisorCPU(
    emulator: string | null,
    arch: string | null,
    machine: string | null,
    virttype: string | null,
    xml: string,
    flags: number,
  ): Promise<number>;
  connectBaselineHypervisorCPU(
    emulator: string | null,
    arch: string | null,
    machine: string | null,
    virttype: string | null,
    xmlCpus: readonly string[],
    flags: number,
  ): Promise<string>;
  connectGetCPUModelNames(arch: string, flags: number): Promise<readonly string[]>;

  nodeGetInfo(): Promise<NodeInfo>;
  /** `cpu` -1 is the sum of all. */
  nodeGetCPUStats(cpu: number, flags: number): Promise<NodeStats>;
  nodeGetMemoryStats(cell: number, flags: number): Promise<NodeStats>;
  nodeGetMemoryParameters(flags: number): Promise<TypedParams>;
  nodeSetMemoryParameters(params: TypedParams, flags: number): Promise<void>;
  /** Bytes. */
  nodeGetFreeMemory(): Promise<bigint>;
  nodeGetCellsFreeMemory(startCell: number, maxCells: number): Promise<readonly bigint[]>;
  nodeGetFreePages(
    pageSizesKib: readonly number[],
    startCell: number,
    cellCount: number,
    flags: number,
  ): Promise<readonly bigint[]>;
  nodeGetCPUMap(flags: number): Promise<{ readonly online: readonly boolean[] }>;
  nodeGetSecurityModel(): Promise<{ readonly model: string; readonly doi: string }>;
  nodeSuspendForDuration(target: number, seconds: bigint, flags: number): Promise<void>;

  connectListAllNodeDevices(flags: number): Promise<readonly NodeDeviceRef[]>;
  nodeDeviceLookupByName(name: string): Promise<NodeDeviceRef>;
  nodeDeviceGetXMLDesc(device: NodeDeviceRef, flags: number): Promise<string>;
  nodeDeviceGetParent(device: NodeDeviceRef): Promise<string | null>;
  nodeDeviceListCaps(device: NodeDeviceRef): Promise<readonly string[]>;
  nodeDeviceCreateXML(xml: string, flags: number): Promise<NodeDeviceRef>;
  nodeDeviceDestroy(device: NodeDeviceRef): Promise<void>;
  nodeDeviceDetachFlags(device: NodeDeviceRef, driver: string | null, flags: number): Promise<void>;
  nodeDeviceReAttach(device: NodeDeviceRef): Promise<void>;
  nodeDeviceReset(device: NodeDeviceRef): Promise<void>;

  connectListAllSecrets(flags: number): Promise<readonly SecretRef[]>;
  secretLookupByUUID(uuid: string): Promise<SecretRef>;
  secretLookupByUsage(usageType: number, usageId: string): Promise<SecretRef>;
  secretDefineXML(xml: string, flags: number): Promise<SecretRef>;
  secretGetXMLDesc(secret: SecretRef, flags: number): Promise<string>;
  secretSetValue(secret: SecretRef, value: Uint8Array, flags: number): Promise<void>;
  secretGetValue(secret: SecretRef, flags: number): Promise<Uint8Array>;
  secretUndefine(secret: SecretRef): Promise<void>;

  /** Calls back for every event of the connection, in order; returns a function that stops it. */
  connectEvents(listener: (event: Event) => void): Promise<() => void>;
  connectMonitorEvents(listener: (event: MonitorEvent) => void): Promise<() => void>;
}
