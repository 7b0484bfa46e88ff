/** What stands in the hardware list: the pages that every machine has, and everything in `<devices>`. */
import { childElements, find, type XmlElement } from "../../../../virt/xml/element.ts";

/** Pages about the machine as a whole, in their order. */
export const PAGES = ["overview", "os", "cpus", "memory", "boot"] as const;
export type Page = (typeof PAGES)[number];

/** Where a device is: in both definitions, or in one only while the machine runs. */
export type Presence = "both" | "live" | "definition";

export interface Device {
  /** In addresses: `disk-vda`, `interface-52:54:00:00:00:01`, `rng-0`. */
  readonly id: string;
  /** As it is in the definition; as it runs where the definition lacks it. */
  readonly element: XmlElement;
  readonly presence: Presence;
  /** From 1, among those of the same kind. */
  readonly number: number;
}

/** By element name; what is not named comes last. */
const ORDER = [
  "disk",
  "interface",
  "input",
  "graphics",
  "sound",
  "serial",
  "parallel",
  "console",
  "channel",
  "hostdev",
  "video",
  "watchdog",
  "controller",
  "filesystem",
  "smartcard",
  "redirdev",
  "tpm",
  "rng",
  "panic",
  "vsock",
  "memballoon",
];

/** All devices of the next start and of what runs now. */
export function devicesIn(definition: XmlElement, live: XmlElement | null): readonly Device[] {
  const [next, now] = [placed(definition), live ? placed(live) : null];
  const found = [...next].map(([id, element]): Omit<Device, "number"> => {
    return { id, element, presence: !now || now.has(id) ? "both" : "definition" };
  });
  for (const [id, element] of now ?? []) {
    if (!next.has(id)) found.push({ id, element, presence: "live" });
  }
  const sorted = found.toSorted((a, b) => rank(a.element) - rank(b.element));
  const counts = new Map<string, number>();
  return sorted.map((device) => {
    const kind = kindOf(device.element);
    const number = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, number);
    return { ...device, number };
  });
}

/** The device of that id, or undefined. */
export function deviceAt(tree: XmlElement, id: string): XmlElement | undefined {
  return placed(tree).get(id);
}

/** The place of a device among the elements of `<devices>`; -1 where it is not there. */
export function placeOf(tree: XmlElement, id: string): number {
  const element = deviceAt(tree, id);
  const devices = find(tree, "devices");
  return element && devices ? childElements(devices).indexOf(element) : -1;
}

/** The id of what stands at a place of `placeOf`. */
export function idAt(tree: XmlElement, place: number): string | undefined {
  const devices = find(tree, "devices");
  const element = devices && childElements(devices)[place];
  return element && idOf(tree, element);
}

/** The id of a device of the tree. */
export function idOf(tree: XmlElement, device: XmlElement): string | undefined {
  return [...placed(tree)].find(([, element]) => element === device)?.[0];
}

/** Where the console stands that libvirt makes of the first serial port: the two are one device. */
export function twinOf(tree: XmlElement): XmlElement | undefined {
  const devices = find(tree, "devices");
  if (!devices || childElements(devices, "serial").length === 0) return undefined;
  const [first] = childElements(devices, "console");
  const type = first && (find(first, "target")?.attributes.get("type") ?? "serial");
  return type === "serial" ? first : undefined;
}

/** Devices by id. The emulator is no device, and the twin of the serial port is shown with it. */
function placed(tree: XmlElement): ReadonlyMap<string, XmlElement> {
  const devices = find(tree, "devices");
  const twin = twinOf(tree);
  const byId = new Map<string, XmlElement>();
  const counts = new Map<string, number>();
  for (const element of devices ? childElements(devices) : []) {
    if (element.name === "emulator" || element === twin) continue;
    const count = counts.get(element.name) ?? 0;
    counts.set(element.name, count + 1);
    const wanted = `${element.name}-${nameIn(element) ?? count}`;
    byId.set(byId.has(wanted) ? `${wanted}-${count}` : wanted, element);
  }
  return byId;
}

/** What tells a device from its like, where there is something that stays when others come and go. */
function nameIn(device: XmlElement): string | undefined {
  const { type, index } = Object.fromEntries(device.attributes);
  switch (device.name) {
    case "disk":
      return find(device, "target")?.attributes.get("dev");
    case "interface":
      return find(device, "mac")?.attributes.get("address");
    case "controller":
      return type === undefined || index === undefined ? undefined : `${type}-${index}`;
    default:
      return undefined;
  }
}

/** What is counted together: `VirtIO Disk 2`. */
function kindOf(element: XmlElement): string {
  if (element.name !== "disk") return element.name;
  return `disk ${element.attributes.get("device")} ${find(element, "target")?.attributes.get("bus")}`;
}

function rank({ name }: XmlElement): number {
  const at = ORDER.indexOf(name);
  return at < 0 ? ORDER.length : at;
}
