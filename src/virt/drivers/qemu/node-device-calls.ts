/** The host's devices: the host itself, for none is passed on to guests. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import type { HostCalls } from "../../driver/host-calls.ts";
import type { NodeDeviceRef } from "../../driver/refs.ts";
import { element, textElement, type XmlElement } from "../../xml/element.ts";
import { formatXml } from "../../xml/format.ts";
import type { QemuState } from "./qemu-state.ts";

type Calls = Pick<
  HostCalls,
  | "connectListAllNodeDevices"
  | "nodeDeviceLookupByName"
  | "nodeDeviceGetXMLDesc"
  | "nodeDeviceGetParent"
  | "nodeDeviceListCaps"
  | "nodeDeviceDestroy"
  | "nodeDeviceDetachFlags"
  | "nodeDeviceReAttach"
  | "nodeDeviceReset"
>;

const COMPUTER = "computer";
const NODEDEV = { domain: ErrorDomain.nodedev } as const;

/** `virConnectListAllNodeDeviceFlags`. */
const SYSTEM = 1;
const [INACTIVE, ACTIVE] = [0x4000_0000, 0x8000_0000];

export function nodeDeviceCalls({ hostUuid }: QemuState): Calls {
  const known = ({ name }: NodeDeviceRef): void => {
    if (name === COMPUTER) return;
    throw vmError("noNodeDevice", `no node device with matching name '${name}'`, NODEDEV);
  };
  const refusePci = async (device: NodeDeviceRef): Promise<never> => {
    known(device);
    throw vmError("invalidArg", `device ${device.name} is not a PCI device`, NODEDEV);
  };
  return {
    connectListAllNodeDevices: async (flags) => (isListed(flags) ? [{ name: COMPUTER }] : []),
    nodeDeviceLookupByName: async (name) => {
      known({ name });
      return { name };
    },
    nodeDeviceGetXMLDesc: async (device) => {
      known(device);
      return formatXml(computer(hostUuid));
    },
    nodeDeviceGetParent: async (device) => {
      known(device);
      return null;
    },
    nodeDeviceListCaps: async (device) => {
      known(device);
      return ["system"];
    },
    nodeDeviceDestroy: async (device) => {
      known(device);
      throw vmError("configUnsupported", "Unsupported device type", NODEDEV);
    },
    nodeDeviceDetachFlags: refusePci,
    nodeDeviceReAttach: refusePci,
    nodeDeviceReset: refusePci,
  };
}

/** By capability and by whether it is active; where nothing is said of one of them, all are. */
function isListed(flags: number): boolean {
  const states = (flags & (INACTIVE | ACTIVE)) >>> 0;
  const capabilities = flags & ~(INACTIVE | ACTIVE);
  return (
    (states === 0 || (states & ACTIVE) !== 0) &&
    (capabilities === 0 || (capabilities & SYSTEM) !== 0)
  );
}

function computer(uuid: string): XmlElement {
  return element("device", {}, [
    textElement("name", COMPUTER),
    element("capability", { type: "system" }, [
      element("hardware", {}, [textElement("uuid", uuid)]),
      // libvirt writes an end tag, though nothing is known of it.
      element("firmware", {}, [{ kind: "open" }]),
    ]),
  ]);
}
