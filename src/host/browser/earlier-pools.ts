/** Pools' definitions of earlier versions: JSON files beside the page's host file system. */
import type { EarlierPools } from "../../virt/drivers/qemu/ports.ts";

const PARENTS = ["etc", "libvirt"] as const;
const NAME = "storage";
/** Was left at the first visit. */
const MARK = "visited";

export function earlierPools(): EarlierPools {
  return {
    list: async () => {
      const directory = await place();
      if (!directory) return null;
      const names: string[] = [];
      for await (const handle of directory.values()) names.push(handle.name);
      return names;
    },
    read: async (name) => {
      const handle = await (await place())?.getFileHandle(name);
      return handle ? (await handle.getFile()).text() : null;
    },
    remove: async (name) => (await place())?.removeEntry(name),
    clear: async () => {
      const root = await navigator.storage.getDirectory();
      await (await place())?.removeEntry(MARK).catch(() => {});
      // Each stays while there is anything in it.
      for (const path of [[...PARENTS, NAME], PARENTS, PARENTS.slice(0, 1)]) {
        const parent = await below(root, path.slice(0, -1));
        await parent?.removeEntry(path.at(-1) ?? "").catch(() => {});
      }
    },
  };
}

async function place(): Promise<FileSystemDirectoryHandle | null> {
  return below(await navigator.storage.getDirectory(), [...PARENTS, NAME]);
}

/** Null where it is not there. */
async function below(
  root: FileSystemDirectoryHandle,
  names: readonly string[],
): Promise<FileSystemDirectoryHandle | null> {
  let at = root;
  for (const name of names) {
    const next = await at.getDirectoryHandle(name).catch(() => null);
    if (!next) return null;
    at = next;
  }
  return at;
}
