/** What the clone dialog has in its fields. */
import { type Dispatch, type SetStateAction, useEffect, useState } from "react";
import type { DiskWish } from "../../virt/clone/clone.ts";
import { type CloneDisk, disksToClone } from "../../virt/clone/disks.ts";
import { cloneName, clonePaths } from "../../virt/clone/names.ts";
import type { Connect } from "../../virt/driver/connect.ts";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import { useManager } from "../shell/context.tsx";

export interface DraftWish {
  readonly disk: CloneDisk;
  readonly action: DiskWish["action"];
  /** The copy's name, kept while another action is chosen. */
  readonly name: string;
}

export interface CloneDraft {
  readonly name: string;
  readonly disks: readonly DraftWish[];
  /** `pool/volume` of all volumes beside the disks. */
  readonly taken: ReadonlySet<string>;
}

export type DiskProblem = "empty" | "slash" | "taken" | "impossible";

/** Null for a wish that can be fulfilled. */
export function diskProblem(
  { disk, action, name }: DraftWish,
  { taken, disks }: CloneDraft,
): DiskProblem | null {
  if (action !== "clone") return null;
  if (!disk.source) return "impossible";
  if (name.trim() === "") return "empty";
  if (name.includes("/")) return "slash";
  const { pool } = disk.source.ref;
  const isTwice = disks.some(
    (other) =>
      other.disk !== disk &&
      other.action === "clone" &&
      other.name === name &&
      other.disk.source?.ref.pool === pool,
  );
  return isTwice || taken.has(`${pool}/${name}`) ? "taken" : null;
}

export function wishesOf({ disks }: CloneDraft): readonly DiskWish[] {
  return disks.map(({ disk, action, name }) =>
    action === "clone" ? { action, disk, name } : { action, disk },
  );
}

/** @returns null until all disks were looked at */
export function useCloneDraft(
  domain: ManagedDomain,
): [CloneDraft | null, Dispatch<SetStateAction<CloneDraft | null>>] {
  const manager = useManager();
  const [draft, setDraft] = useState<CloneDraft | null>(null);
  const [asked] = useState(domain);
  useEffect(() => {
    let isWanted = true;
    const names = manager.domains().map(({ name }) => name);
    void firstDraft(manager.connect, asked, names).then((made) => isWanted && setDraft(made));
    return () => {
      isWanted = false;
    };
  }, [manager, asked]);
  return [draft, setDraft];
}

/** As virt-clone would have it. */
export async function firstDraft(
  connect: Connect,
  domain: ManagedDomain,
  names: readonly string[],
): Promise<CloneDraft> {
  const name = cloneName(domain.name, (each) => names.includes(each));
  const disks = await disksToClone(connect, domain.definition);
  const taken = await volumesBeside(connect, disks);
  const wishes: DraftWish[] = [];
  for (const disk of disks) {
    const pool = disk.source?.ref.pool ?? "";
    const mine = new Set(wishes.map((each) => `${each.disk.source?.ref.pool ?? ""}/${each.name}`));
    const isTaken = (each: string) => taken.has(`${pool}/${each}`) || mine.has(`${pool}/${each}`);
    const original = disk.source?.ref.name;
    wishes.push({
      disk,
      action: disk.shareReason ? "share" : disk.obstacle ? "skip" : "clone",
      name: original === undefined ? "" : freeCopyName(original, domain.name, name, isTaken),
    });
  }
  return { name, disks: wishes, taken };
}

function freeCopyName(
  original: string,
  from: string,
  to: string,
  isTaken: (name: string) => boolean,
): string {
  for (const name of clonePaths(original, { from, to })) if (!isTaken(name)) return name;
  return "";
}

async function volumesBeside(
  connect: Connect,
  disks: readonly CloneDisk[],
): Promise<ReadonlySet<string>> {
  const pools = new Set(disks.flatMap(({ source }) => source?.ref.pool ?? []));
  const lists = await Promise.all(
    [...pools].map(async (name) =>
      connect.storagePoolListAllVolumes(await connect.storagePoolLookupByName(name), 0),
    ),
  );
  return new Set(lists.flat().map(({ pool, name }) => `${pool}/${name}`));
}
