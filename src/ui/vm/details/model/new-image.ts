/** The image of a new disk. */
import { StoragePoolState } from "../../../../virt/driver/storage-flags.ts";
import type { ManagedPool, ManagedVolume } from "../../../../virt/manager/objects.ts";
import { isReadOnly } from "../../../connection/storage/pool-facts.ts";

const BYTES_PER_GIB = 2 ** 30;

export interface NewImage {
  /** Of the pool. */
  readonly pool: string;
  /** GiB, as it is typed. */
  readonly size: string;
  readonly format: "qcow2" | "raw";
}

/** What virt-manager proposes; null where no pool can take it. */
export function proposedImage(pools: readonly ManagedPool[]): NewImage | null {
  const [pool] = writablePools(pools);
  return pool ? { pool: pool.uuid, size: "20", format: "qcow2" } : null;
}

/** Bytes; NaN for what is no size. */
export function imageBytes({ size }: Pick<NewImage, "size">): number {
  const gib = size.trim() === "" ? Number.NaN : Number(size);
  return gib > 0 ? Math.round((gib * BYTES_PER_GIB) / 512) * 512 : Number.NaN;
}

/** A name that no volume of the pool has: the machine's, then with a number. */
export function imageName(
  machine: string,
  format: NewImage["format"],
  volumes: readonly Pick<ManagedVolume, "name">[],
): string {
  const taken = new Set(volumes.map(({ name }) => name));
  const base = machine.replaceAll("/", "-");
  const ending = format === "raw" ? "img" : format;
  let name = `${base}.${ending}`;
  for (let number = 1; taken.has(name); number += 1) name = `${base}-${number}.${ending}`;
  return name;
}

/** Pools that volumes can be made in: those of a web server are only read. */
export function writablePools(pools: readonly ManagedPool[]): readonly ManagedPool[] {
  return pools.filter((pool) => pool.state === StoragePoolState.running && !isReadOnly(pool));
}
