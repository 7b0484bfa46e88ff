/** How the guest comes by its system: from a CD, a kernel, the network, or a disk that has one. */
import { type Draft, childrenOf, draftOf } from "../../virt/xml/draft.ts";
import type { Given } from "../virtinst/arguments.ts";
import { setDefaults } from "./defaults.ts";
import { setSource } from "../virtinst/disk-parts.ts";
import { sourceAt } from "../virtinst/disk-source.ts";
import { ToolError, messageOf } from "../virtinst/errors.ts";
import type { Guest, Surroundings } from "../virtinst/guest.ts";
import { switchValue } from "../virtinst/numbers.ts";
import type { OptionRows } from "../virtinst/option-row.ts";
import { option } from "../virtinst/option-row.ts";
import { isContainer } from "../virtinst/platform.ts";
import { quotedList } from "../virtinst/python-text.ts";
import { parseSubOptions } from "../virtinst/suboptions.ts";
import { writeAt } from "../virtinst/part.ts";
import { elementAt, removeAt } from "../virtinst/xml-path.ts";
import { xmlLines } from "../virtinst/xml-text.ts";

export interface Installer {
  readonly cdrom?: string;
  /** A tree with a kernel, or a kernel alone. */
  readonly kernel?: { readonly kernel: string; readonly initrd: string; readonly args?: string };
  readonly location?: string;
  readonly bootDevice?: string;
  readonly hasNoInstall: boolean;
}

const INSTALL: OptionRows = [
  option("bootdev", undefined, { comma: true }),
  option("kernel", undefined, { comma: true }),
  option("initrd", undefined, { comma: true }),
  option("kernel_args", undefined, { comma: true }),
  option("kernel_args_overwrite"),
  option("os"),
  option("no_install"),
];

const LOCATION: OptionRows = [
  option("location", undefined, { comma: true }),
  option("kernel", undefined, { comma: true }),
  option("initrd", undefined, { comma: true }),
];

function subOptions(
  flag: string,
  text: string,
  rows: OptionRows,
  first: string,
): Map<string, string> {
  const found = parseSubOptions(text, rows, [first]);
  const known = new Set(rows.flatMap(({ names }) => names));
  const unknown = [...found.keys()].filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new ToolError(`Unknown ${flag} options: ${quotedList(unknown)}`);
  }
  return new Map([...found].map(([name, value]) => [name, value ?? ""]));
}

/** @throws ToolError in the real tool's words */
export async function buildInstaller(given: Given, around: Surroundings): Promise<Installer> {
  const install = subOptions("--install", given.text("install") ?? "", INSTALL, "os");
  const installer = await chooseMethod(given, install, around);
  const hasTree = installer.kernel !== undefined;
  if (!hasTree && (given.has("extra-args") || install.has("kernel_args"))) {
    throw new ToolError("Kernel arguments are only supported with location or kernel installs.");
  }
  if (!hasTree && given.has("initrd-inject")) {
    throw new ToolError("Install method does not support initrd injections.");
  }
  return installer;
}

async function chooseMethod(
  given: Given,
  install: ReadonlyMap<string, string>,
  around: Surroundings,
): Promise<Installer> {
  const location = given.text("location");
  const cdrom = given.text("cdrom");
  const args = kernelArgs(given, install);
  const hasNoInstall = switchValue(install.get("no_install") ?? "") === true;
  if (location !== undefined) return fromLocation(location, args, around);
  if (cdrom !== undefined) {
    return {
      cdrom: await checkMedia(around, cdrom),
      bootDevice: "cdrom",
      hasNoInstall: hasNoInstall || given.has("livecd"),
    };
  }
  const kernel = install.get("kernel");
  const initrd = install.get("initrd");
  if (kernel !== undefined || initrd !== undefined) {
    return {
      kernel: { kernel: kernel ?? "", initrd: initrd ?? "", ...(args === "" ? {} : { args }) },
      hasNoInstall,
    };
  }
  const bootDevice = given.has("pxe") ? "network" : install.get("bootdev");
  if (bootDevice !== undefined) return { bootDevice, hasNoInstall };
  const needsNone = ["import", "print-xml", "print-step", "boot", "cloud-init"];
  const isImport = given.text("install") === undefined && needsNone.some((name) => given.has(name));
  return { hasNoInstall: hasNoInstall || isImport };
}

function kernelArgs(given: Given, install: ReadonlyMap<string, string>): string {
  const own = install.get("kernel_args");
  return (own === undefined ? given.all("extra-args") : [own]).join(" ");
}

async function fromLocation(text: string, args: string, around: Surroundings): Promise<Installer> {
  const found = subOptions("--location", text, LOCATION, "location");
  const location = found.get("location") ?? "";
  const kernel = found.get("kernel");
  const initrd = found.get("initrd");
  if ((kernel === undefined) !== (initrd === undefined)) {
    throw new ToolError("location kernel/initrd must be be specified as a pair");
  }
  const kind = await around.host.pathKind(location);
  if (kind !== "directory") {
    const path = await checkMedia(around, location);
    throw new ToolError(
      `Error validating install location: Could not find an installable distribution at '${path}'`,
    );
  }
  if (kernel === undefined || initrd === undefined) {
    throw new ToolError(
      `Error validating install location: Could not find an installable distribution at URL '${location}'\n\n` +
        "The location must be the root directory of an install tree.\n" +
        "See virt-install man page for various distro examples.",
    );
  }
  const at = (name: string): string => around.host.absolutePath(`${location}/${name}`);
  return {
    location,
    kernel: { kernel: at(kernel), initrd: at(initrd), ...(args === "" ? {} : { args }) },
    hasNoInstall: false,
  };
}

/** @throws ToolError in the real tool's words */
async function checkMedia(around: Surroundings, path: string): Promise<string> {
  try {
    const source = await sourceAt(around, path);
    if (source.exists) return source.path ?? path;
    throw new Error(
      `Must specify storage creation parameters for non-existent path '${source.path}'.`,
    );
  } catch (error) {
    throw new ToolError(`Validating install media '${path}' failed: ${messageOf(error)}`);
  }
}

/** Whether the guest's first start differs from those that follow. */
export function hasInstallPhase(installer: Installer): boolean {
  if (installer.hasNoInstall) return false;
  return Boolean(installer.cdrom ?? installer.bootDevice ?? installer.kernel);
}

function mayOrderBoot(guest: Guest): boolean {
  const kinds = ["disk", "interface", "hostdev", "redirdev"];
  const isOrdered = kinds
    .flatMap((kind) => guest.devices(kind))
    .some((device) => device.get("boot:@order") !== undefined);
  return !isContainer(guest) && guest.get("os:kernel") === undefined && !isOrdered;
}

function bootOrder(guest: Guest, first: string): string[] {
  const hasDisk = guest.devices("disk").some((disk) => (disk.get("@device") ?? "disk") === "disk");
  return hasDisk && first !== "hd" ? [first, "hd"] : [first];
}

function laterBootDevice(guest: Guest, installer: Installer): string {
  const devices = guest.devices("disk").map((disk) => disk.get("@device") ?? "disk");
  if (installer.cdrom !== undefined && installer.hasNoInstall) return "cdrom";
  if (installer.bootDevice !== undefined) {
    return devices.includes("disk") ? "hd" : installer.bootDevice;
  }
  if (devices[0] === "cdrom") return "cdrom";
  return devices[0] === "floppy" ? "fd" : "hd";
}

/** Adds the medium and fills in all defaults. @throws Error */
export async function setInstallDefaults(guest: Guest, installer: Installer): Promise<void> {
  if (installer.cdrom !== undefined) await addMedium(guest, installer.cdrom);
  const boots = guest.domain.list("os:bootdevs");
  if (boots.length === 0 && mayOrderBoot(guest)) {
    for (const device of bootOrder(guest, laterBootDevice(guest, installer))) {
      guest.domain.one("os").add("bootdevs").set("@dev", device);
    }
  }
  setDefaults(guest);
}

async function addMedium(guest: Guest, path: string): Promise<void> {
  const disk = guest.domain.fresh("devices:disk");
  disk.set("@device", "cdrom");
  const source = await sourceAt(guest.around, path);
  disk.set("@type", source.type);
  setSource(guest, disk, source);
  const at = guest.devices("disk").findIndex((each) => each.get("@device") === "cdrom");
  guest.domain.include("devices:disk", disk, at < 0 ? undefined : at);
}

/** The definition for the installation, where it has a phase of its own, and the one for later. */
export function installXml(
  guest: Guest,
  installer: Installer,
): { readonly first?: string; readonly later: string } {
  const whole = guest.toDraft();
  if (!hasInstallPhase(installer)) return { later: xmlLines(whole) };
  const first = draftOf(whole);
  alterForInstall(guest, installer, first);
  if (installer.cdrom !== undefined) takeMediumOut(whole, installer.cdrom);
  return { first: xmlLines(first), later: xmlLines(whole) };
}

function alterForInstall(guest: Guest, installer: Installer, root: Draft): void {
  writeAt(root, [], "on_reboot", "destroy");
  const mayOrder = mayOrderBoot(guest) && installer.kernel === undefined;
  if (installer.kernel) {
    writeAt(root, [], "os/kernel", installer.kernel.kernel);
    if (installer.kernel.initrd !== "") writeAt(root, [], "os/initrd", installer.kernel.initrd);
    writeAt(root, [], "os/cmdline", installer.kernel.args ?? null);
  }
  while (elementAt(root, ["os", "boot"])) removeAt(root, ["os", "boot"]);
  if (installer.bootDevice === undefined || !mayOrder) return;
  for (const [index, device] of bootOrder(guest, installer.bootDevice).entries()) {
    writeAt(root, ["os", `boot[${index + 1}]`], "@dev", device);
  }
}

function takeMediumOut(root: Draft, path: string): void {
  const devices = childrenOf(root, "devices")[0];
  const disk = (devices ? childrenOf(devices, "disk") : []).find(
    (each) =>
      each.attributes.get("device") === "cdrom" &&
      childrenOf(each, "source").some((source) => [...source.attributes.values()].includes(path)),
  );
  if (!disk) return;
  disk.attributes.set("type", "file");
  removeAt(disk, ["source"]);
}
