/** `--disk`: volumes that are there, volumes that are to be made. */
import { freeName } from "../../virt/clone/names.ts";
import type { StoragePoolRef } from "../../virt/driver/refs.ts";
import {
  type DiskSource,
  defaultPool,
  poolKind,
  runningPool,
  sourceOfVolume,
} from "./disk-source.ts";
import { setSource, sourceOfDisk } from "./disk-parts.ts";
import { ToolError } from "./errors.ts";
import type { Guest } from "./guest.ts";
import { type NewVolume, checkRoom, sourceToCreate } from "./new-volume.ts";
import { switchValue } from "./numbers.ts";
import type { Part } from "./part.ts";
import type { SubOptions } from "./suboptions.ts";

const GIB = 1024 ** 3;

/** @throws ToolError in the real tool's words */
function parseSize(text: string | null | undefined): number | undefined {
  if (text === undefined || text === null) return undefined;
  const size = Number(text);
  if (text.trim() === "" || Number.isNaN(size)) {
    throw new ToolError(`Improper value for 'size': could not convert string to float: '${text}'`);
  }
  return size;
}

function splitVolume(text: string): [string, string] {
  const [pool, volume, ...more] = text.split("/");
  if (pool === undefined || volume === undefined || more.length > 0) {
    throw new Error("Storage volume must be specified as vol=poolname/volname");
  }
  return [pool, volume];
}

/** Where the disk's volume is or will be. @throws Error, VmError */
export async function finishDisk(guest: Guest, disk: Part, options: SubOptions): Promise<void> {
  const { around } = guest;
  const size = parseSize(options.get("size"));
  const type = options.get("type");
  if (typeof type === "string" && type !== "") {
    disk.set("@type", type);
    const old = guest.sources.get(disk);
    if (old) setSource(guest, disk, old);
  }
  const volumeName = options.get("vol");
  const source = await sourceOfDisk(guest, disk);
  if (source) guest.sources.set(disk, source);
  if (typeof volumeName === "string") {
    const [pool, volume] = splitVolume(volumeName);
    const ref = pool === "default" ? await defaultPool(around) : await runningPool(around, pool);
    const found = await around.connect.storageVolLookupByName(ref, volume);
    setSource(guest, disk, await sourceOfVolume(around, ref, found));
  } else {
    await createIfWanted(guest, disk, source, size, options);
  }
}

async function createIfWanted(
  guest: Guest,
  disk: Part,
  source: DiskSource | undefined,
  size: number | undefined,
  options: SubOptions,
): Promise<void> {
  const { around } = guest;
  const isFile = (disk.get("@type") ?? source?.type ?? "file") === "file";
  let name = options.get("pool") ?? undefined;
  if (name === undefined && size !== undefined && size !== 0 && !source && isFile) {
    name = "default";
  }
  const chosen =
    name === undefined
      ? undefined
      : name === "default"
        ? await defaultPool(around)
        : await runningPool(around, name);
  if (!chosen && source?.exists !== false) return;
  const pool = chosen ?? source?.pool;
  const path = chosen ? undefined : source?.path;
  const format = options.get("format") ?? (pool ? "qcow2" : undefined);
  const base = path?.slice(path.lastIndexOf("/") + 1);
  const volumeName = base ?? (pool ? await freeVolumeName(guest, pool, format) : "");
  const creates = newVolume(pool, volumeName, size, format, options);
  setSource(guest, disk, sourceToCreate(creates, await poolKind(around, creates.pool)));
}

/** @throws Error in the real tool's words */
function newVolume(
  pool: StoragePoolRef | undefined,
  name: string,
  sizeGib: number | undefined,
  format: string | undefined,
  options: SubOptions,
): NewVolume {
  if (sizeGib === undefined) {
    throw new Error(`Size must be specified for non existent volume '${name}'`);
  }
  if (!pool) {
    throw new Error(
      `Don't know how to create storage for path '${name}'. Use libvirt APIs to manage the ` +
        "parent directory as a pool first.",
    );
  }
  const capacityBytes = BigInt(Math.floor(sizeGib * GIB));
  const isSparse = switchValue(options.get("sparse") ?? "yes") !== false;
  return {
    pool,
    name,
    capacityBytes,
    allocationBytes: isSparse ? 0n : capacityBytes,
    format,
    backingStore: options.get("backing_store") ?? undefined,
    backingFormat: options.get("backing_format") ?? undefined,
  };
}

async function freeVolumeName(
  guest: Guest,
  pool: StoragePoolRef,
  format: string | undefined,
): Promise<string> {
  const { around } = guest;
  const volumes = await around.connect.storagePoolListAllVolumes(pool, 0);
  const folder = (await poolKind(around, pool)).folder ?? "";
  const used = [...guest.sources.values()].map(({ path }) => path);
  const taken = new Set(volumes.map(({ name }) => name));
  return freeName(
    guest.get("name") ?? "disk",
    (name) => taken.has(name) || used.includes(`${folder}/${name}`),
    { suffix: format === undefined ? "" : format === "raw" ? ".img" : `.${format}` },
  );
}

const REMOVABLE = new Set(["cdrom", "floppy"]);
const NEEDS_PATH = new Set(["file", "block", "dir", "volume", "network"]);

/** @throws Error in the real tool's words */
export async function checkDisk(guest: Guest, disk: Part): Promise<void> {
  const source = guest.sources.get(disk);
  const device = disk.get("@device") ?? "disk";
  if (source?.path === undefined) {
    const type = disk.get("@type") ?? "file";
    if (REMOVABLE.has(device) || !NEEDS_PATH.has(type)) return;
    throw new Error(`Device type '${device}' requires a path`);
  }
  if (source.creates) {
    const warning = await checkRoom(guest.around, source.creates);
    if (warning !== undefined) guest.around.warn(warning);
  } else if (!source.exists) {
    throw new Error(
      `Must specify storage creation parameters for non-existent path '${source.path}'.`,
    );
  }
}
