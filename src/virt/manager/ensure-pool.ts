/** Pools that are made when they are first needed. */
import { ErrorCode, VmError } from "../../protocol/vm-error.ts";
import type { Connect } from "../driver/connect.ts";
import type { StoragePoolRef } from "../driver/refs.ts";
import { element, textElement } from "../xml/element.ts";
import { formatXml } from "../xml/format.ts";

export interface PoolPlace {
  readonly name: string;
  /** The directory that it has if it must be made; absent for pools that are there. */
  readonly path?: string;
}

/** Where images are when nobody says otherwise, as virt-manager makes it. */
export const DEFAULT_POOL: PoolPlace = { name: "default", path: "/var/lib/libvirt/images" };

/** Where kernels and initramfs are, as virt-install makes it. */
export const BOOT_POOL: PoolPlace = { name: "boot-scratch", path: "/var/lib/libvirt/boot" };

/** The pool, active. @throws VmError */
export async function ensurePool(
  connect: Connect,
  { name, path }: PoolPlace,
): Promise<StoragePoolRef> {
  const known = await connect.storagePoolLookupByName(name).catch((error: unknown) => {
    const isMissing = error instanceof VmError && error.code === ErrorCode.noStoragePool;
    if (isMissing && path !== undefined) return null;
    throw error;
  });
  const pool = known ?? (await definePool(connect, name, path ?? ""));
  if (!(await connect.storagePoolIsActive(pool))) await connect.storagePoolCreate(pool, 0);
  return pool;
}

async function definePool(connect: Connect, name: string, path: string): Promise<StoragePoolRef> {
  const xml = element("pool", { type: "dir" }, [
    textElement("name", name),
    element("target", {}, [textElement("path", path)]),
  ]);
  const pool = await connect.storagePoolDefineXML(formatXml(xml), 0);
  await connect.storagePoolBuild(pool, 0);
  await connect.storagePoolSetAutostart(pool, true);
  return pool;
}
