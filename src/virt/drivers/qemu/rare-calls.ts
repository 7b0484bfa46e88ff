/** Calls that few connections ever make: what answers them is loaded with the first one. */
import type { Calls } from "../../driver/driver.ts";
import type { QemuState } from "./qemu-state.ts";

const ABSENT = [
  "domainPMSuspendForDuration",
  "domainPMWakeup",
  "domainGetLaunchSecurityInfo",
  "domainSetLaunchSecurityState",
  "domainInterfaceStats",
  "domainGetBlockJobInfo",
  "domainBlockJobAbort",
  "domainBlockJobSetSpeed",
] as const;
const AGENT = [
  "domainQemuAgentCommand",
  "domainAgentSetResponseTimeout",
  "domainGetHostname",
  "domainGetTime",
  "domainSetTime",
  "domainGetFSInfo",
  "domainFSFreeze",
  "domainFSThaw",
  "domainFSTrim",
  "domainInterfaceAddresses",
  "domainGetGuestInfo",
  "domainSetUserPassword",
  "domainAuthorizedSSHKeysGet",
  "domainAuthorizedSSHKeysSet",
  "domainGetGuestVcpus",
  "domainSetGuestVcpus",
] as const;
const CONFIG = [
  "domainGetMaxMemory",
  "domainGetMaxVcpus",
  "domainGetVcpusFlags",
  "domainSetVcpusFlags",
] as const;
const DEVICES = [
  "domainAttachDeviceFlags",
  "domainDetachDeviceFlags",
  "domainDetachDeviceAlias",
  "domainUpdateDeviceFlags",
  "domainBlockResize",
] as const;
const DUMP = ["domainCoreDumpWithFormat", "domainGetJobStats", "domainAbortJobFlags"] as const;
const FIGURES = [
  "connectGetSysinfo",
  "connectGetCPUModelNames",
  "connectCompareCPU",
  "connectBaselineCPU",
  "connectCompareHypervisorCPU",
  "connectBaselineHypervisorCPU",
  "connectFindStoragePoolSources",
  "connectGetStoragePoolCapabilities",
  "nodeGetCPUStats",
  "nodeGetMemoryStats",
  "nodeGetFreePages",
] as const;
const IO_TUNE = ["domainGetBlockIoTune", "domainSetBlockIoTune"] as const;
const KEYS = ["domainSendKey", "domainInjectNMI"] as const;
const LIFECYCLE = ["domainSetLifecycleAction"] as const;
const METADATA = ["domainGetMetadata", "domainSetMetadata"] as const;
const MEMORY = [
  "domainSetMaxMemory",
  "domainSetMemoryFlags",
  "domainSetMemoryStatsPeriod",
  "domainMemoryStats",
] as const;
const MONITOR = ["domainQemuMonitorCommand"] as const;
const NATIVE = ["connectDomainXMLToNative"] as const;

const NODE_DEVICES = [
  "connectListAllNodeDevices",
  "nodeDeviceLookupByName",
  "nodeDeviceGetXMLDesc",
  "nodeDeviceGetParent",
  "nodeDeviceListCaps",
  "nodeDeviceDestroy",
  "nodeDeviceDetachFlags",
  "nodeDeviceReAttach",
  "nodeDeviceReset",
] as const;
const THREADS = [
  "domainGetVcpuPinInfo",
  "domainPinVcpuFlags",
  "domainGetEmulatorPinInfo",
  "domainPinEmulator",
  "domainPinIOThread",
  "domainGetIOThreadInfo",
  "domainAddIOThread",
  "domainDelIOThread",
  "domainSetIOThreadParams",
] as const;
const TUNING = [
  "domainGetSchedulerType",
  "domainGetSchedulerParameters",
  "domainSetSchedulerParameters",
  "domainGetSchedulerParametersFlags",
  "domainSetSchedulerParametersFlags",
  "domainGetMemoryParameters",
  "domainSetMemoryParameters",
  "domainGetBlkioParameters",
  "domainSetBlkioParameters",
  "domainGetNumaParameters",
  "domainSetNumaParameters",
  "domainGetPerfEvents",
  "domainSetPerfEvents",
  "domainGetInterfaceParameters",
  "domainSetInterfaceParameters",
] as const;
const THRESHOLD = ["domainSetBlockThreshold"] as const;
const VCPU = ["domainSetVcpu"] as const;

type Name = (
  | typeof ABSENT
  | typeof AGENT
  | typeof CONFIG
  | typeof DEVICES
  | typeof DUMP
  | typeof FIGURES
  | typeof IO_TUNE
  | typeof KEYS
  | typeof LIFECYCLE
  | typeof METADATA
  | typeof MEMORY
  | typeof MONITOR
  | typeof NATIVE
  | typeof NODE_DEVICES
  | typeof THREADS
  | typeof THRESHOLD
  | typeof TUNING
  | typeof VCPU
)[number];

export function rareCalls(state: QemuState): Pick<Calls, Name> {
  return {
    ...deferred(ABSENT, async () => (await import("./absent-calls.ts")).absentCalls(state)),
    ...deferred(AGENT, async () => (await import("./agent/agent-calls.ts")).agentCalls(state)),
    ...deferred(CONFIG, async () => (await import("./config-calls.ts")).configCalls(state)),
    ...deferred(DEVICES, async () => (await import("./device-calls.ts")).deviceCalls(state)),
    ...deferred(DUMP, async () => (await import("./dump-calls.ts")).dumpCalls(state)),
    ...deferred(FIGURES, async () => (await import("./host-figures.ts")).hostFigures(state)),
    ...deferred(IO_TUNE, async () => (await import("./iotune-calls.ts")).ioTuneCalls(state)),
    ...deferred(KEYS, async () => (await import("./key-calls.ts")).keyCalls(state)),
    ...deferred(LIFECYCLE, async () =>
      (await import("./lifecycle-action.ts")).lifecycleActionCalls(state),
    ),
    ...deferred(METADATA, async () => (await import("./metadata-calls.ts")).metadataCalls(state)),
    ...deferred(MEMORY, async () => (await import("./memory-calls.ts")).memoryCalls(state)),
    ...deferred(MONITOR, async () => (await import("./monitor-calls.ts")).monitorCalls(state)),
    ...deferred(NATIVE, async () => (await import("./native-calls.ts")).nativeCalls(state)),
    ...deferred(NODE_DEVICES, async () =>
      (await import("./node-device-calls.ts")).nodeDeviceCalls(state),
    ),
    ...deferred(THREADS, async () => (await import("./thread-calls.ts")).threadCalls(state)),
    ...deferred(THRESHOLD, async () =>
      (await import("./block-threshold.ts")).blockThresholdCalls(state),
    ),
    ...deferred(TUNING, async () => (await import("./tuning-calls.ts")).tuningCalls(state)),
    ...deferred(VCPU, async () => (await import("./vcpu-set.ts")).vcpuSetCalls(state)),
  };
}

type AnyCall = (...args: readonly unknown[]) => Promise<unknown>;

/** Calls of those names, which go to what `load` brings; when it fails, the next call tries again. */
function deferred<K extends Name>(
  names: readonly K[],
  load: () => Promise<Pick<Calls, K>>,
): Pick<Calls, K> {
  let loaded: Promise<Pick<Calls, K>> | undefined;
  const calls = async (): Promise<Pick<Calls, K>> => {
    loaded ??= load();
    try {
      return await loaded;
    } catch (error) {
      loaded = undefined;
      throw error;
    }
  };
  const entries = names.map((name): [K, AnyCall] => [
    name,
    async (...args) => ((await calls())[name] as AnyCall)(...args),
  ]);
  return Object.fromEntries(entries) as unknown as Pick<Calls, K>;
}
