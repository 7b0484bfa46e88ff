/** Small text files below a directory of the page's host (opfs-tree.ts). */
import { StorageError, strerror } from "../../storage/errors.ts";
import { vmError } from "../../protocol/vm-error.ts";
import type { TextFiles } from "../../virt/drivers/qemu/ports.ts";
import { directoryAt, fileAt, opfs, parentOf, pathNames } from "./opfs-tree.ts";

/** @param root absolute path; made when it is first written to */
export function opfsTexts(root: string): TextFiles {
  const namesOf = (path: string): string[] => pathNames(`${root}/${path}`);
  return {
    list: (path) =>
      named("open directory", `${root}/${path}`, async () => {
        const directory = await unlessMissing(directoryAt(namesOf(path)));
        const found: string[] = [];
        if (!directory) return found;
        for await (const handle of directory.values()) {
          if (handle.kind === "file") found.push(handle.name);
        }
        return found;
      }),
    read: (path) =>
      named("read file", `${root}/${path}`, async () => {
        const handle = await unlessMissing(fileAt(namesOf(path)));
        return handle && (await opfs("EISDIR", async () => (await handle.getFile()).text()));
      }),
    write: (path, text) =>
      named("write file", `${root}/${path}`, async () => {
        const names = namesOf(path);
        await directoryAt(names.slice(0, -1), true);
        const handle = await fileAt(names, true);
        // The new contents take the file's place when they are all there (File System §2.5.3).
        await opfs("EISDIR", async () => {
          const writable = await handle.createWritable();
          await writable.write(text);
          await writable.close();
        });
      }),
    remove: (path) =>
      named("delete file", `${root}/${path}`, async () => {
        const parent = await unlessMissing(parentOf(namesOf(path)));
        if (!parent) return;
        await unlessMissing(opfs("EISDIR", () => parent.directory.removeEntry(parent.name)));
      }),
  };
}

/** Whether this browser keeps what is written there (private windows do not). */
export async function keepsFiles(): Promise<boolean> {
  try {
    await directoryAt([]);
    return "createWritable" in FileSystemFileHandle.prototype;
  } catch {
    return false;
  }
}

/** Text files that are gone with the page. */
export function sessionTexts(): TextFiles {
  const files = new Map<string, string>();
  return {
    list: async (directory) => {
      const prefix = `${directory}/`;
      const below = [...files.keys()].filter((path) => path.startsWith(prefix));
      return below.map((path) => path.slice(prefix.length)).filter((name) => !name.includes("/"));
    },
    read: async (path) => files.get(path) ?? null,
    write: async (path, text) => void files.set(path, text),
    remove: async (path) => void files.delete(path),
  };
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StorageError && error.errno === "ENOENT") return null;
    throw error;
  }
}

/** @throws VmError systemError in libvirt's words */
async function named<T>(what: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const errno = error instanceof StorageError ? error.errno : "EIO";
    throw vmError("systemError", `cannot ${what} '${path}': ${strerror(errno)}`, { cause: error });
  }
}
