/** What may change of a disk while it is plugged in: the medium of a drive, and little else. */
import { vmError } from "../../../protocol/vm-error.ts";
import { childElements, find, textAt, type XmlElement } from "../../xml/element.ts";
import { formatXml } from "../../xml/format.ts";
import { GROUP, IO_FIELDS } from "./iotune.ts";

/** A field by libvirt's name, and its value; one that is not given stays as it is, unless `always`. */
interface Field {
  readonly name: string;
  readonly of: (disk: XmlElement) => string | undefined;
  readonly always?: true;
}

/** The attribute `name` of the element at `path` below a disk. */
const at = (name: string, ...path: readonly string[]) => ({
  of: (disk: XmlElement) => find(disk, ...path)?.attributes.get(name),
});
const flag = (name: string): Field => ({
  name,
  of: (disk) => (find(disk, name) ? "yes" : undefined),
});
const text = (name: string): Field => ({ name, of: (disk) => textAt(disk, name) });
const driver = (name: string): Field => ({ name, ...at(name, "driver") });
const blockio = (name: string): Field => ({
  name: `blockio ${name}`,
  of: (disk) => find(disk, "blockio")?.attributes.get(name) ?? "0",
  always: true,
});
/** A limit of 0 is none. */
const limit = (name: string): Field => ({
  name: `blkdeviotune ${name === GROUP ? "group name" : name}`,
  of: (disk) => {
    const value = textAt(disk, "iotune", name);
    return value === "0" ? undefined : value;
  },
});
/** A geometry counts where it is whole. */
const geometry = (name: string, attribute: string): Field => ({
  name,
  of: (disk) => {
    const given = find(disk, "geometry")?.attributes;
    const isWhole = ["cyls", "heads", "secs"].every((each) => Number(given?.get(each) ?? 0) > 0);
    return isWhole ? given?.get(attribute) : undefined;
  },
});

/** In libvirt's order (qemuDomainDiskChangeSupported): the first one that differs is told. */
const FIELDS: readonly Field[] = [
  { name: "device", of: (disk) => disk.attributes.get("device") ?? "disk", always: true },
  { name: "bus", ...at("bus", "target"), always: true },
  {
    name: "tray",
    of: (disk) => (find(disk, "target")?.attributes.get("tray") === "open" ? "open" : undefined),
  },
  { name: "removable", ...at("removable", "target") },
  geometry("geometry cylinders", "cyls"),
  geometry("geometry heads", "heads"),
  geometry("geometry sectors", "secs"),
  geometry("BIOS-translation-modus", "trans"),
  ...["logical_block_size", "physical_block_size"].map(blockio),
  // Not the bursts' lengths.
  ...IO_FIELDS.filter((name) => name !== GROUP && !name.endsWith("_length")).map(limit),
  limit(GROUP),
  ...["serial", "wwn", "vendor", "product"].map(text),
  ...["cache", "error_policy", "rerror_policy", "io", "ioeventfd", "event_idx"].map(driver),
  driver("copy_on_read"),
  flag("transient"),
  { name: "address", of: addressOf },
  { name: "boot order", ...at("order", "boot") },
  { name: "rawio", ...at("rawio") },
  { name: "sgio", ...at("sgio") },
  ...["discard", "iothread"].map(driver),
  { name: "backenddomain", ...at("name", "backenddomain") },
  flag("readonly"),
  { name: "shared", of: flag("shareable").of },
  { name: "reservations", of: reservationsOf, always: true },
];

function addressOf(disk: XmlElement): string | undefined {
  const address = find(disk, "address");
  // Numbers are written in more than one way.
  return address && pairsOf(address, (value) => String(Number(value) || value));
}

/** An element's attributes, whatever their order. */
function pairsOf(element: XmlElement, valueOf: (value: string) => string): string {
  return [...element.attributes]
    .map(([name, value]) => `${name}=${JSON.stringify(valueOf(value))}`)
    .toSorted()
    .join(" ");
}

function reservationsOf(disk: XmlElement): string {
  const reservations = find(disk, "source", "reservations");
  return reservations ? formatXml(reservations) : "";
}

/**
 * Refuses what QEMU cannot change of a disk that it has.
 *
 * @param after canonical, but without an address where none is asked for
 * @throws VmError operationDenied, operationUnsupported, configUnsupported in libvirt's words
 */
export function checkDiskChange(before: XmlElement, after: XmlElement): void {
  const alias = find(after, "alias")?.attributes.get("name");
  if (alias !== undefined && alias !== find(before, "alias")?.attributes.get("name")) {
    throw vmError("operationDenied", "changing device alias is not allowed");
  }
  for (const { name, of, always } of FIELDS) {
    const value = of(after);
    if ((value === undefined && !always) || value === of(before)) continue;
    throw vmError("operationUnsupported", `cannot modify field '${name}' of the disk`);
  }
  const device = after.attributes.get("device");
  if (isSamePlace(before, after) || device === "cdrom" || device === "floppy") return;
  throw vmError("configUnsupported", "disk source can be changed only in removable drives");
}

/** Whether two disks have the same image (virStorageSourceIsSameLocation). */
export function isSamePlace(a: XmlElement, b: XmlElement): boolean {
  return placeOf(a) === placeOf(b);
}

function placeOf(disk: XmlElement): string {
  const source = find(disk, "source");
  if (!source) return "";
  const attributes = new Map(source.attributes);
  // They do not say where it is.
  for (const name of ["index", "startupPolicy"]) attributes.delete(name);
  if (attributes.size === 0) return "";
  const parts = [{ ...source, attributes }, ...childElements(source, "host")];
  const type = disk.attributes.get("type") ?? "file";
  return [type, ...parts.map((part) => pairsOf(part, (value) => value))].join("\n");
}
