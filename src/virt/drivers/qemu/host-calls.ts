/** What the driver says of itself and its host. */
import type { HostCalls } from "../../driver/host-calls.ts";
import { formatXml } from "../../xml/format.ts";
import { MAX_VCPUS } from "./machine-config.ts";
import { type QemuState, VIRT_TYPES } from "./qemu-state.ts";

type Calls = Pick<
  HostCalls,
  | "connectGetType"
  | "connectGetVersion"
  | "connectGetHostname"
  | "connectGetCapabilities"
  | "connectGetDomainCapabilities"
  | "connectGetMaxVcpus"
  | "connectIsEncrypted"
  | "connectIsSecure"
  | "connectIsAlive"
  | "nodeGetInfo"
  | "nodeGetFreeMemory"
  | "nodeGetCellsFreeMemory"
  | "nodeGetCPUMap"
  | "nodeGetSecurityModel"
  | "connectEvents"
  | "connectMonitorEvents"
>;

/** What a page's first look does not ask for. */
const ofHost = () => import("../../conf/capabilities/host.ts");
const ofDomains = () => import("../../conf/capabilities/domain.ts");

export function hostCalls(state: QemuState): Calls {
  const { host, images } = state.ports;
  const { emulator, efiLoader } = host;
  const guests = { emulator, virtTypes: VIRT_TYPES, maxVcpus: MAX_VCPUS };
  const { cpus, memoryKib } = host.node;
  // To those who ask for its CPU it is what it emulates.
  const capabilities = { ...guests, uuid: state.hostUuid, arch: "riscv64", cpus, memoryKib };
  return {
    connectGetType: async () => "QEMU",
    connectGetVersion: async () => host.version,
    connectGetHostname: async () => host.hostname,
    connectGetCapabilities: async () => formatXml((await ofHost()).hostCapabilities(capabilities)),
    connectGetDomainCapabilities: async (wanted, arch, machine, virttype) => {
      const { domainCapabilities } = await ofDomains();
      const isThere = await images.exists(efiLoader);
      const driver = { ...guests, efiLoader: isThere ? efiLoader : null };
      return formatXml(domainCapabilities(driver, { emulator: wanted, arch, machine, virttype }));
    },
    connectGetMaxVcpus: async () => MAX_VCPUS,
    connectIsEncrypted: async () => false,
    // Nothing but the user's own processes can hear or speak.
    connectIsSecure: async () => true,
    connectIsAlive: async () => true,
    nodeGetInfo: async () => host.node,
    nodeGetFreeMemory: () => freeMemory(state),
    nodeGetCellsFreeMemory: async () => [await freeMemory(state)],
    nodeGetCPUMap: async () => ({ online: Array.from({ length: host.node.cpus }, () => true) }),
    nodeGetSecurityModel: async () => (await ofHost()).NO_SECURITY,
    connectEvents: async (listener) => state.subscribe(listener),
    connectMonitorEvents: async (listener) => state.subscribeMonitor(listener),
  };
}

/** Bytes: what the host says, or what its machines have not taken. */
export async function freeMemory({ ports: { host }, runs }: QemuState): Promise<bigint> {
  const told = host.freeMemory();
  if (told !== null) return told;
  const machines = await Promise.all([...runs.values()].map(({ machine }) => machine.stats()));
  const taken = machines.reduce((sum, { residentBytes }) => sum + residentBytes, 0);
  return BigInt(Math.max(0, host.node.memoryKib * 1024 - taken));
}
