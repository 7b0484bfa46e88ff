/** A volume that is made when the installation starts. */
import type { StoragePoolRef, StorageVolRef } from "../../virt/driver/refs.ts";
import { escapeXml } from "../../virt/xml/format.ts";
import type { DiskSource, PoolKind } from "./disk-source.ts";
import type { Surroundings } from "./guest.ts";
import type { Meter } from "./progress.ts";

export interface NewVolume {
  readonly pool: StoragePoolRef;
  readonly name: string;
  readonly capacityBytes: bigint;
  readonly allocationBytes: bigint;
  readonly format: string | undefined;
  readonly backingStore: string | undefined;
  readonly backingFormat: string | undefined;
  /** Its contents at first. */
  readonly original?: StorageVolRef;
  /** `original` is shared until one of them changes, on file systems that can. */
  readonly isReflink?: boolean;
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

/** `virStorageVolCreateFlags`. */
const PREALLOCATE_METADATA = 1;
const REFLINK = 2;

function copyFlags(connect: Surroundings["connect"], volume: NewVolume): number {
  if (connect.uri.startsWith("test:")) return 0;
  const isWhole =
    volume.format === "qcow2" &&
    volume.backingStore === undefined &&
    volume.capacityBytes === volume.allocationBytes;
  return (isWhole ? PREALLOCATE_METADATA : 0) | (volume.isReflink === true ? REFLINK : 0);
}

/** Makes the volume and tells how far it is. @throws Error in the real tool's words */
export async function createVolume(
  { connect, host }: Surroundings,
  volume: NewVolume,
  meter: Meter,
): Promise<StorageVolRef> {
  const { pool, name, original } = volume;
  meter.start(`Allocating '${name}'`, Number(volume.capacityBytes));
  try {
    const xml = volumeXml(volume);
    const work = original
      ? connect.storageVolCreateXMLFrom(pool, xml, original, copyFlags(connect, volume))
      : connect.storageVolCreateXML(pool, xml, 0);
    await whileWorking(host, work, async () => {
      const made = await connect.storageVolLookupByName(pool, name);
      meter.update(Number((await connect.storageVolGetInfoFlags(made, 0)).allocation));
    });
    const made = await work;
    meter.end();
    return made;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Couldn't create storage volume '${name}': '${reason}'`, { cause: error });
  }
}

const FIRST_LOOK_MS = 20;
const LOOK_MS = 1000;

/** Looks now and then until the work is done; what looking fails with does not matter. */
async function whileWorking(
  host: Surroundings["host"],
  work: Promise<unknown>,
  look: () => Promise<void>,
): Promise<void> {
  const isDone = work.then(
    () => true,
    () => true,
  );
  const waited = (ms: number): Promise<boolean> => host.sleep(ms).then(() => false);
  let ms = FIRST_LOOK_MS;
  // eslint-disable-next-line no-await-in-loop -- time passes
  while (!(await Promise.race([isDone, waited(ms)]))) {
    // eslint-disable-next-line no-await-in-loop -- one look after the other
    await look().catch(() => undefined);
    ms = LOOK_MS;
  }
}

/** The disk's source while the volume does not exist. */
export function sourceToCreate(creates: NewVolume, { folder, diskType }: PoolKind): DiskSource {
  return {
    path: diskType === "network" ? creates.name : `${folder ?? ""}/${creates.name}`,
    type: diskType,
    format: creates.format ?? "raw",
    exists: false,
    pool: creates.pool,
    creates,
  };
}
