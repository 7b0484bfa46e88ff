/** What the machine boots: devices in an order, or a kernel. */
import {
  childAt,
  childrenOf,
  type Draft,
  draft,
  ensureChild,
  removeChildren,
  setText,
} from "../../../../virt/xml/draft.ts";
import { childElements, find, textAt, type XmlElement } from "../../../../virt/xml/element.ts";
import { devicesIn, idOf } from "./hardware.ts";

export type Boot = {
  /** `yes` where a kernel is given. */
  readonly direct: string;
  readonly kernel: string;
  readonly initrd: string;
  readonly cmdline: string;
  readonly dtb: string;
  /** `yes` where the guest offers a menu. */
  readonly menu: string;
  /** Ids of devices, first first, a line each. */
  readonly order: string;
};

const FILES = ["kernel", "initrd", "cmdline", "dtb"] as const;
const BOOTABLE = ["disk", "interface", "hostdev", "redirdev"];

export function readBoot(domain: XmlElement): Boot {
  const text = (name: string): string => textAt(domain, "os", name) ?? "";
  return {
    direct: FILES.some((name) => text(name) !== "") ? "yes" : "",
    kernel: text("kernel"),
    initrd: text("initrd"),
    cmdline: text("cmdline"),
    dtb: text("dtb"),
    menu: find(domain, "os", "bootmenu")?.attributes.get("enable") === "yes" ? "yes" : "",
    order: bootOrder(domain).join("\n"),
  };
}

/** Devices that can be booted from, by id. */
export function bootableIds(domain: XmlElement): readonly string[] {
  return devicesIn(domain, null)
    .filter(({ element }) => BOOTABLE.includes(element.name))
    .map(({ id }) => id);
}

/** The ids in a form's value. */
export function orderOf({ order }: Pick<Boot, "order">): readonly string[] {
  return order === "" ? [] : order.split("\n");
}

/** By the devices' own numbers, else by the kinds that `<os>` names. */
function bootOrder(domain: XmlElement): readonly string[] {
  const devices = devicesIn(domain, null).filter(({ element }) => BOOTABLE.includes(element.name));
  const numbered = devices.flatMap(({ id, element }) => {
    const order = find(element, "boot")?.attributes.get("order");
    return order === undefined ? [] : [{ id, order: Number(order) }];
  });
  if (numbered.length > 0) {
    return numbered.toSorted((a, b) => a.order - b.order).map(({ id }) => id);
  }
  const os = find(domain, "os");
  const kinds = os ? childElements(os, "boot").map((each) => each.attributes.get("dev")) : [];
  const ids = kinds.flatMap((kind) => {
    const found = devices.filter(({ element }) => isKind(element, kind));
    // Of disks, the firmware takes the first one only.
    return (kind === "network" ? found : found.slice(0, 1)).map(({ id }) => id);
  });
  return [...new Set(ids)];
}

function isKind(element: XmlElement, kind: string | undefined): boolean {
  if (kind === "network") return element.name === "interface";
  const device = element.attributes.get("device") ?? "disk";
  const wanted = { hd: "disk", cdrom: "cdrom", fd: "floppy" }[kind ?? ""];
  return element.name === "disk" && device === wanted;
}

export function writeBoot(domain: Draft, change: Partial<Boot>, values: Boot): void {
  const os = ensureChild(domain, "os");
  for (const name of FILES) {
    const value = values.direct === "" ? "" : values[name].trim();
    if (value === (textAt(os, name) ?? "")) continue;
    if (value === "") removeChildren(os, name);
    else setText(ensureChild(os, name), value);
  }
  if (change.menu !== undefined) {
    removeChildren(os, "bootmenu");
    if (values.menu !== "") os.children.push(draft("bootmenu", { enable: "yes" }));
  }
  if (change.order !== undefined) writeOrder(domain, os, orderOf(values));
}

/** Each device gets its number, as virt-manager has it: `<os>` could not tell two disks apart. */
function writeOrder(domain: Draft, os: Draft, order: readonly string[]): void {
  removeChildren(os, "boot");
  const devices = childAt(domain, "devices");
  for (const device of devices ? childrenOf(devices) : []) {
    const at = order.indexOf(idOf(domain, device) ?? "");
    removeChildren(device, "boot");
    if (at >= 0) device.children.push(draft("boot", { order: at + 1 }));
  }
}
