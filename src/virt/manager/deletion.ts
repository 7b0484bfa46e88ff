/** Deleting a machine with its storage: what may go, and what should rather stay (virt-manager). */
import { volumeOf } from "../clone/disks.ts";
import { devicesOf, diskSource } from "../conf/domain/view.ts";
import type { Connect } from "../driver/connect.ts";
import { DomainUndefineFlags } from "../driver/domain-flags.ts";
import type { StorageVolRef } from "../driver/refs.ts";
import { find, textAt, type XmlElement } from "../xml/element.ts";
import type { ManagedDomain } from "./objects.ts";
import { usersOf } from "./volume-users.ts";
import { withKnownFlags } from "../driver/tolerant-flags.ts";

/** Why storage should stay, unless the user wants otherwise. */
export type Caution = "readOnly" | "shareable" | "media" | "inUse";

export interface StorageOfDomain {
  /** `vda`. */
  readonly target: string;
  readonly path: string;
  /** Null where it is in no active pool: it cannot be deleted then. */
  readonly volume: StorageVolRef | null;
  /** Bytes; 0 where it is not known. */
  readonly capacity: number;
  readonly cautions: readonly Caution[];
  /** Names of other machines that use it. */
  readonly users: readonly string[];
}

/** @param others machines that stay */
export async function storageOf(
  connect: Connect,
  { definition }: ManagedDomain,
  others: readonly ManagedDomain[],
): Promise<readonly StorageOfDomain[]> {
  const found = await Promise.all(
    devicesOf(definition, "disk").map((disk) => lookAtStorage(connect, disk, others)),
  );
  return found.filter((each) => each !== null);
}

async function lookAtStorage(
  connect: Connect,
  disk: XmlElement,
  others: readonly ManagedDomain[],
): Promise<StorageOfDomain | null> {
  const volume = await volumeOf(connect, disk).catch(() => null);
  const path = volume ? await connect.storageVolGetPath(volume) : diskSource(disk);
  // An empty drive has none.
  if (path === undefined) return null;
  const info = volume && (await connect.storageVolGetInfoFlags(volume, 0).catch(() => null));
  const ref = volume ?? { pool: "", name: "", key: "" };
  const users = usersOf({ path, ref }, others).map(({ name }) => name);
  return {
    target: find(disk, "target")?.attributes.get("dev") ?? "",
    path,
    volume,
    capacity: Number(info?.capacity ?? 0),
    cautions: cautionsOf(disk, users),
    users,
  };
}

function cautionsOf(disk: XmlElement, users: readonly string[]): Caution[] {
  const cautions: Caution[] = [];
  if (find(disk, "readonly")) cautions.push("readOnly");
  if (find(disk, "shareable")) cautions.push("shareable");
  if (["cdrom", "floppy"].includes(disk.attributes.get("device") ?? "disk")) cautions.push("media");
  if (users.length > 0) cautions.push("inUse");
  return cautions;
}

/**
 * Forces the machine off where it runs, forgets it with all that libvirt keeps of it, and then
 * deletes the volumes.
 *
 * @throws VmError; an AggregateError with those of volumes, when the machine is gone already
 */
export async function deleteDomain(
  connect: Connect,
  { ref, definition }: Pick<ManagedDomain, "ref" | "definition">,
  volumes: readonly StorageVolRef[],
): Promise<void> {
  if (ref.id > 0) await connect.domainDestroyFlags(ref, 0);
  const { managedSave, snapshotsMetadata, checkpointsMetadata, nvram } = DomainUndefineFlags;
  const hasNvram = textAt(definition, "os", "nvram") !== undefined;
  const flags = managedSave | snapshotsMetadata | checkpointsMetadata | (hasNvram ? nvram : 0);
  await withKnownFlags(flags, flags & ~checkpointsMetadata, (known) =>
    connect.domainUndefineFlags(ref, known),
  );
  const errors: unknown[] = [];
  for (const volume of volumes) {
    await connect.storageVolDelete(volume, 0).catch((error: unknown) => errors.push(error));
  }
  if (errors.length === 0) return;
  const sentences = errors.map((error) => (error instanceof Error ? error.message : String(error)));
  throw new AggregateError(errors, sentences.join("\n"));
}
