/** The names that a running domain's devices have, as libvirt gives them. */
import { childAt, childrenOf, type Draft, draft } from "../../xml/draft.ts";
import type { XmlElement } from "../../xml/element.ts";
import { editDomain } from "../../conf/domain/view.ts";

/** A definition as it runs: every device has its alias. Those that the user chose stay. */
export function withAliases(definition: XmlElement): XmlElement {
  return editDomain(definition, (domain) => {
    const devices = childAt(domain, "devices");
    if (!devices) return;
    const counts = new Map<string, number>();
    for (const device of childrenOf(devices)) {
      const count = counts.get(device.name) ?? 0;
      counts.set(device.name, count + 1);
      const alias = aliasOf(device, count);
      if (alias === undefined || childAt(device, "alias")) continue;
      device.children.push(draft("alias", { name: alias }));
    }
  });
}

/** @param count devices of the same element before it */
function aliasOf(device: Draft, count: number): string | undefined {
  switch (device.name) {
    case "disk":
      return diskAlias(device);
    case "controller":
      return controllerAlias(device);
    case "console":
      return childAt(device, "target")?.attributes.get("type") === "virtio"
        ? `console${count}`
        : "serial0";
    case "memballoon":
      return "balloon0";
    case "audio":
      return `audio${device.attributes.get("id") ?? count + 1}`;
    case "serial":
    case "rng":
      return `${device.name}${count}`;
    default:
      return undefined;
  }
}

/** By the letters of the target: `vdb` is virtio-disk1, `sdc` the third SCSI unit. */
function diskAlias(disk: Draft): string {
  const target = childAt(disk, "target");
  const dev = target?.attributes.get("dev") ?? "";
  const address = childAt(disk, "address")?.attributes;
  if (target?.attributes.get("bus") !== "scsi") return `virtio-disk${driveIndex(dev)}`;
  const at = (name: string): string => address?.get(name) ?? "0";
  const unit = address?.get("unit") ?? String(driveIndex(dev));
  return `scsi${at("controller")}-${at("bus")}-${at("target")}-${unit}`;
}

/** `vda` is 0, `vdz` 25, `vdaa` 26 (virDiskNameToIndex). */
export function driveIndex(dev: string): number {
  const letters = dev.replace(/^(?:xvd|ubd|[fhsv]d)/, "");
  let index = 0;
  for (const letter of letters) {
    const value = letter.charCodeAt(0) - 97;
    if (value < 0 || value > 25) break;
    index = index * 26 + value + 1;
  }
  return Math.max(0, index - 1);
}

function controllerAlias(controller: Draft): string {
  const { attributes } = controller;
  const index = attributes.get("index") ?? "0";
  const type = attributes.get("type") ?? "";
  if (type !== "pci") return `${type}${index}`;
  return attributes.get("model") === "pcie-root" ? "pcie.0" : `pci.${index}`;
}
