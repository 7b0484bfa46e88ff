/** The clone's disks in its definition, each with its new path. */
import { type DiskSource, sourceAt } from "../virtinst/disk-source.ts";
import { setSource } from "../virtinst/disk-parts.ts";
import { ToolError } from "../virtinst/errors.ts";
import type { Guest } from "../virtinst/guest.ts";
import { type CloneDisk, type PathOptions, checkDisk, setNewPath } from "./clone-disk.ts";
import { clonePaths } from "../../virt/clone/names.ts";

export interface Cloning extends PathOptions {
  readonly original: Guest;
  readonly disks: readonly CloneDisk[];
  /** Where the firmware's variables are kept; its path is the clone's to choose. */
  nvram: CloneDisk | undefined;
  readonly newNvram: string | undefined;
  readonly replaces: boolean;
}

/** @throws ToolError where the name will not do, and what looking for volumes fails with */
export async function prepareClone(cloning: Cloning): Promise<void> {
  const { guest, disks } = cloning;
  const { connect } = guest.around;
  const name = guest.get("name") ?? "";
  if (!cloning.replaces && (await connect.domainLookupByName(name).catch(() => undefined))) {
    throw new ToolError(`Invalid name for new guest: Guest name '${name}' is already in use.`);
  }
  for (const disk of disks.filter(({ action }) => action !== "share")) {
    // eslint-disable-next-line no-await-in-loop -- a new path may be that of an earlier disk
    if (!disk.new) await setNewPath(disk, await generatedPath(cloning, disk), cloning);
    if (disk.new) describe(guest, disk, disk.new.source);
  }
  await prepareNvram(cloning);
}

async function generatedPath(
  { original, guest }: Cloning,
  { source }: CloneDisk,
): Promise<string | undefined> {
  if (source.path === undefined) return undefined;
  const names = { from: original.get("name") ?? "", to: guest.get("name") ?? "" };
  for (const path of clonePaths(source.path, names)) {
    // eslint-disable-next-line no-await-in-loop -- the first one that is free
    if (!(await isTaken(guest, path))) return path;
  }
  return undefined;
}

/** Whether something is certainly there. */
export async function isTaken({ around }: Guest, path: string): Promise<boolean> {
  const found = await sourceAt(around, path).catch(() => undefined);
  return found?.type !== "network" && found?.exists === true;
}

function describe(guest: Guest, disk: CloneDisk, source: DiskSource): void {
  const part = guest.devices("disk").findLast((each) => each.get("target/@dev") === disk.target);
  if (!part) return;
  setSource(guest, part, undefined);
  part.set("@type", source.type);
  part.set("driver/@name", disk.driverName);
  part.set("driver/@type", disk.driverType);
  setSource(guest, part, source);
}

async function prepareNvram(cloning: Cloning): Promise<void> {
  const { guest, nvram, newNvram } = cloning;
  const old = guest.get("os:nvram");
  if (!nvram || old === undefined) return;
  const folder = old.slice(0, old.lastIndexOf("/") + 1);
  const path = newNvram ?? `${folder}${guest.get("name")}_VARS.fd`;
  const found = await sourceAt(guest.around, path);
  if (nvram.action === "clone" && !found.exists && nvram.source.volume) {
    await setNewPath(nvram, path, cloning);
    checkDisk(nvram);
  } else {
    // Where there is none to copy, the guest's first start makes it.
    cloning.nvram = undefined;
  }
  guest.set("os:nvram", found.path);
}
