/** Disks: their source, their bus, and the name that goes with it. */
import { devicesOf } from "../../../../virt/conf/domain/view.ts";
import { childAt, type Draft, ensureChild, removeChildren } from "../../../../virt/xml/draft.ts";
import { find, type XmlElement } from "../../../../virt/xml/element.ts";
import { fieldsOf } from "./device-fields.ts";
import { readFields, type Values, writeFields } from "./fields.ts";

/** What a form has of a disk besides the fields of the table. */
export const DISK_BUSES = ["virtio", "scsi", "sata", "ide", "usb", "fdc"] as const;

const PREFIXES: Readonly<Record<string, string>> = {
  virtio: "vd",
  ide: "hd",
  fdc: "fd",
  xen: "xvd",
};

export function readDisk(disk: XmlElement): Values {
  const target = find(disk, "target")?.attributes;
  return {
    ...readFields(disk, fieldsOf("disk", undefined)),
    device: disk.attributes.get("device") ?? "disk",
    bus: target?.get("bus") ?? "",
    type: disk.attributes.get("type") ?? "file",
    source: sourceText(disk),
    format: find(disk, "driver")?.attributes.get("type") ?? "",
  };
}

/** The source in one line: a path, a volume of a pool, or an address; empty where no medium is in. */
export function sourceText(disk: XmlElement): string {
  const source = find(disk, "source");
  if (!source) return "";
  const {
    file,
    dev,
    dir,
    pool,
    volume,
    protocol,
    name = "",
  } = Object.fromEntries(source.attributes);
  if (volume !== undefined) return `${pool ?? ""}/${volume}`;
  if (protocol !== undefined) {
    const host = find(source, "host")?.attributes;
    const port = host?.get("port");
    const authority = `${host?.get("name") ?? ""}${port === undefined ? "" : `:${port}`}`;
    return `${protocol}://${authority}/${name}`;
  }
  return file ?? dev ?? dir ?? "";
}

/** Writes what differs. @param domain the whole definition, whose disks' names are taken */
export function writeDisk(domain: XmlElement, disk: Draft, values: Values): void {
  const before = readDisk(disk);
  const changed = (key: string): boolean => values[key] !== before[key];
  if (changed("source") || changed("type")) setSource(disk, values);
  if (changed("format")) setAttribute(disk, "driver", "type", values["format"] ?? "");
  if (changed("bus")) setBus(domain, disk, values["bus"] ?? "");
  writeFields(disk, fieldsOf("disk", undefined), values);
}

function setSource(disk: Draft, { type = "file", source = "" }: Values): void {
  removeChildren(disk, (child) => child.name === "source" || child.name === "backingStore");
  disk.attributes.set("type", type);
  if (source === "") return;
  ensureChild(disk, "source").attributes.set(type === "block" ? "dev" : "file", source);
}

function setAttribute(disk: Draft, child: string, name: string, value: string): void {
  if (value === "") childAt(disk, child)?.attributes.delete(name);
  else ensureChild(disk, child).attributes.set(name, value);
}

/** Another bus is another name and another place. */
function setBus(domain: XmlElement, disk: Draft, bus: string): void {
  const target = ensureChild(disk, "target");
  target.attributes.set("bus", bus);
  const prefix = prefixOf(bus);
  if (target.attributes.get("dev")?.startsWith(prefix) !== true) {
    target.attributes.set("dev", freeTarget(domain, bus));
  }
  if (bus !== "usb") target.attributes.delete("removable");
  removeChildren(disk, "address");
}

function prefixOf(bus: string): string {
  return PREFIXES[bus] ?? "sd";
}

/** The first name on the bus that no disk of the definition has: `vda`, `sdb`. */
export function freeTarget(domain: XmlElement, bus: string): string {
  const taken = new Set(
    devicesOf(domain, "disk").map((disk) => find(disk, "target")?.attributes.get("dev")),
  );
  let number = 0;
  while (taken.has(prefixOf(bus) + lettersOf(number))) number += 1;
  return prefixOf(bus) + lettersOf(number);
}

/** 0 `a`, 25 `z`, 26 `aa`. */
function lettersOf(number: number): string {
  const last = String.fromCharCode(97 + (number % 26));
  return number < 26 ? last : lettersOf(Math.floor(number / 26) - 1) + last;
}
