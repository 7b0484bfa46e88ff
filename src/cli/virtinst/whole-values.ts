/** Values that stand for a whole (`none`, `usb3`), and what is checked once a part is complete. */
import type { OptionUse } from "./apply-option.ts";
import { checkDisk, finishDisk } from "./disk-option.ts";
import type { DefaultDevice, Guest } from "./guest.ts";
import { isQemu, isTest } from "./platform.ts";
import type { Part } from "./part.ts";
import type { SubOptions } from "./suboptions.ts";

const NONE: Readonly<Record<string, DefaultDevice>> = {
  console: "console",
  channel: "channel",
  sound: "sound",
  redirdev: "usbredir",
  graphics: "graphics",
  rng: "rng",
  tpm: "tpm",
};

/** The parts that such a value makes; undefined for a usual value. */
export function partsInstead({ guest, table, text }: OptionUse): Part[] | undefined {
  if (text === "none" && ["disk", "network"].includes(table.name)) return [];
  const unwanted = text === "none" ? NONE[table.name] : undefined;
  if (unwanted !== undefined) {
    guest.unwanted.add(unwanted);
    return [];
  }
  if (table.name !== "controller") return undefined;
  if (text === "usb2") return addUsb2(guest);
  if (text === "usb3") return [addUsb3(guest)];
  const ports = /(?:^|,)num_pcie_root_ports=(\d+)/.exec(text)?.[1];
  if (ports === undefined) return undefined;
  guest.pcieRootPorts = Number(ports);
  return [];
}

export function addUsb2(guest: Guest): Part[] {
  const controller = (model: string, first?: number): Part =>
    guest.addDevice("controller", {
      "@type": "usb",
      "@model": model,
      ...(first === undefined ? {} : { "master/@startport": first }),
    });
  return [
    controller("ich9-ehci1"),
    controller("ich9-uhci1", 0),
    controller("ich9-uhci2", 2),
    controller("ich9-uhci3", 4),
  ];
}

export function addUsb3(guest: Guest): Part {
  return guest.addDevice("controller", {
    "@type": "usb",
    "@model": isQemu(guest) ? "qemu-xhci" : "nec-xhci",
    "@ports": 15,
  });
}

/** @throws Error in the real tool's words */
export async function finishPart(use: OptionUse, part: Part, options: SubOptions): Promise<void> {
  if (use.table.name === "disk") await finishDisk(use.guest, part, options);
}

/** Checks a new part. @throws Error in the real tool's words */
export async function checkPart({ guest, table }: OptionUse, part: Part): Promise<void> {
  if (table.name === "disk") await checkDisk(guest, part);
  if (table.name === "filesystem") checkFilesystem(guest, part);
}

function checkFilesystem(guest: Guest, part: Part): void {
  const target = part.get("target/@dir");
  const isMount = ["mount", undefined].includes(part.get("@type"));
  if (target === undefined || target.startsWith("/")) return;
  if ((isQemu(guest) || isTest(guest)) && isMount) return;
  throw new Error(`Filesystem target '${target}' must be an absolute path`);
}
