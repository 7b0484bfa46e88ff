/** The names that a running domain's devices have. */
import { childAt, childrenOf, type Draft, draft } from "../../../xml/draft.ts";
import { controllerIndex, findController } from "../controllers.ts";
import { diskIndex } from "../drive-address.ts";

/** Devices that are numbered as they come, by element; the others have rules of their own. */
const PREFIXES: Readonly<Record<string, string>> = {
  interface: "net",
  filesystem: "fs",
  sound: "sound",
  hostdev: "hostdev",
  redirdev: "redir",
  video: "video",
  input: "input",
  parallel: "parallel",
  serial: "serial",
  channel: "channel",
  hub: "hub",
  shmem: "shmem",
  smartcard: "smartcard",
  rng: "rng",
  tpm: "tpm",
};

/** Devices of which a domain has one. */
const SINGLE: Readonly<Record<string, string>> = {
  watchdog: "watchdog0",
  memballoon: "balloon0",
  vsock: "vsock0",
  iommu: "iommu0",
};

/** Gives every device its alias; those that are there stay. */
export function fillAliases(devices: Draft): void {
  const counts = new Map<string, number>();
  for (const device of childrenOf(devices)) {
    const at = counts.get(device.name) ?? 0;
    counts.set(device.name, at + 1);
    if (childAt(device, "alias")) continue;
    const alias = aliasOf(devices, device, at);
    if (alias !== undefined) device.children.push(draft("alias", { name: alias }));
  }
}

/** @param at how many devices of the same element stand before it */
function aliasOf(devices: Draft, device: Draft, at: number): string | undefined {
  if (device.name === "disk") return diskAlias(devices, device);
  if (device.name === "controller") return controllerAlias(device);
  if (device.name === "console") return consoleAlias(devices, device, at);
  if (device.name === "memballoon" && device.attributes.get("model") === "none") return undefined;
  const prefix = PREFIXES[device.name];
  return prefix === undefined ? SINGLE[device.name] : `${prefix}${at}`;
}

/** A console that is the serial port has its name. */
function consoleAlias(devices: Draft, console: Draft, at: number): string {
  const serial = childrenOf(devices, "serial")[0];
  const isSerial = childAt(console, "target")?.attributes.get("type") === "serial";
  const alias = serial && childAt(serial, "alias")?.attributes.get("name");
  return (isSerial ? alias : undefined) ?? `console${at}`;
}

function diskAlias(devices: Draft, disk: Draft): string {
  const target = childAt(disk, "target")?.attributes;
  const bus = target?.get("bus") ?? "";
  const address = childAt(disk, "address")?.attributes;
  if (address?.get("type") !== "drive") {
    return `${bus}-disk${diskIndex(target?.get("dev") ?? "")}`;
  }
  const parts = [
    "controller",
    "bus",
    ...(hasTargets(devices, bus, address) ? ["target"] : []),
    "unit",
  ];
  return `${bus}${parts.map((part) => address.get(part) ?? "0").join("-")}`;
}

/** Old SCSI controllers have one target for each disk, so that units tell disks apart. */
function hasTargets(devices: Draft, bus: string, address: ReadonlyMap<string, string>): boolean {
  if (bus !== "scsi") return false;
  const controller = findController(devices, "scsi", Number(address.get("controller") ?? 0));
  return controller?.attributes.get("model") !== "lsilogic";
}

function controllerAlias(controller: Draft): string {
  const type = controller.attributes.get("type") ?? "";
  const index = controllerIndex(controller);
  if (type === "usb" && index === 0) return "usb";
  if (type !== "pci") return `${type}${index}`;
  return controller.attributes.get("model") === "pcie-root" ? `pcie.${index}` : `pci.${index}`;
}
