/** Where a disk's data comes from: a volume, a file, a URL, or a volume that is still to be made. */
import { freeName } from "../../virt/clone/names.ts";
import type { StoragePoolRef, StorageVolRef } from "../../virt/driver/refs.ts";
import { element, textAt, textElement } from "../../virt/xml/element.ts";
import { formatXml } from "../../virt/xml/format.ts";
import { parseXml } from "../../virt/xml/parse.ts";
import type { Surroundings } from "./guest.ts";
import type { NewVolume } from "./new-volume.ts";

export interface DiskSource {
  readonly path: string | undefined;
  /** The disk's `type`. */
  readonly type: string;
  /** The format as far as known. */
  readonly format: string | undefined;
  readonly exists: boolean;
  readonly pool?: StoragePoolRef;
  readonly volume?: StorageVolRef;
  readonly creates?: NewVolume;
}

export const NO_SOURCE: DiskSource = {
  path: undefined,
  type: "file",
  format: undefined,
  exists: true,
};

const RUNNING = 2;

export function isUrl(path: string): boolean {
  return /^[a-zA-Z]+(\+[a-zA-Z]+)?:\/\/.*/.test(path);
}

/** What a pool's volumes are to a guest. */
export interface PoolKind {
  /** The pool's type, as `dir`. */
  readonly type: string;
  /** Where its volumes stand. */
  readonly folder: string | undefined;
  /** A disk's `type` on such a volume. */
  readonly diskType: "file" | "block" | "network";
}

const BLOCK_POOLS = new Set(["disk", "logical", "scsi", "mpath", "zfs"]);
const NETWORK_POOLS = new Set(["gluster", "rbd", "iscsi", "sheepdog"]);

export async function poolKind({ connect }: Surroundings, pool: StoragePoolRef): Promise<PoolKind> {
  const xml = parseXml(await connect.storagePoolGetXMLDesc(pool, 0), "pool");
  const type = xml.attributes.get("type") ?? "dir";
  const diskType = BLOCK_POOLS.has(type) ? "block" : NETWORK_POOLS.has(type) ? "network" : "file";
  return { type, folder: textAt(xml, "target", "path"), diskType };
}

/** The pool of that name, started. @throws VmError noStoragePool */
export async function runningPool(
  { connect }: Surroundings,
  name: string,
): Promise<StoragePoolRef> {
  const pool = await connect.storagePoolLookupByName(name);
  if ((await connect.storagePoolGetInfo(pool)).state !== RUNNING) {
    await connect.storagePoolCreate(pool, 0);
  }
  return pool;
}

/** The pool of a folder, in whatever state. */
export async function folderPool(
  around: Surroundings,
  folder: string,
): Promise<StoragePoolRef | undefined> {
  for (const pool of await around.connect.connectListAllStoragePools(0)) {
    // eslint-disable-next-line no-await-in-loop -- the first one counts
    if ((await poolKind(around, pool)).folder === folder) return pool;
  }
  return undefined;
}

/** Defines and starts a pool of a folder. */
export async function newFolderPool(
  { connect }: Surroundings,
  name: string,
  folder: string,
  build: boolean,
): Promise<StoragePoolRef> {
  const xml = element("pool", { type: "dir" }, [
    textElement("name", name),
    element("target", {}, [textElement("path", folder)]),
  ]);
  const pool = await connect.storagePoolDefineXML(formatXml(xml), 0);
  try {
    if (build) await connect.storagePoolBuild(pool, 0);
    await connect.storagePoolCreate(pool, 0);
    await connect.storagePoolSetAutostart(pool, true);
  } catch (error) {
    await connect.storagePoolUndefine(pool).catch(() => undefined);
    throw error;
  }
  return pool;
}

const DEFAULT_FOLDER = "/var/lib/libvirt/images";

/** The pool for images that are given by size alone. */
export async function defaultPool(around: Surroundings): Promise<StoragePoolRef> {
  const { connect } = around;
  const all = await connect.connectListAllStoragePools(0);
  const named = all.find(({ name }) => name === "default");
  const found = named ?? (await folderPool(around, DEFAULT_FOLDER));
  if (found) return runningPool(around, found.name);
  try {
    return await newFolderPool(around, "default", DEFAULT_FOLDER, true);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Couldn't create default storage pool '${DEFAULT_FOLDER}': ${reason}`, {
      cause: error,
    });
  }
}

export async function sourceOfVolume(
  { connect }: Surroundings,
  pool: StoragePoolRef,
  volume: StorageVolRef,
): Promise<DiskSource> {
  const xml = parseXml(await connect.storageVolGetXMLDesc(volume, 0), "volume");
  const format = xml.children.find((child) => child.kind === "element" && child.name === "target");
  const node = format?.kind === "element" ? format : undefined;
  const type = xml.attributes.get("type") ?? "file";
  const named = node?.children.find((child) => child.kind === "element" && child.name === "format");
  return {
    path: await connect.storageVolGetPath(volume),
    type,
    format: named?.kind === "element" ? named.attributes.get("type") : "raw",
    exists: true,
    pool,
    volume,
  };
}

const HOST_FOLDERS = ["/dev", "/sys", "/proc"];

function mayBecomePool(path: string): boolean {
  if (isUrl(path)) return false;
  return !HOST_FOLDERS.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

/** What stands at `path`; its folder becomes a pool where it is none. @throws VmError, Error */
export async function sourceAt(around: Surroundings, given: string): Promise<DiskSource> {
  if (isUrl(given)) return { path: given, type: "network", format: undefined, exists: true };
  const path = around.host.absolutePath(given);
  const { pool, volume } = await managed(around, path);
  if (pool && volume) return sourceOfVolume(around, pool, volume);
  const kind = await around.host.pathKind(path);
  return {
    path,
    type: kind === "directory" ? "dir" : kind === "block" ? "block" : "file",
    format: undefined,
    exists: kind !== undefined,
    ...(pool ? { pool } : {}),
  };
}

async function managed(
  around: Surroundings,
  path: string,
): Promise<{ pool?: StoragePoolRef; volume?: StorageVolRef }> {
  const { connect } = around;
  const known = await connect.storageVolLookupByPath(path).catch(() => undefined);
  if (known) return { volume: known, pool: await connect.storagePoolLookupByVolume(known) };
  const folder = path.slice(0, path.lastIndexOf("/")) || "/";
  const found = await folderPool(around, folder);
  if (!found && !mayBecomePool(path)) return {};
  const pool = found
    ? await runningPool(around, found.name)
    : await newFolderPool(around, await freePoolName(around, folder), folder, false);
  if (found) await connect.storagePoolRefresh(pool, 0).catch(() => undefined);
  const base = path.slice(path.lastIndexOf("/") + 1);
  const volume = await connect.storageVolLookupByName(pool, base).catch(() => undefined);
  return volume ? { pool, volume } : { pool };
}

async function freePoolName({ connect }: Surroundings, folder: string): Promise<string> {
  const base = folder.slice(folder.lastIndexOf("/") + 1).replaceAll(" ", "_") || "dirpool";
  const taken = new Set((await connect.connectListAllStoragePools(0)).map(({ name }) => name));
  return freeName(base, (name) => taken.has(name));
}
