/** The machine's name, words about it, and its firmware. */
import { labelsOf } from "../../../../virt/manager/labels.ts";
import { type Draft, ensureChild, removeChildren, setText } from "../../../../virt/xml/draft.ts";
import { find, textAt, textOf, type XmlElement } from "../../../../virt/xml/element.ts";

/** The machine's own firmware, UEFI in flash, or a file in ROM. */
export const FIRMWARES = ["default", "uefi", "rom"] as const;
export type Firmware = (typeof FIRMWARES)[number];

/** A type alias, so that a form may take it as a record of texts. */
export type Overview = {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly group: string;
  /** Separated by commas. */
  readonly tags: string;
  readonly firmware: Firmware;
  /** The file of `rom`; that of `uefi` libvirt finds. */
  readonly loader: string;
};

export function readOverview(domain: XmlElement): Overview {
  const loader = find(domain, "os", "loader");
  const { title, description, group, tags } = labelsOf(domain);
  const firmware = firmwareOf(domain, loader);
  return {
    name: textAt(domain, "name") ?? "",
    title,
    description,
    group,
    tags: tags.join(", "),
    firmware,
    loader: firmware === "rom" && loader ? textOf(loader).trim() : "",
  };
}

function firmwareOf(domain: XmlElement, loader: XmlElement | undefined): Firmware {
  if (find(domain, "os")?.attributes.get("firmware") === "efi") return "uefi";
  if (!loader || textOf(loader).trim() === "") return "default";
  return loader.attributes.get("type") === "pflash" ? "uefi" : "rom";
}

/** Writes the firmware; the rest is done by calls of its own. */
export function writeOverview(domain: Draft, change: Partial<Overview>, values: Overview): void {
  if (change.firmware !== undefined || change.loader !== undefined) setFirmware(domain, values);
}

/** EFI's variables are begun anew with another firmware. */
function setFirmware(domain: Draft, { firmware, loader }: Overview): void {
  const os = ensureChild(domain, "os");
  removeChildren(os, ({ name }) => name === "loader" || name === "nvram" || name === "firmware");
  os.attributes.delete("firmware");
  if (firmware === "uefi") os.attributes.set("firmware", "efi");
  if (firmware !== "rom") return;
  const made = ensureChild(os, "loader");
  made.attributes = new Map([["type", "rom"]]);
  setText(made, loader);
}

export interface Platform {
  /** `qemu`, `test`. */
  readonly type: string;
  readonly arch: string;
  /** Empty where the driver has no machine types. */
  readonly machine: string;
  readonly emulator: string;
}

/** What cannot be changed here. */
export function platformOf(domain: XmlElement): Platform {
  const type = find(domain, "os", "type")?.attributes;
  return {
    type: domain.attributes.get("type") ?? "",
    arch: type?.get("arch") ?? "",
    machine: type?.get("machine") ?? "",
    emulator: textAt(domain, "devices", "emulator") ?? "",
  };
}
