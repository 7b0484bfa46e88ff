/** `undefine`: a domain's definition and, where asked for, its volumes. */
import { ErrorCode, VmError } from "../../../protocol/vm-error.ts";
import { devicesOf } from "../../../virt/conf/domain/view.ts";
import { DomainUndefineFlags as Undefine } from "../../../virt/driver/domain-flags.ts";
import type { DomainRef, StorageVolRef } from "../../../virt/driver/refs.ts";
import { DomainSnapshotListFlags } from "../../../virt/driver/snapshot-flags.ts";
import { StorageVolDeleteFlags } from "../../../virt/driver/storage-flags.ts";
import { find } from "../../../virt/xml/element.ts";
import type { Command } from "../shell/command.ts";
import { AlreadyReported, CommandError } from "../shell/errors.ts";
import type { Session } from "../shell/session.ts";
import type { LIFECYCLE } from "../tables/domain-lifecycle.ts";
import { splitCommas } from "./comma-lists.ts";
import { flagBits } from "./common.ts";
import { definitionOf, domainOf } from "./domain-common.ts";

type UndefineCommand = Command<(typeof LIFECYCLE)["undefine"]>;

export async function undefineDomain(session: Session, command: UndefineCommand): Promise<void> {
  command.needs("delete-storage-volume-snapshots", "remove-all-storage");
  command.exclusive("nvram", "keep-nvram");
  command.exclusive("tpm", "keep-tpm");
  const storage = command.textOrNone("storage");
  const isAll = command.has("remove-all-storage");
  if (storage === undefined && !isAll && command.has("wipe-storage")) {
    throw new CommandError(
      "'--wipe-storage' requires '--storage <string>' or '--remove-all-storage'",
    );
  }
  const domain = await domainOf(session, command);
  const connect = await session.connect();
  const isRunning = await connect.domainIsActive(domain);
  const kept = isRunning ? { image: false, snapshots: 0 } : await keptFor(session, domain);
  const disks =
    storage === undefined && !isAll
      ? []
      : await volumesOf(session, domain, { isRunning, isAll, storage });
  await undefineSafely(session, command, domain, kept);
  session.printExtra(`Domain '${command.required("domain")}' has been undefined\n`);
  await removeVolumes(session, command, disks);
}

/** What undefining an inactive domain would take along. */
interface Kept {
  readonly image: boolean;
  readonly snapshots: number;
}

async function keptFor(session: Session, domain: DomainRef): Promise<Kept> {
  const connect = await session.connect();
  const image = await orNone(false, () => connect.domainHasManagedSaveImage(domain, 0));
  const { metadata } = DomainSnapshotListFlags;
  const snapshots = await orNone([], () => connect.domainListAllSnapshots(domain, metadata));
  return { image, snapshots: snapshots.length };
}

/** A driver that does not know the call has none of these things. */
async function orNone<T>(none: T, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof VmError && error.code === ErrorCode.noSupport) return none;
    throw error;
  }
}

async function undefineSafely(
  session: Session,
  command: UndefineCommand,
  domain: DomainRef,
  kept: Kept,
): Promise<void> {
  const name = command.required("domain");
  const connect = await session.connect();
  const flags =
    flagBits(command, {
      "checkpoints-metadata": Undefine.checkpointsMetadata,
      nvram: Undefine.nvram,
      "keep-nvram": Undefine.keepNvram,
      tpm: Undefine.tpm,
      "keep-tpm": Undefine.keepTpm,
    }) |
    (kept.image ? flagBits(command, { "managed-save": Undefine.managedSave }) : 0) |
    (kept.snapshots > 0
      ? flagBits(command, { "snapshots-metadata": Undefine.snapshotsMetadata })
      : 0);
  const isSafe = !kept.image || command.has("managed-save") || kept.snapshots > 0;
  try {
    if (isSafe || command.has("nvram")) {
      return await connect.domainUndefineFlags(domain, flags);
    }
  } catch (error) {
    if (!(error instanceof VmError)) throw error;
    const isOld = error.code === ErrorCode.noSupport || error.code === ErrorCode.invalidArg;
    if (!isOld || command.has("nvram")) {
      session.error(`Failed to undefine domain '${name}'`);
      throw error;
    }
  }
  await undefinePiecewise(session, command, domain, kept);
}

/** For drivers that do not know the flags. */
async function undefinePiecewise(
  session: Session,
  command: UndefineCommand,
  domain: DomainRef,
  { image, snapshots }: Kept,
): Promise<void> {
  const connect = await session.connect();
  if (image && !command.has("managed-save")) {
    session.fail("Refusing to undefine while domain managed save image exists");
  }
  if (image) await connect.domainManagedSaveRemove(domain, 0);
  if (snapshots > 0) {
    session.fail(
      command.has("snapshots-metadata")
        ? `Unable to remove metadata of ${snapshots} snapshots`
        : `Refusing to undefine while ${snapshots} snapshots exist`,
    );
  }
  await session.attempt(`Failed to undefine domain '${command.required("domain")}'`, () =>
    connect.domainUndefineFlags(domain, 0),
  );
}

/** A disk whose volume is to go. */
interface DiskVolume {
  readonly target: string;
  readonly source: string;
  readonly volume: StorageVolRef;
}

interface Wanted {
  readonly isRunning: boolean;
  readonly isAll: boolean;
  readonly storage: string | undefined;
}

/** The volumes of all disks, or of those of a list of targets and sources. */
async function volumesOf(
  session: Session,
  domain: DomainRef,
  { isRunning, isAll, storage }: Wanted,
): Promise<DiskVolume[]> {
  if (isRunning) {
    return session.fail("Storage volume deletion is supported only on stopped domains");
  }
  if (isAll && storage !== undefined) {
    return session.fail("Specified both --storage and --remove-all-storage");
  }
  const definition = await definitionOf(session, domain);
  let missing = storage === undefined ? [] : splitCommas(storage);
  const found: DiskVolume[] = [];
  for (const disk of devicesOf(definition, "disk")) {
    const target = find(disk, "target")?.attributes.get("dev") ?? "";
    const place = Object.fromEntries(find(disk, "source")?.attributes ?? []);
    const source =
      place["file"] ?? place["dir"] ?? place["name"] ?? place["dev"] ?? place["volume"];
    if (source === undefined) continue;
    const names = missing.filter((each) => each === target || each === source);
    if (storage !== undefined && names.length === 0) continue;
    missing = missing.filter((each) => each !== names[0]);
    const volume = await volumeAt(session, target, source, place["pool"]);
    if (volume) found.push({ target, source, volume });
  }
  for (const each of missing) {
    session.error(`Volume '${each}' was not found in domain's definition.`);
    session.host.err("\n");
  }
  if (missing.length > 0) throw new AlreadyReported("no such volume");
  return found;
}

/** The volume, or null where libvirt does not know it: that is told, and left to the user. */
async function volumeAt(
  session: Session,
  target: string,
  source: string,
  poolName: string | undefined,
): Promise<StorageVolRef | null> {
  const connect = await session.connect();
  const pool =
    poolName === undefined ? undefined : await orNull(connect.storagePoolLookupByName(poolName));
  if (pool === null) {
    session.error(`Storage pool '${poolName ?? ""}' for volume '${target}' not found.`);
    return null;
  }
  const volume = await orNull(
    pool ? connect.storageVolLookupByName(pool, source) : connect.storageVolLookupByPath(source),
  );
  if (volume) return volume;
  session.error(
    `Storage volume '${target}'(${source}) is not managed by libvirt. Remove it manually.`,
  );
  session.host.err("\n");
  return null;
}

async function orNull<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof VmError) return null;
    throw error;
  }
}

/** Removes what can be removed; the command fails where something is left. */
async function removeVolumes(
  session: Session,
  command: UndefineCommand,
  disks: readonly DiskVolume[],
): Promise<void> {
  const connect = await session.connect();
  const flags = flagBits(command, {
    "delete-storage-volume-snapshots": StorageVolDeleteFlags.withSnapshots,
  });
  let failure: VmError | null = null;
  for (const { target, source, volume } of disks) {
    const what = `'${target}'(${source})`;
    try {
      if (command.has("wipe-storage")) {
        session.printExtra(`Wiping volume ${what} ... `);
        await session.attempt("Failed! Volume not removed.", () =>
          connect.storageVolWipePattern(volume, 0, 0),
        );
        session.printExtra("Done.\n");
      }
      await session.attempt(`Failed to remove storage volume ${what}`, () =>
        connect.storageVolDelete(volume, flags),
      );
      session.printExtra(`Volume ${what} removed.\n`);
    } catch (error) {
      if (!(error instanceof VmError)) throw error;
      failure = error;
    }
  }
  if (failure) throw failure;
}
