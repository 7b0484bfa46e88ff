/** A disk of the original, and what becomes of it. */
import type { StorageVolRef } from "../../virt/driver/refs.ts";
import { find, textAt } from "../../virt/xml/element.ts";
import { parseXml } from "../../virt/xml/parse.ts";
import { sourceOfDisk } from "../virtinst/disk-parts.ts";
import { type DiskSource, NO_SOURCE, poolKind, sourceAt } from "../virtinst/disk-source.ts";
import { ToolError, messageOf } from "../virtinst/errors.ts";
import type { Guest } from "../virtinst/guest.ts";
import { type NewVolume, checkRoom, sourceToCreate } from "../virtinst/new-volume.ts";
import type { Part } from "../virtinst/part.ts";
import type { CloneHost } from "./host.ts";

/**
 * `clone` copies the data to a new path, `preserve` takes what is at the new path as it is, `share`
 * leaves both guests with the same.
 */
export type Action = "clone" | "preserve" | "share";

/** A copy that this program makes, where no volume is. */
export interface LocalCopy {
  readonly from: string;
  readonly to: string;
  readonly sizeBytes: number;
}

/** Where the clone's data will be. */
export interface NewDisk {
  readonly source: DiskSource;
  readonly copy?: LocalCopy;
  /** What is wrong with the room for it, as long as it does not grow. */
  readonly tight?: string;
}

export interface CloneDisk {
  readonly target: string | undefined;
  readonly source: DiskSource;
  readonly driverName: string | undefined;
  readonly driverType: string | undefined;
  /** Why its data cannot be copied. */
  readonly obstacle: string | undefined;
  action: Action;
  new?: NewDisk;
  /** Why the new path will not do. */
  problem?: string;
}

function shareReason(disk: Part, source: DiskSource): string | undefined {
  if (source.path === undefined) return "No storage to clone.";
  if (disk.value("readonly") === true) return "Read Only";
  const isShared =
    disk.value("shareable") === true || disk.get("transient/@shareBacking") !== undefined;
  return isShared ? "Marked as shareable" : undefined;
}

function obstacleOf(disk: Part, source: DiskSource): string | undefined {
  if (!source.exists) return `Disk path '${source.path}' does not exist.`;
  if ((disk.get("@type") ?? source.type) !== "network") return undefined;
  const protocol = disk.get("source:@protocol");
  if (protocol === "rbd") {
    return (
      "Cloning rbd volumes is not yet supported. " +
      "https://github.com/virt-manager/virt-manager/issues/177"
    );
  }
  return `Disk network type '${protocol}' is not cloneable.`;
}

/** @throws VmError what looking for its source fails with */
export async function cloneDiskOf(guest: Guest, disk: Part): Promise<CloneDisk> {
  const isVolume = disk.get("source:@pool") !== undefined;
  const found = sourceOfDisk(guest, disk);
  // A volume that is not there leaves the disk empty.
  const source = (await (isVolume ? found.catch(() => undefined) : found)) ?? NO_SOURCE;
  return {
    target: disk.get("target/@dev"),
    source,
    driverName: disk.get("driver/@name"),
    driverType: disk.get("driver/@type"),
    obstacle: obstacleOf(disk, source),
    action: shareReason(disk, source) === undefined ? "clone" : "share",
  };
}

/** @throws ToolError where the disk cannot become what it is to be */
export function checkDisk({ action, obstacle, problem }: CloneDisk): void {
  if (action === "clone" && obstacle !== undefined) {
    throw new ToolError(`Could not determine original disk information: ${obstacle}`);
  }
  if (action !== "share" && problem !== undefined) throw new ToolError(problem);
}

export interface PathOptions {
  readonly guest: Guest;
  readonly host: CloneHost;
  readonly isSparse: boolean;
  readonly isReflink: boolean;
}

/** Decides on the new path; what is wrong with it is kept for later. */
export async function setNewPath(
  disk: CloneDisk,
  path: string | undefined,
  options: PathOptions,
): Promise<void> {
  if (disk.action !== "preserve" && disk.obstacle !== undefined) return;
  try {
    disk.new = await newDisk(disk, path, options);
  } catch (error) {
    const name = path === undefined ? "None" : `'${path}'`;
    disk.problem = `Could not use path ${name} for cloning: ${messageOf(error)}`;
  }
}

/** @throws Error in the real tool's words */
async function newDisk(
  { action, source }: CloneDisk,
  path: string | undefined,
  options: PathOptions,
): Promise<NewDisk> {
  const { guest } = options;
  if (path === undefined || path === "") {
    if (source.path === undefined) return { source: NO_SOURCE };
    throw new Error("a path is missing: give --file once for each disk, or --auto-clone");
  }
  const found = await sourceAt(guest.around, path);
  if (action === "preserve") {
    if (found.exists) return { source: found };
    throw new Error(
      `Must specify storage creation parameters for non-existent path '${found.path}'.`,
    );
  }
  if (found.volume && found.type !== "block") {
    throw new Error(
      `Clone onto existing storage volume is not currently supported: '${found.path}'`,
    );
  }
  if (source.volume && !found.exists) {
    return volumeCopy(source.volume, found, options);
  }
  if (source.path === undefined || found.path === undefined) return { source: found };
  return localCopy(found, source.path, options);
}

/** @throws Error where the folder is no pool, or it has no room */
async function volumeCopy(
  original: StorageVolRef,
  { path = "", pool }: DiskSource,
  { guest: { around }, isSparse, isReflink }: PathOptions,
): Promise<NewDisk> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (!pool) {
    throw new Error(
      `Don't know how to create storage for path '${name}'. Use libvirt APIs to manage the ` +
        "parent directory as a pool first.",
    );
  }
  if (name.includes(" ")) {
    throw new Error(`Storage object name '${name}' can not contain ' ' character.`);
  }
  const xml = parseXml(await around.connect.storageVolGetXMLDesc(original, 0), "volume");
  const capacityBytes = BigInt(textAt(xml, "capacity") ?? "0");
  const format = find(xml, "target", "format")?.attributes.get("type");
  const kind = await poolKind(around, pool);
  const used = isSparse ? BigInt(textAt(xml, "allocation") ?? "0") : capacityBytes;
  if (kind.type === "logical" && used !== capacityBytes) {
    around.warn("Sparse logical volumes are not supported, setting allocation equal to capacity");
  }
  const volume: NewVolume = {
    pool,
    name,
    capacityBytes,
    allocationBytes: kind.type === "logical" ? capacityBytes : used,
    format,
    backingStore: undefined,
    backingFormat: undefined,
    original,
    isReflink,
  };
  const tight = await checkRoom(around, volume);
  if (tight !== undefined) around.warn(tight);
  return { source: sourceToCreate(volume, kind), ...(tight === undefined ? {} : { tight }) };
}

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** @throws Error where the file system has no room, FileError where there is none */
async function localCopy(
  found: DiskSource,
  from: string,
  { guest: { around }, host, isSparse }: PathOptions,
): Promise<NewDisk> {
  const to = host.absolutePath(found.path ?? "");
  const sizeBytes = await host.sizeOf(from);
  const free =
    found.type === "block"
      ? await host.sizeOf(to)
      : await host.freeBytes(to.slice(0, to.lastIndexOf("/")) || "/");
  const made = { source: found, copy: { from, to, sizeBytes } };
  const needed = Math.floor(sizeBytes / GIB) * GIB;
  if (needed <= free) return made;
  const sizes = `${Math.floor(needed / MIB)} M requested > ${Math.floor(free / MIB)} M available`;
  if (!isSparse) throw new Error(`There is not enough free space to create the disk. ${sizes}`);
  const tight =
    "The filesystem will not have enough free space to fully allocate the sparse file when the " +
    `guest is running. ${sizes}`;
  around.warn(tight);
  return { ...made, tight };
}
