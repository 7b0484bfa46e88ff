/** Picked folders beside the private file system: paths under `/mnt` are theirs. */
import { StorageError } from "../../storage/errors.ts";
import type { DirectoryEntry, DirectoryHost, FileHost, FileStat } from "../../storage/ports.ts";
import { lockFile } from "./opfs-locks.ts";
import { opfs } from "./opfs-tree.ts";
import { PickedFile } from "./picked-file.ts";
import { folderHandle, inFolder } from "./picked-folders.ts";

const DIRECTORY: FileStat = { kind: "directory", sizeBytes: 0, modifiedMs: 0 };

export function withPickedFiles(files: FileHost): FileHost {
  return {
    entropy: files.entropy,
    identity: (path) => files.identity(path),
    async open(path, options) {
      if (inFolder(path) === null) return files.open(path, options);
      const handle = await fileIn(path, options.create ?? false);
      const identity = files.identity(path);
      const release = options.share ? () => {} : await lockFile(identity, options.write);
      try {
        const blob = await opfs("EISDIR", () => handle.getFile());
        const file = new PickedFile(handle, blob, options.write, release);
        if (options.create) file.truncate(0);
        return file;
      } catch (error) {
        release();
        throw error;
      }
    },
    async exists(path) {
      if (inFolder(path) === null) return files.exists(path);
      try {
        await fileIn(path, false);
        return true;
      } catch (error) {
        return error instanceof StorageError && error.errno === "EISDIR";
      }
    },
    async remove(path) {
      if (inFolder(path) === null) return files.remove(path);
      await fileIn(path, false);
      await removeFrom(path, false);
    },
  };
}

export function withPickedDirectories(host: DirectoryHost): DirectoryHost {
  return {
    list: (path) => (inFolder(path) === null ? host.list(path) : listFolder(path)),
    stat: (path) => (inFolder(path) === null ? host.stat(path) : statIn(path)),
    async mkdir(path, options) {
      if (inFolder(path) === null) await host.mkdir(path, options);
      else await directoryIn(path, true);
    },
    async remove(path, options) {
      if (inFolder(path) === null) await host.remove(path, options);
      else await removeFrom(path, options?.recursive ?? false);
    },
    async rename(from, to) {
      if (inFolder(from) !== null || inFolder(to) !== null) throw new StorageError("ENOTSUP");
      await host.rename(from, to);
    },
  };
}

async function listFolder(path: string): Promise<readonly DirectoryEntry[]> {
  const directory = await directoryIn(path, false);
  const found: DirectoryEntry[] = [];
  for await (const handle of directory.values()) {
    const stat = await statOf(handle).catch(() => null);
    if (stat !== null) found.push({ name: handle.name, ...stat });
  }
  return found;
}

async function statIn(path: string): Promise<FileStat> {
  try {
    return await statOf(await fileIn(path, false));
  } catch (error) {
    if (error instanceof StorageError && error.errno === "EISDIR") return DIRECTORY;
    throw error;
  }
}

async function statOf(handle: FileSystemHandle): Promise<FileStat> {
  if (handle.kind === "directory") return DIRECTORY;
  const file = await opfs("EISDIR", () => (handle as FileSystemFileHandle).getFile());
  return { kind: "file", sizeBytes: file.size, modifiedMs: file.lastModified };
}

async function directoryIn(path: string, create: boolean): Promise<FileSystemDirectoryHandle> {
  const { folder, below } = placeOf(path);
  let at = await folderHandle(folder);
  for (const name of below)
    at = await opfs("ENOTDIR", () => at.getDirectoryHandle(name, { create }));
  return at;
}

async function fileIn(path: string, create: boolean): Promise<FileSystemFileHandle> {
  const { folder, below } = placeOf(path);
  const name = below.at(-1);
  if (name === undefined) throw new StorageError("EISDIR");
  const parent = await directoryIn(["/mnt", folder, ...below.slice(0, -1)].join("/"), false);
  return opfs("EISDIR", () => parent.getFileHandle(name, { create }));
}

async function removeFrom(path: string, recursive: boolean): Promise<void> {
  const { folder, below } = placeOf(path);
  const name = below.at(-1);
  // The folder is the user's own.
  if (name === undefined) throw new StorageError("EBUSY");
  const parent = await directoryIn(["/mnt", folder, ...below.slice(0, -1)].join("/"), false);
  await opfs("ENOTDIR", () => parent.removeEntry(name, { recursive }));
}

function placeOf(path: string): { readonly folder: string; readonly below: string[] } {
  const place = inFolder(path);
  if (place === null) throw new StorageError("ENOENT");
  return place;
}
