/** What hardware is called in the list, as virt-manager calls it. */
import { find, textOf, type XmlElement } from "../../../../virt/xml/element.ts";
import type { Translate } from "../../../i18n/catalogue.ts";
import type { Device } from "./hardware.ts";

const BUSES: Readonly<Record<string, string>> = {
  virtio: "VirtIO",
  scsi: "SCSI",
  sata: "SATA",
  ide: "IDE",
  usb: "USB",
  fdc: "FDC",
  sd: "SD",
  xen: "Xen",
};

/** A bus as people write it. */
export function busName(bus: string): string {
  return BUSES[bus] ?? bus;
}

export function deviceLabel({ element, number }: Device, t: Translate): string {
  const { name } = element;
  switch (name) {
    case "disk":
      return diskLabel(element, number, t);
    case "serial":
    case "parallel":
    case "console":
    case "hostdev":
    case "redirdev":
    case "smartcard":
    case "audio":
      return t(`hw.name.${name}`, { number });
    case "interface":
    case "channel":
    case "rng":
    case "controller":
    case "video":
    case "graphics":
    case "input":
    case "sound":
    case "filesystem":
    case "tpm":
      return t(`hw.name.${name}`, { detail: detailOf(element) }).trim();
    case "watchdog":
    case "panic":
    case "memballoon":
    case "vsock":
      return t(`hw.name.${name}`);
    default:
      return t("hw.name.other", { name, number });
  }
}

function diskLabel(disk: XmlElement, number: number, t: Translate): string {
  const kind = disk.attributes.get("device");
  const bus = busName(find(disk, "target")?.attributes.get("bus") ?? "");
  if (kind === "floppy") return t("hw.name.floppy", { number });
  return t(kind === "cdrom" ? "hw.name.cdrom" : "hw.name.disk", { bus, number });
}

/** What tells a device from its like at a glance. */
function detailOf(element: XmlElement): string {
  const own = (name: string): string => element.attributes.get(name) ?? "";
  const at = (child: string, name: string): string =>
    find(element, child)?.attributes.get(name) ?? "";
  switch (element.name) {
    case "interface":
      return at("mac", "address").slice(-9);
    case "channel":
      return (
        at("target", "name").replace(/^org\.qemu\.guest_agent\.\d+$/, "qemu-ga") || own("type")
      );
    case "rng": {
      const backend = find(element, "backend");
      return (backend ? textOf(backend).trim() : "") || at("backend", "model");
    }
    case "controller":
      return controllerDetail(own("type"), own("model"), own("index"));
    case "video":
      return at("model", "type");
    case "filesystem":
      return at("target", "dir");
    case "sound":
    case "tpm":
      return own("model");
    default:
      return own("type");
  }
}

function controllerDetail(type: string, model: string, index: string): string {
  if (model === "virtio-scsi") return `VirtIO SCSI ${index}`;
  if (type === "pci") return `${model.startsWith("pcie") ? "PCIe" : "PCI"} ${index}`;
  if (type === "virtio-serial") return `VirtIO serial ${index}`;
  return `${BUSES[type] ?? type} ${index}`;
}
