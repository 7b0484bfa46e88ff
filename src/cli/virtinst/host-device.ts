/** `--hostdev`: devices of the host by name, address or number. */
import { type XmlElement, childElements, find, textAt } from "../../virt/xml/element.ts";
import { parseXml } from "../../virt/xml/parse.ts";
import type { Guest } from "./guest.ts";
import type { Part } from "./part.ts";

const CAPABILITY_PATHS: Readonly<Record<string, string>> = {
  net: "source/interface",
  misc: "source/char",
  storage: "source/block",
};

/** @throws Error in the real tool's words where there is no such device */
export async function setHostDevice(guest: Guest, part: Part, text: string): Promise<void> {
  const path = CAPABILITY_PATHS[part.get("@type") ?? ""];
  if (path !== undefined) {
    part.set("@mode", "capabilities");
    part.set(path, text);
    return;
  }
  const devices = await nodeDevices(guest);
  setFrom(devices, part, deviceOf(devices, text));
}

function deviceOf(devices: readonly XmlElement[], text: string): XmlElement {
  return devices.find((each) => textAt(each, "name") === text) ?? deviceByAddress(devices, text);
}

/** Whether the part is the host's device of that name, address or number. @throws Error as above */
export async function isSameHostDevice(guest: Guest, part: Part, text: string): Promise<boolean> {
  const cap = capability(deviceOf(await nodeDevices(guest), text));
  if (!cap) return false;
  const type = cap.attributes.get("type");
  const id = (name: string): string | undefined => find(cap, name)?.attributes.get("id");
  const isSame = (value: string | undefined, path: string): boolean => {
    const wanted = part.get(path);
    return wanted === undefined || Number(value ?? "-1") === Number(wanted);
  };
  const isAt = (names: readonly string[]): boolean =>
    names.every((name) => isSame(textAt(cap, name), `source/address/@${name}`));
  if (type === "pci") {
    return part.get("@type") === "pci" && isAt(["domain", "bus", "slot", "function"]);
  }
  if (type !== "usb_device" || part.get("@type") !== "usb") return false;
  const hasIds = ["vendor", "product"].every((name) => isSame(id(name), `source/${name}/@id`));
  return hasIds && isAt(["bus", "device"]);
}

async function nodeDevices({ around: { connect } }: Guest): Promise<XmlElement[]> {
  const refs = await connect.connectListAllNodeDevices(0);
  return Promise.all(
    refs.map(async (ref) => parseXml(await connect.nodeDeviceGetXMLDesc(ref, 0), "device")),
  );
}

function capability(device: XmlElement): XmlElement | undefined {
  return childElements(device, "capability")[0];
}

function matcher(text: string): (capability: XmlElement) => boolean {
  const number = (value: string | undefined): number => Number(value ?? "NaN");
  const hex = (value: string | undefined): number => Number.parseInt(value ?? "", 16);
  const pci = /^(?:([0-9a-f]+):)?([0-9a-f]+):([0-9a-f]+)\.([0-9a-f]+)$/i.exec(text);
  if (pci) {
    const wanted = [pci[1] ?? "0", pci[2], pci[3], pci[4]].map(hex);
    return (cap) =>
      cap.attributes.get("type") === "pci" &&
      ["domain", "bus", "slot", "function"].every((n, i) => number(textAt(cap, n)) === wanted[i]);
  }
  const [vendor, product] = text.split(":");
  if (product !== undefined) {
    const id = (cap: XmlElement, name: string): number =>
      number(find(cap, name)?.attributes.get("id"));
    return (cap) =>
      cap.attributes.get("type") === "usb_device" &&
      id(cap, "vendor") === hex(vendor) &&
      id(cap, "product") === hex(product);
  }
  const [bus, device] = text.split(".");
  if (device === undefined) throw new Error(`Unknown hostdev address string format '${text}'`);
  return (cap) =>
    cap.attributes.get("type") === "usb_device" &&
    number(textAt(cap, "bus")) === number(bus) &&
    number(textAt(cap, "device")) === number(device);
}

function deviceByAddress(devices: readonly XmlElement[], text: string): XmlElement {
  const fits = matcher(text);
  const found = devices.filter((each) => {
    const cap = capability(each);
    return cap !== undefined && fits(cap);
  });
  if (found.length > 1) throw new Error(`${text} corresponds to multiple node devices`);
  if (!found[0]) throw new Error(`Did not find a matching node device for '${text}'`);
  return found[0];
}

function setFrom(devices: readonly XmlElement[], part: Part, device: XmlElement): void {
  const cap = capability(device);
  const type = cap?.attributes.get("type") ?? "";
  const set = (path: string, from: string): void => part.set(path, cap && textAt(cap, from));
  if (cap && type === "pci") {
    part.set("@type", "pci");
    for (const name of ["domain", "bus", "slot", "function"]) {
      set(`source/address/@${name}`, name);
    }
  } else if (cap && type === "usb_device") {
    part.set("@type", "usb");
    part.set("source/vendor/@id", find(cap, "vendor")?.attributes.get("id"));
    part.set("source/product/@id", find(cap, "product")?.attributes.get("id"));
  } else if (type === "net") {
    const parent = devices.find((each) => textAt(each, "name") === textAt(device, "parent"));
    if (!parent) throw new Error(`Unsupported node device type '${type}'`);
    setFrom(devices, part, parent);
  } else if (type === "scsi") {
    part.set("@type", "scsi");
    part.set("source/adapter/@name", `scsi_host${(cap && textAt(cap, "host")) ?? ""}`);
    set("source/address/@bus", "bus");
    set("source/address/@target", "target");
    set("source/address/@unit", "lun");
    part.set("@managed", false);
  } else {
    throw new Error(`Unsupported node device type '${type}'`);
  }
}
