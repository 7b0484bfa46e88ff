/** The guest's two definitions: that of its first start, which installs, and that of all later ones. */
import { type Draft, childAt, childrenOf, draftOf } from "../../virt/xml/draft.ts";
import { finishDevice } from "../virtinst/default-values.ts";
import { setSource } from "../virtinst/disk-parts.ts";
import { sourceAt } from "../virtinst/disk-source.ts";
import type { Guest } from "../virtinst/guest.ts";
import { writeAt, type Part } from "../virtinst/part.ts";
import { isContainer, isX86 } from "../virtinst/platform.ts";
import { elementAt, joinPath, removeAt } from "../virtinst/xml-path.ts";
import { xmlLines } from "../virtinst/xml-text.ts";
import { setDefaults } from "./defaults.ts";
import { type Installer, hasInstallPhase, mediumOf } from "./installer.ts";
import type { PreparedMedia } from "./prepare-media.ts";

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
  const medium = mediumOf(installer);
  if (medium !== undefined) await addMedium(guest, installer, medium);
  const boots = guest.domain.list("os:bootdevs");
  if (boots.length === 0 && mayOrderBoot(guest)) {
    for (const device of bootOrder(guest, laterBootDevice(guest, installer))) {
      guest.domain.one("os").add("bootdevs").set("@dev", device);
    }
  }
  if (!installer.isReinstall) setDefaults(guest);
}

async function addMedium(guest: Guest, { isReinstall }: Installer, path: string): Promise<void> {
  const source = await sourceAt(guest.around, path);
  const disks = guest.devices("disk");
  const at = disks.findIndex((each) => each.get("@device") === "cdrom");
  const drive = isReinstall ? disks[at] : undefined;
  const disk = drive ?? guest.domain.fresh("devices:disk");
  disk.set("@device", "cdrom");
  disk.set("@type", source.type);
  setSource(guest, disk, source);
  if (drive) return;
  if (isReinstall) finishDevice(guest, "disk", disk);
  guest.domain.include("devices:disk", disk, at < 0 ? undefined : at);
}

export interface Phases {
  /** Undefined where the first start is as all others. */
  readonly first: string | undefined;
  readonly later: string;
}

/** @param before the stored definition of a guest that gets its system anew */
export function phasesOf(
  guest: Guest,
  installer: Installer,
  media: PreparedMedia,
  before?: string,
): Phases {
  const whole = guest.toDraft();
  if (!hasInstallPhase(installer) && !installer.cloudInit && !installer.unattended) {
    return { first: undefined, later: before ?? xmlLines(whole) };
  }
  if (media.seed) appendDisk(whole, media.seed.disk);
  const first = draftOf(whole);
  alterForInstall(guest, installer, media, first);
  for (const path of [mediumOf(installer), media.seed?.path]) takeMediumOut(whole, path);
  return { first: xmlLines(first), later: before ?? xmlLines(whole) };
}

/** Behind all other devices. */
function appendDisk(root: Draft, disk: Part): void {
  const devices = childAt(root, "devices");
  const count = devices ? childrenOf(devices, "disk").length : 0;
  disk.write(root, ["devices", `disk[${count + 1}]`]);
}

function alterForInstall(
  guest: Guest,
  { tree, bootDevice, cloudInit }: Installer,
  { kernel, initrd, args = "", memoryKib }: PreparedMedia,
  root: Draft,
): void {
  if (cloudInit && isX86(guest)) tellOfSeed(root);
  writeAt(root, [], "on_reboot", "destroy");
  const mayOrder = mayOrderBoot(guest) && tree === undefined;
  if (kernel !== undefined) writeAt(root, [], "os/kernel", kernel);
  if (initrd !== undefined) writeAt(root, [], "os/initrd", initrd);
  if (tree && args !== "") writeAt(root, [], "os/cmdline", args);
  if (memoryKib !== undefined) {
    for (const path of ["currentMemory", "memory"]) writeAt(root, [], path, memoryKib);
  }
  while (elementAt(root, ["os", "boot"])) removeAt(root, ["os", "boot"]);
  const order = bootDevice === undefined || !mayOrder ? [] : bootOrder(guest, bootDevice);
  for (const [index, device] of order.entries()) {
    writeAt(root, ["os", `boot[${index + 1}]`], "@dev", device);
  }
}

/** cloud-init of a guest with such firmware looks there for where its data is. */
function tellOfSeed(root: Draft): void {
  const mode = childAt(root, "os", "smbios")?.attributes.get("mode");
  if (mode !== undefined && mode !== "sysinfo") return;
  const serial = "sysinfo[@type='smbios']/system/entry[@name='serial']";
  if (elementAt(root, joinPath([], serial))) return;
  writeAt(root, [], "os/smbios/@mode", "sysinfo");
  writeAt(root, [], serial, "ds=nocloud");
}

function takeMediumOut(root: Draft, path: string | undefined): void {
  const devices = childrenOf(root, "devices")[0];
  const disk = (devices ? childrenOf(devices, "disk") : []).find(
    (each) =>
      each.attributes.get("device") === "cdrom" &&
      childrenOf(each, "source").some((source) =>
        [...source.attributes.values()].some((value) => value === path),
      ),
  );
  if (!disk) return;
  disk.attributes.set("type", "file");
  removeAt(disk, ["source"]);
}
