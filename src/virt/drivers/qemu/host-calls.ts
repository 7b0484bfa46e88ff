/** What the driver says of itself and its host. */
import type { HostCalls } from "../../driver/host-calls.ts";
import { formatXml } from "../../xml/format.ts";
import { capabilities } from "./capabilities.ts";
import { MAX_VCPUS } from "./machine-config.ts";
import type { QemuState } from "./qemu-state.ts";

type Calls = Pick<
  HostCalls,
  | "connectGetType"
  | "connectGetVersion"
  | "connectGetHostname"
  | "connectGetCapabilities"
  | "connectGetMaxVcpus"
  | "connectIsEncrypted"
  | "connectIsSecure"
  | "connectIsAlive"
  | "nodeGetInfo"
  | "nodeGetFreeMemory"
  | "nodeGetCellsFreeMemory"
  | "nodeGetCPUMap"
  | "connectEvents"
>;

export function hostCalls(state: QemuState): Calls {
  const { host } = state.ports;
  return {
    connectGetType: async () => "QEMU",
    connectGetVersion: async () => host.version,
    connectGetHostname: async () => host.hostname,
    connectGetCapabilities: async () => formatXml(capabilities(host)),
    connectGetMaxVcpus: async () => MAX_VCPUS,
    connectIsEncrypted: async () => false,
    // Nothing but the user's own processes can hear or speak.
    connectIsSecure: async () => true,
    connectIsAlive: async () => true,
    nodeGetInfo: async () => host.node,
    nodeGetFreeMemory: async () => host.freeMemory(),
    nodeGetCellsFreeMemory: async () => [host.freeMemory()],
    nodeGetCPUMap: async () => ({ online: Array.from({ length: host.node.cpus }, () => true) }),
    connectEvents: async (listener) => state.subscribe(listener),
  };
}
