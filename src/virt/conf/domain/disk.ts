/** `<disk>`: its defaults and what libvirt refuses. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { childAt, childrenOf, defaultAttribute, type Draft, draft } from "../../xml/draft.ts";
import { checkWord } from "../values.ts";

const CONF = { domain: ErrorDomain.domain } as const;

/** Buses by the letters that a target's name begins with. */
const BUS_OF_PREFIX: readonly (readonly [string, string])[] = [
  ["fd", "fdc"],
  ["hd", "ide"],
  ["sd", "scsi"],
  ["vd", "virtio"],
  ["xvd", "xen"],
  ["ubd", "uml"],
];

const BUSES = ["ide", "fdc", "scsi", "virtio", "xen", "usb", "uml", "sata", "sd"];

export function fillDisk(disk: Draft): void {
  defaultAttribute(disk, "type", "file");
  defaultAttribute(disk, "device", "disk");
  checkWord(disk, "type", ["file", "block", "dir", "network", "volume", "nvme", "vhostuser"]);
  checkWord(disk, "device", ["disk", "lun", "cdrom", "floppy"]);
  const source = childAt(disk, "source");
  const target = childAt(disk, "target");
  const dev = target?.attributes.get("dev");
  if (!target || dev === undefined) {
    const name = source?.attributes.get("file") ?? source?.attributes.get("dev");
    throw vmError("noTarget", name ?? "", CONF);
  }
  checkWord(target, "bus", BUSES);
  if (!target.attributes.has("bus")) target.attributes.set("bus", busOf(disk, dev));
  checkSource(disk, source);
  const device = disk.attributes.get("device");
  if (device === "cdrom" && !childAt(disk, "readonly")) disk.children.push(draft("readonly"));
  if (device === "floppy" || device === "cdrom") return;
  checkSerial(disk);
}

function busOf(disk: Draft, dev: string): string {
  const prefix = BUS_OF_PREFIX.find(([letters]) => dev.startsWith(letters));
  if (disk.attributes.get("device") === "floppy") return "fdc";
  if (!prefix) throw vmError("xmlError", `unknown disk bus for target '${dev}'`, CONF);
  return prefix[1];
}

const SOURCE_ATTRIBUTE: Readonly<Record<string, string>> = {
  file: "file",
  block: "dev",
  dir: "dir",
  volume: "pool",
  network: "protocol",
};

/** Only removable media may be missing. */
function checkSource(disk: Draft, source: Draft | undefined): void {
  const type = disk.attributes.get("type") ?? "file";
  const device = disk.attributes.get("device");
  const attribute = SOURCE_ATTRIBUTE[type];
  if (attribute === undefined || source?.attributes.has(attribute) === true) return;
  if (device === "cdrom" || device === "floppy") return;
  if (source === undefined) return;
  if (type === "volume" || type === "network") {
    throw vmError(
      "xmlError",
      `Missing required attribute '${attribute}' in element 'source'`,
      CONF,
    );
  }
}

function checkSerial(disk: Draft): void {
  const boot = childrenOf(disk, "boot")[0]?.attributes.get("order");
  if (boot !== undefined && !/^[1-9]\d*$/.test(boot)) {
    throw vmError(
      "xmlError",
      `Invalid value for attribute 'order' in element 'boot': '${boot}'. Expected integer value greater than zero`,
      CONF,
    );
  }
}
