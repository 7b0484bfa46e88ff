/** Directories of the file system. Node's errors have errno names as `code` already. */
import { mkdir, readdir, rename, rm, rmdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { DirectoryEntry, DirectoryHost, FileStat } from "../../storage/ports.ts";

export const nodeDirectories: DirectoryHost = {
  async list(path) {
    const found: DirectoryEntry[] = [];
    for (const name of await readdir(path)) {
      const known = await statOf(join(path, name)).catch(() => null);
      // A link to nowhere, or what is gone meanwhile.
      if (known !== null) found.push({ name, ...known });
    }
    return found;
  },

  stat: statOf,

  async mkdir(path, { recursive = false } = {}) {
    await mkdir(path, { recursive });
  },

  async remove(path, { recursive = false } = {}) {
    if (recursive) return rm(path, { recursive: true });
    const { kind } = await statOf(path);
    await (kind === "directory" ? rmdir(path) : unlink(path));
  },

  rename,
};

async function statOf(path: string): Promise<FileStat> {
  const info = await stat(path);
  if (info.isDirectory()) return { kind: "directory", sizeBytes: 0, modifiedMs: info.mtimeMs };
  // Opening a pipe would wait for its other end.
  if (!info.isFile())
    throw Object.assign(new Error("neither file nor directory"), { code: "EINVAL" });
  return { kind: "file", sizeBytes: info.size, modifiedMs: info.mtimeMs };
}
