/** What the test driver says of itself and its pretended host. */
import { vmError } from "../../../protocol/vm-error.ts";
import type { HostCalls } from "../../driver/host-calls.ts";
import type { NodeDeviceRef } from "../../driver/refs.ts";
import { textAt, type XmlElement } from "../../xml/element.ts";
import { formatXml } from "../../xml/format.ts";
import { CAPABILITIES, CPU_MODELS, SYSINFO } from "./host-texts.ts";
import { capabilitiesOf } from "./node-devices.ts";
import { TEST, type TestState } from "./state.ts";

type Calls = Pick<
  HostCalls,
  | "connectGetType"
  | "connectGetVersion"
  | "connectGetHostname"
  | "connectGetCapabilities"
  | "connectGetSysinfo"
  | "connectGetMaxVcpus"
  | "connectIsEncrypted"
  | "connectIsSecure"
  | "connectIsAlive"
  | "connectGetCPUModelNames"
  | "nodeGetInfo"
  | "nodeGetCPUStats"
  | "nodeGetFreeMemory"
  | "nodeGetCellsFreeMemory"
  | "nodeGetFreePages"
  | "nodeGetCPUMap"
  | "nodeGetSecurityModel"
  | "connectListAllNodeDevices"
  | "nodeDeviceLookupByName"
  | "nodeDeviceGetXMLDesc"
  | "nodeDeviceGetParent"
  | "nodeDeviceListCaps"
  | "nodeDeviceCreateXML"
  | "nodeDeviceDestroy"
  | "connectEvents"
>;

export function hostCalls(state: TestState): Calls {
  return {
    connectGetType: async () => "TEST",
    connectGetVersion: async () => 2,
    connectGetHostname: async () => state.ports.hostname(),
    connectGetCapabilities: async () => CAPABILITIES,
    connectGetSysinfo: async () => SYSINFO,
    connectGetMaxVcpus: async () => 32,
    connectIsEncrypted: async () => false,
    connectIsSecure: async () => true,
    connectIsAlive: async () => true,
    connectGetCPUModelNames: async (arch) => {
      const models = Object.hasOwn(CPU_MODELS, arch) ? CPU_MODELS[arch] : undefined;
      if (!models) {
        if (KNOWN_ARCHES.has(arch)) {
          throw vmError("noSupport", `'${arch}' architecture is not supported by CPU driver`, TEST);
        }
        throw vmError("invalidArg", `cannot find architecture ${arch}`, TEST);
      }
      return models;
    },
    nodeGetInfo: async () => state.node,
    nodeGetCPUStats: async () => [
      { field: "user", value: 9_797_400_000n },
      { field: "kernel", value: 34_678_723_400_000n },
      { field: "idle", value: 87_264_900_000n },
      { field: "iowait", value: 763_600_000n },
    ],
    nodeGetFreeMemory: async () => 3145728n,
    nodeGetCellsFreeMemory: async (startCell, maxCells) => {
      const cells = [2097152n, 4194304n];
      if (startCell >= cells.length) {
        throw vmError("invalidArg", "Range exceeds available cells", TEST);
      }
      return cells.slice(startCell, startCell + maxCells);
    },
    nodeGetFreePages: async (pageSizes, _startCell, cellCount) => {
      let pages = 6;
      return Array.from({ length: cellCount * pageSizes.length }, () => {
        pages = pages * 2 + 7;
        return BigInt(pages);
      });
    },
    nodeGetCPUMap: async () => ({
      online: [true, false, true, false, true, false, false, false],
    }),
    nodeGetSecurityModel: async () => ({ model: "testSecurity", doi: "" }),
    connectEvents: async (listener) => state.subscribe(listener),
    ...nodeDeviceCalls(state),
  };
}

type NodeDeviceCalls = Pick<
  Calls,
  | "connectListAllNodeDevices"
  | "nodeDeviceLookupByName"
  | "nodeDeviceGetXMLDesc"
  | "nodeDeviceGetParent"
  | "nodeDeviceListCaps"
  | "nodeDeviceCreateXML"
  | "nodeDeviceDestroy"
>;

/** Architectures that libvirt knows without CPU models. */
const KNOWN_ARCHES = new Set(["riscv32", "riscv64", "mips", "mipsel", "mips64", "sparc64", "m68k"]);

function nodeDeviceCalls(state: TestState): NodeDeviceCalls {
  const { nodeDevices } = state;
  const refOf = (device: XmlElement): NodeDeviceRef => ({ name: textAt(device, "name") ?? "" });
  return {
    connectListAllNodeDevices: async () => nodeDevices.all().map(refOf),
    nodeDeviceLookupByName: async (name) => refOf(nodeDevices.get(name)),
    nodeDeviceGetXMLDesc: async ({ name }) => formatXml(nodeDevices.get(name)),
    nodeDeviceGetParent: async ({ name }) => textAt(nodeDevices.get(name), "parent") ?? null,
    nodeDeviceListCaps: async ({ name }) => capabilitiesOf(nodeDevices.get(name)),
    nodeDeviceCreateXML: async (xml) => {
      const device = refOf(nodeDevices.add(xml));
      state.emit({ of: "nodedev", device, event: 0, detail: 0 });
      return device;
    },
    nodeDeviceDestroy: async (device) => {
      nodeDevices.remove(device.name);
      state.emit({ of: "nodedev", device, event: 1, detail: 0 });
    },
  };
}
