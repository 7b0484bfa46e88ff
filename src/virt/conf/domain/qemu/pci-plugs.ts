/** Which devices are on PCI, and what they need of their bus. */
import { childAt, type Draft } from "../../../xml/draft.ts";
import type { PciPlug } from "./pci-set.ts";

/** Models of virtio devices that are old ones too, and old ones are on PCI, not on PCI Express. */
const TRANSITIONAL = "virtio-transitional";

/** By the name of the element; undefined for devices that are elsewhere. */
const PLUGS: Readonly<Record<string, (device: Draft) => PciPlug | undefined>> = {
  controller: controllerPlug,
  filesystem: virtioPlug,
  interface: interfacePlug,
  sound: (sound) => (["es1370", "ac97", "ich6", "ich9"].includes(model(sound)) ? "pci" : undefined),
  disk: (disk) =>
    childAt(disk, "target")?.attributes.get("bus") === "virtio" ? virtioPlug(disk) : undefined,
  hostdev: (hostdev) =>
    ["pci", "scsi_host", "mdev"].includes(hostdev.attributes.get("type") ?? "")
      ? virtioPlug(hostdev)
      : undefined,
  memballoon: (balloon) => (model(balloon) === "none" ? undefined : virtioPlug(balloon)),
  rng: virtioPlug,
  watchdog: (watchdog) => (model(watchdog) === "i6300esb" ? "pci" : undefined),
  video: videoPlug,
  shmem: () => "pci",
  input: (input) => (input.attributes.get("bus") === "virtio" ? virtioPlug(input) : undefined),
  serial: (serial) =>
    childAt(serial, "target")?.attributes.get("type") === "pci-serial" ? "pci" : undefined,
  vsock: virtioPlug,
  memory: (memory) => (model(memory).startsWith("virtio-") ? "pcie" : undefined),
};

/** The kinds of devices in the order in which libvirt gives them addresses. */
export const PLUG_ORDER = [
  "filesystem",
  "interface",
  "sound",
  "controller",
  "disk",
  "hostdev",
  "memballoon",
  "rng",
  "watchdog",
  "video",
  "shmem",
  "input",
  "serial",
  "vsock",
  "memory",
] as const;

export function plugOf(device: Draft): PciPlug | undefined {
  return PLUGS[device.name]?.(device);
}

function model(device: Draft): string {
  return device.attributes.get("model") ?? "";
}

function virtioPlug(device: Draft): PciPlug {
  return model(device) === TRANSITIONAL ? "pci" : "pcie";
}

const USB_EXPRESS: readonly string[] = ["nec-xhci", "qemu-xhci"];

function controllerPlug(controller: Draft): PciPlug | undefined {
  const kind = controller.attributes.get("type");
  if (kind === "pci") return pciControllerPlug(model(controller));
  if (kind === "usb") {
    if (model(controller) === "none") return undefined;
    return USB_EXPRESS.includes(model(controller)) ? "pcie" : "pci";
  }
  if (kind === "virtio-serial") return virtioPlug(controller);
  if (kind === "scsi")
    return model(controller).startsWith("virtio-") ? virtioPlug(controller) : "pci";
  if (kind === "ide") return controller.attributes.get("index") === "0" ? undefined : "pci";
  return kind === "sata" ? "pci" : undefined;
}

const PCI_CONTROLLERS: readonly string[] = [
  "pci-bridge",
  "pcie-root-port",
  "pcie-to-pci-bridge",
  "dmi-to-pci-bridge",
  "pcie-switch-upstream-port",
  "pcie-switch-downstream-port",
  "pci-expander-bus",
  "pcie-expander-bus",
] satisfies readonly PciPlug[];

/** Root buses are the machine's own and plugged into nothing. */
function pciControllerPlug(name: string): PciPlug | undefined {
  return PCI_CONTROLLERS.includes(name) ? (name as PciPlug) : undefined;
}

function interfacePlug(iface: Draft): PciPlug | undefined {
  const kind = childAt(iface, "model")?.attributes.get("type") ?? "";
  if (kind === "usb-net") return undefined;
  if (["virtio", "virtio-non-transitional", "e1000e", ""].includes(kind)) return "pcie";
  return "pci";
}

function videoPlug(video: Draft): PciPlug | undefined {
  const kind = childAt(video, "model")?.attributes.get("type") ?? "";
  if (kind === "none" || kind === "ramfb" || kind === "") return undefined;
  return kind === "virtio" || kind === "bochs" ? "pcie" : "pci";
}
