/** A machine's disks as its clone may have them: copied, shared, or left out, and why not. */
import { devicesOf, diskSource } from "../conf/domain/view.ts";
import type { Connect } from "../driver/connect.ts";
import type { StorageVolRef } from "../driver/refs.ts";
import { find, textAt, type XmlElement } from "../xml/element.ts";
import { parseXml } from "../xml/parse.ts";

/** Why a disk is shared unless the user wants otherwise. */
export type ShareReason = "empty" | "readOnly" | "shareable";

/** Why a disk cannot be copied: its volume is missing, it is on a network, or in no pool. */
export type Obstacle =
  | { readonly kind: "missing" | "unmanaged" }
  | { readonly kind: "network"; readonly protocol: string };

/** A volume that can be copied. */
export interface CloneSource {
  readonly ref: StorageVolRef;
  readonly path: string;
  /** Bytes. */
  readonly capacity: bigint;
  readonly allocation: bigint;
  readonly format: string | undefined;
}

export interface CloneDisk {
  /** `vda`. */
  readonly target: string;
  /** `disk`, `cdrom`. */
  readonly device: string;
  /** Null where there is no medium. */
  readonly path: string | null;
  /** Null exactly where it cannot be copied, or is empty. */
  readonly source: CloneSource | null;
  readonly shareReason: ShareReason | null;
  readonly obstacle: Obstacle | null;
}

/** Looks at all disks of a definition. */
export async function disksToClone(
  connect: Connect,
  definition: XmlElement,
): Promise<readonly CloneDisk[]> {
  return Promise.all(devicesOf(definition, "disk").map((disk) => lookAtDisk(connect, disk)));
}

async function lookAtDisk(connect: Connect, disk: XmlElement): Promise<CloneDisk> {
  const source = await sourceOf(connect, disk);
  const path = source?.path ?? diskSource(disk) ?? networkName(disk) ?? null;
  const shareReason = shareReasonOf(disk, path === null);
  return {
    target: find(disk, "target")?.attributes.get("dev") ?? "",
    device: disk.attributes.get("device") ?? "disk",
    path,
    source,
    shareReason,
    obstacle: source || shareReason === "empty" ? null : obstacleOf(disk),
  };
}

/** `pool/volume` of a disk whose pool is not active, or a network's name. */
function networkName(disk: XmlElement): string | undefined {
  const source = find(disk, "source")?.attributes;
  const pool = source?.get("pool");
  return pool === undefined ? source?.get("name") : `${pool}/${source?.get("volume") ?? ""}`;
}

function shareReasonOf(disk: XmlElement, isEmpty: boolean): ShareReason | null {
  if (isEmpty) return "empty";
  if (find(disk, "readonly")) return "readOnly";
  return find(disk, "shareable") ? "shareable" : null;
}

function obstacleOf(disk: XmlElement): Obstacle {
  const type = disk.attributes.get("type");
  if (type === "network") {
    const protocol = find(disk, "source")?.attributes.get("protocol") ?? "";
    return { kind: "network", protocol };
  }
  return { kind: type === "volume" ? "missing" : "unmanaged" };
}

/** Null where the disk is no volume of an active pool. */
async function sourceOf(connect: Connect, disk: XmlElement): Promise<CloneSource | null> {
  const ref = await volumeOf(connect, disk).catch(() => null);
  return ref && lookAtSource(connect, ref);
}

/** The volume that a disk names by its path, or by pool and name. @throws VmError */
export async function volumeOf(connect: Connect, disk: XmlElement): Promise<StorageVolRef | null> {
  const source = find(disk, "source")?.attributes;
  const [pool, volume] = [source?.get("pool"), source?.get("volume")];
  if (pool !== undefined && volume !== undefined) {
    return connect.storageVolLookupByName(await connect.storagePoolLookupByName(pool), volume);
  }
  const path = diskSource(disk);
  return path === undefined ? null : connect.storageVolLookupByPath(path);
}

/** @throws VmError */
export async function lookAtSource(connect: Connect, ref: StorageVolRef): Promise<CloneSource> {
  const [path, { capacity, allocation }, xml] = await Promise.all([
    connect.storageVolGetPath(ref),
    connect.storageVolGetInfoFlags(ref, 0),
    connect.storageVolGetXMLDesc(ref, 0),
  ]);
  const definition = parseXml(xml, "(storage_volume_definition)");
  const format = find(definition, "target", "format")?.attributes.get("type");
  return { ref, path, capacity, allocation, format };
}

/** The EFI variables of a definition, where they are a volume that can be copied. */
export async function nvramSource(
  connect: Connect,
  definition: XmlElement,
): Promise<CloneSource | null> {
  const path = textAt(definition, "os", "nvram");
  const ref =
    path === undefined ? null : await connect.storageVolLookupByPath(path).catch(() => null);
  return ref && lookAtSource(connect, ref);
}
