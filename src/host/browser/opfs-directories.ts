/** Directories of the origin private file system, for pages and workers: see opfs-tree.ts for paths. */
import { StorageError } from "../../storage/errors.ts";
import type { DirectoryEntry, DirectoryHost, FileStat } from "../../storage/ports.ts";
import { directoryAt, fileAt, opfs, parentOf, pathNames } from "./opfs-tree.ts";

/** In the browsers, though not in the standard's text yet. */
interface MovableHandle {
  move?(parent: FileSystemDirectoryHandle, name: string): Promise<void>;
}

const DIRECTORY: FileStat = { kind: "directory", sizeBytes: 0, modifiedMs: 0 };

export const opfsDirectories: DirectoryHost = {
  async list(path) {
    const directory = await directoryAt(pathNames(path));
    const found: DirectoryEntry[] = [];
    for await (const handle of directory.values()) {
      const stat = await statOf(handle).catch(() => null);
      // Something else may have removed it meanwhile.
      if (stat !== null) found.push({ name: handle.name, ...stat });
    }
    return found;
  },

  async stat(path) {
    const names = pathNames(path);
    if (names.length === 0) return DIRECTORY;
    try {
      return await statOf(await fileAt(names));
    } catch (error) {
      if (isErrno(error, "EISDIR")) return DIRECTORY;
      throw error;
    }
  },

  async mkdir(path, { recursive = false } = {}) {
    const names = pathNames(path);
    if (recursive) {
      await directoryAt(names, true);
      return;
    }
    if (names.length === 0 || (await isThere(names))) throw new StorageError("EEXIST");
    const { directory, name } = await parentOf(names);
    await opfs("EEXIST", () => directory.getDirectoryHandle(name, { create: true }));
  },

  async remove(path, { recursive = false } = {}) {
    const { directory, name } = await parentOf(pathNames(path));
    await opfs("ENOTDIR", () => directory.removeEntry(name, { recursive }));
  },

  async rename(from, to) {
    const handle = await fileAt(pathNames(from));
    const { directory, name } = await parentOf(pathNames(to));
    const { move } = handle as MovableHandle;
    if (move === undefined) throw new StorageError("ENOTSUP");
    await opfs("EISDIR", () => move.call(handle, directory, name));
  },
};

async function statOf(handle: FileSystemHandle): Promise<FileStat> {
  if (handle.kind === "directory") return DIRECTORY;
  const file = await opfs("EISDIR", () => (handle as FileSystemFileHandle).getFile());
  return { kind: "file", sizeBytes: file.size, modifiedMs: file.lastModified };
}

async function isThere(names: readonly string[]): Promise<boolean> {
  try {
    await fileAt(names);
    return true;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return false;
    if (isErrno(error, "EISDIR")) return true;
    throw error;
  }
}

function isErrno(error: unknown, errno: string): boolean {
  return error instanceof StorageError && error.errno === errno;
}
