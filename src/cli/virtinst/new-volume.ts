/** A volume that is made when the installation starts. */
import type { StoragePoolRef, StorageVolRef } from "../../virt/driver/refs.ts";
import { escapeXml } from "../../virt/xml/format.ts";
import type { DiskSource } from "./disk-source.ts";
import type { Surroundings } from "./guest.ts";

export interface NewVolume {
  readonly pool: StoragePoolRef;
  readonly name: string;
  readonly capacityBytes: bigint;
  readonly allocationBytes: bigint;
  readonly format: string | undefined;
  readonly backingStore: string | undefined;
  readonly backingFormat: string | undefined;
}

const MIB = 1024n * 1024n;

/** @returns a warning @throws Error where the pool has no room */
export async function checkRoom(
  { connect }: Surroundings,
  volume: NewVolume,
): Promise<string | undefined> {
  const { available } = await connect.storagePoolGetInfo(volume.pool);
  if (volume.allocationBytes > available) {
    throw new Error(
      "There is not enough free space on the storage pool to create the volume. " +
        `(${volume.allocationBytes / MIB} M requested allocation > ${available / MIB} M available)`,
    );
  }
  if (volume.capacityBytes <= available) return undefined;
  return (
    "The requested volume capacity will exceed the available pool space when the volume is " +
    `fully allocated. (${volume.capacityBytes / MIB} M requested capacity > ${available / MIB} M available)`
  );
}

function volumeXml(volume: NewVolume): string {
  const text = (name: string, value: unknown): string =>
    `<${name}>${escapeXml(String(value))}</${name}>`;
  const format = (type: string | undefined): string =>
    type === undefined ? "" : `<format type='${escapeXml(type)}'/>`;
  const features = volume.format === "qcow2" ? "<features><lazy_refcounts/></features>" : "";
  const compat = volume.format === "qcow2" ? "<compat>1.1</compat>" : "";
  const backing =
    volume.backingStore === undefined
      ? ""
      : `<backingStore>${text("path", volume.backingStore)}${format(volume.backingFormat)}</backingStore>`;
  return (
    `<volume>${text("name", volume.name)}${text("capacity", volume.capacityBytes)}` +
    text("allocation", volume.allocationBytes) +
    `<target>${format(volume.format)}${compat}${features}</target>${backing}</volume>`
  );
}

/** @throws Error in the real tool's words */
export async function createVolume(
  { connect }: Surroundings,
  volume: NewVolume,
): Promise<StorageVolRef> {
  try {
    return await connect.storageVolCreateXML(volume.pool, volumeXml(volume), 0);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Couldn't create storage volume '${volume.name}': '${reason}'`, {
      cause: error,
    });
  }
}

/** The disk's source while the volume does not exist. */
export function sourceToCreate(creates: NewVolume, folder: string | undefined): DiskSource {
  return {
    path: `${folder ?? ""}/${creates.name}`,
    type: "file",
    format: creates.format ?? "raw",
    exists: false,
    pool: creates.pool,
    creates,
  };
}
