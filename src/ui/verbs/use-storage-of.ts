/** What storage machines have, and what of it goes with them unless the user says otherwise. */
import { useEffect, useState } from "react";
import { storageOf, type StorageOfDomain } from "../../virt/manager/deletion.ts";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import { useManager } from "../shell/context.tsx";

export interface DoomedStorage extends StorageOfDomain {
  /** Unique in the dialog. */
  readonly id: string;
  /** UUID and name of the machine that it is of. */
  readonly owner: string;
  readonly ownerName: string;
  /** It is a volume, and nothing speaks for its staying. */
  readonly isDoomed: boolean;
}

/** @returns null until it is known. Looked at once: the dialog's list stays as it was read. */
export function useStorageOf(domains: readonly ManagedDomain[]): readonly DoomedStorage[] | null {
  const manager = useManager();
  const [found, setFound] = useState<readonly DoomedStorage[] | null>(null);
  const [asked] = useState(domains);
  useEffect(() => {
    let isWanted = true;
    const going = new Set(asked.map(({ uuid }) => uuid));
    const others = manager.domains().filter(({ uuid }) => !going.has(uuid));
    const looks = asked.map(async (domain) => {
      const storage = await storageOf(manager.connect, domain, others);
      return storage.map((each) => ({
        ...each,
        id: `${domain.uuid} ${each.target}`,
        owner: domain.uuid,
        ownerName: domain.name,
        isDoomed: each.volume !== null && each.cautions.length === 0,
      }));
    });
    void Promise.all(looks)
      .then((all) => onePerVolume(all.flat()))
      .then((all) => isWanted && setFound(all));
    return () => {
      isWanted = false;
    };
  }, [manager, asked]);
  return found;
}

/** Two of the machines may have the same disk: it goes with the first. */
function onePerVolume(all: readonly DoomedStorage[]): readonly DoomedStorage[] {
  const seen = new Set<string>();
  return all.filter(({ path }) => {
    const isNew = !seen.has(path);
    seen.add(path);
    return isNew;
  });
}
