/** Figures of the host, and what is asked of CPU models: the one that is emulated has no model. */
import { vmError } from "../../../protocol/vm-error.ts";
import { poolCapabilities, POOL_TYPES } from "../../conf/capabilities/pools.ts";
import type { HostCalls, NodeStats } from "../../driver/host-calls.ts";
import type { StorageCalls } from "../../driver/storage-calls.ts";
import { formatXml } from "../../xml/format.ts";
import { checkFlags } from "../objects/flags.ts";
import { freeMemory } from "./host-calls.ts";
import type { CpuTimes } from "./ports.ts";
import { STORAGE } from "./pool-xml.ts";
import { QEMU, type QemuState, VIRT_TYPES } from "./qemu-state.ts";

type Calls = Pick<
  HostCalls & StorageCalls,
  | "connectGetSysinfo"
  | "connectGetCPUModelNames"
  | "connectCompareCPU"
  | "connectBaselineCPU"
  | "connectCompareHypervisorCPU"
  | "connectBaselineHypervisorCPU"
  | "connectFindStoragePoolSources"
  | "connectGetStoragePoolCapabilities"
  | "nodeGetCPUStats"
  | "nodeGetMemoryStats"
  | "nodeGetFreePages"
>;

/** Of the host's memory, in KiB. */
const PAGE_KIB = 4;
/** Sums of all CPUs, or of all memory. */
const ALL = -1;

export function hostFigures(state: QemuState): Calls {
  return {
    ...cpuModels(state),
    ...nodeFigures(state),
    connectFindStoragePoolSources: findSources,
    connectGetStoragePoolCapabilities: async (flags) => {
      checkFlags(flags, 0, "storageConnectGetStoragePoolCapabilities", STORAGE.domain);
      return formatXml(poolCapabilities(new Set(BACKENDS)));
    },
  };
}

function cpuModels({ ports: { host } }: QemuState) {
  const noModels = async (arch: string): Promise<never> => {
    throw vmError("noSupport", `'${arch}' architecture is not supported by CPU driver`);
  };
  const noHypervisorModels = async (words: string, type: string | null): Promise<never> => {
    throw vmError(
      "operationUnsupported",
      `QEMU '${host.emulator}' does not support ${words} for virttype '${type ?? VIRT_TYPES[0]}'`,
      QEMU,
    );
  };
  return {
    connectGetSysinfo: async (flags: number): Promise<never> => {
      checkFlags(flags, 0, "qemuConnectGetSysinfo", QEMU.domain);
      throw vmError("configUnsupported", "Host SMBIOS information is not available", QEMU);
    },
    connectGetCPUModelNames: noModels,
    connectCompareCPU: () => noModels("riscv64"),
    connectBaselineCPU: () => noModels("riscv64"),
    connectCompareHypervisorCPU: (
      _emulator: string | null,
      _arch: string | null,
      _machine: string | null,
      type: string | null,
    ) => noHypervisorModels("reporting CPU model", type),
    connectBaselineHypervisorCPU: (
      _emulator: string | null,
      _arch: string | null,
      _machine: string | null,
      type: string | null,
    ) => noHypervisorModels("any CPU models", type),
  };
}

function nodeFigures(
  state: QemuState,
): Pick<Calls, "nodeGetCPUStats" | "nodeGetMemoryStats" | "nodeGetFreePages"> {
  const { host } = state.ports;
  return {
    nodeGetCPUStats: async (cpu, flags) => {
      checkFlags(flags, 0, "virHostCPUGetStats", QEMU.domain);
      const times = host.cpuTimes?.();
      if (!times) throw vmError("noSupport", "node CPU stats not implemented on this platform");
      const chosen = cpu === ALL ? times : times.slice(cpu, cpu + 1);
      if (chosen.length > 0) return cpuStats(chosen);
      throw vmError("invalidArg", "Invalid cpuNum in virHostCPUGetStatsLinux");
    },
    nodeGetMemoryStats: async (cell, flags) => {
      checkFlags(flags, 0, "virHostMemGetStats", QEMU.domain);
      if (cell > 0) {
        const words = "cellNum in virHostMemGetStats must be less than or equal to 0";
        throw vmError("invalidArg", words);
      }
      return [
        { field: "total", value: BigInt(host.node.memoryKib) },
        { field: "free", value: (await freeMemory(state)) / 1024n },
      ];
    },
    nodeGetFreePages: async (sizesKib, startCell, _count, flags) => {
      checkFlags(flags, 0, "qemuNodeGetFreePages", QEMU.domain);
      if (startCell > 0) {
        throw vmError("internalError", `start cell ${startCell} out of range (0-0)`);
      }
      const wrong = sizesKib.find((size) => size !== PAGE_KIB);
      if (wrong !== undefined) {
        throw vmError("operationFailed", `page size ${wrong} is not available on node 0`);
      }
      const free = (await freeMemory(state)) / BigInt(PAGE_KIB * 1024);
      return sizesKib.map(() => free);
    },
  };
}

/** Nanoseconds, in the order in which libvirt tells them on Linux. */
function cpuStats(cpus: readonly CpuTimes[]): NodeStats {
  return (["kernel", "user", "idle"] as const).map((field) => {
    const ms = cpus.reduce((sum, times) => sum + times[`${field}Ms`], 0);
    return { field, value: BigInt(Math.round(ms * 1e6)) };
  });
}

/** libvirt's types of pools that are there. */
const BACKENDS = ["dir", "logical"];

/** Pools here are found by nobody: they are where their definitions say. */
async function findSources(type: string): Promise<never> {
  const index = POOL_TYPES.indexOf(type);
  if (BACKENDS.includes(type)) {
    const words = `pool type '${type}' does not support source discovery`;
    throw vmError("noSupport", words, STORAGE);
  }
  const words =
    index < 0
      ? `unknown storage pool type ${type}`
      : `missing backend for pool type ${index} (${type})`;
  throw vmError("internalError", words, STORAGE);
}
