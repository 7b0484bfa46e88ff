/**
 * The page's host file system: the directory `host` of the origin private file system. The file at
 * `/var/lib/libvirt/images/x.qcow2` is `host/var/lib/libvirt/images/x.qcow2` there.
 */
import { type Errno, StorageError } from "../../storage/errors.ts";

const ROOT = "host";

/** What the errors of the File System standard and of its quota are called in POSIX. */
const ERRNOS: Readonly<Record<string, Errno>> = {
  NotFoundError: "ENOENT",
  NoModificationAllowedError: "EAGAIN",
  QuotaExceededError: "ENOSPC",
  InvalidModificationError: "ENOTEMPTY",
  NotAllowedError: "EACCES",
  SecurityError: "EACCES",
  InvalidStateError: "EBADF",
};

/** The names of a path from the root on; `.`, `..` and empty ones are resolved. */
export function pathNames(path: string): string[] {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return names;
}

/** An error of the browser's as ours. */
export function opfsError(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const name = error instanceof Error ? error.name : "";
  return new StorageError(ERRNOS[name] ?? "EIO", undefined, error);
}

/** Runs an operation of the browser's; a file where a directory is wanted, or the reverse, is `mismatch`. */
export async function opfs<T>(mismatch: Errno, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    const isMismatch = error instanceof DOMException && error.name === "TypeMismatchError";
    throw isMismatch ? new StorageError(mismatch, undefined, error) : opfsError(error);
  }
}

/** @throws StorageError ENOENT, ENOTDIR; EACCES where the browser gives no storage */
export function directoryAt(
  names: readonly string[],
  create = false,
): Promise<FileSystemDirectoryHandle> {
  return opfs("ENOTDIR", async () => {
    const storage = await navigator.storage.getDirectory();
    let at = await storage.getDirectoryHandle(ROOT, { create: true });
    for (const name of names) at = await at.getDirectoryHandle(name, { create });
    return at;
  });
}

/** The directory that the last of `names` is in, and that name. @throws StorageError EISDIR for the root */
export async function parentOf(
  names: readonly string[],
): Promise<{ directory: FileSystemDirectoryHandle; name: string }> {
  const name = names.at(-1);
  if (name === undefined) throw new StorageError("EISDIR");
  return { directory: await directoryAt(names.slice(0, -1)), name };
}

/** @throws StorageError ENOENT, ENOTDIR, EISDIR */
export async function fileAt(
  names: readonly string[],
  create = false,
): Promise<FileSystemFileHandle> {
  const { directory, name } = await parentOf(names);
  return opfs("EISDIR", () => directory.getFileHandle(name, { create }));
}
