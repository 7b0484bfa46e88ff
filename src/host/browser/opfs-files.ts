/** Images in the origin private file system, for dedicated workers: see opfs-tree.ts for paths. */
import { StorageError } from "../../storage/errors.ts";
import type { FileHost, ImageFile, OpenFileOptions } from "../../storage/ports.ts";
import { OpfsFile, SnapshotFile } from "./opfs-file.ts";
import { GRACE_MS, lockFile } from "./opfs-locks.ts";
import { fileAt, opfs, parentOf, pathNames } from "./opfs-tree.ts";

const RETRY_MS = 20;

/** The standard's newer part, which the compiler does not know yet. */
interface ModalHandle {
  createSyncAccessHandle(options: {
    mode: "readwrite" | "read-only";
  }): Promise<FileSystemSyncAccessHandle>;
}

export const opfsFiles: FileHost = {
  async open(path, options) {
    const names = pathNames(path);
    const handle = await fileAt(names, options.create);
    const release = options.share ? () => {} : await lockFile(identityOf(path), options.write);
    try {
      return await openHandle(handle, options, release);
    } catch (error) {
      release();
      throw error;
    }
  },

  async exists(path) {
    try {
      await fileAt(pathNames(path));
      return true;
    } catch (error) {
      return error instanceof StorageError && error.errno === "EISDIR";
    }
  },

  async remove(path) {
    const { directory, name } = await parentOf(pathNames(path));
    await fileAt(pathNames(path));
    await opfs("EISDIR", () => directory.removeEntry(name));
  },

  identity: identityOf,

  entropy: { fill: (target) => void crypto.getRandomValues(target as Uint8Array<ArrayBuffer>) },
};

function identityOf(path: string): string {
  return `/${pathNames(path).join("/")}`;
}

async function openHandle(
  handle: FileSystemFileHandle,
  { write, create, share }: OpenFileOptions,
  release: () => void,
): Promise<ImageFile> {
  if (!write && (share || !hasModes())) {
    return new SnapshotFile(await opfs("EISDIR", () => handle.getFile()), release);
  }
  const access = await syncHandle(handle, write ? "readwrite" : "read-only");
  const file = new OpfsFile(access, release);
  if (create) file.truncate(0);
  return file;
}

/** Whether several readers can have handles at the same time. */
function hasModes(): boolean {
  return "mode" in FileSystemSyncAccessHandle.prototype;
}

/** The lock is ours: a handle that is in the way belongs to a worker that is ending. */
async function syncHandle(
  handle: FileSystemFileHandle,
  mode: "readwrite" | "read-only",
): Promise<FileSystemSyncAccessHandle> {
  const deadline = performance.now() + GRACE_MS;
  for (;;) {
    try {
      return await opfs("EISDIR", () =>
        (handle as unknown as ModalHandle).createSyncAccessHandle({ mode }),
      );
    } catch (error) {
      const isBusy = error instanceof StorageError && error.errno === "EAGAIN";
      if (!isBusy || performance.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
