/** Small text files below a directory, which only the user can read. */
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { vmError } from "../../protocol/vm-error.ts";
import type { TextFiles } from "../../virt/drivers/qemu/ports.ts";
import { systemReason } from "./system-reason.ts";

/** @param root made when it is first written to */
export function textFiles(root: string): TextFiles {
  const at = (path: string): string => join(root, path);
  let last: Promise<unknown> = Promise.resolve();
  /** Changes one after the other: two of one file would share its new part. */
  const inTurn = <T>(change: () => Promise<T>): Promise<T> => {
    const turn = last.then(change, change);
    last = turn;
    // Whoever asked for it hears of its failure.
    turn.catch(() => {});
    return turn;
  };
  return {
    list: (directory) =>
      named("open directory", at(directory), async () => {
        const entries = await unlessMissing(readdir(at(directory), { withFileTypes: true }));
        return (entries ?? [])
          .filter((entry) => entry.isFile() || entry.isSymbolicLink())
          .map(({ name }) => name);
      }),
    read: (path) => named("read file", at(path), () => unlessMissing(readFile(at(path), "utf8"))),
    write: (path, text) =>
      named("write file", at(path), () => inTurn(() => replace(at(path), text))),
    remove: (path) =>
      named("delete file", at(path), () =>
        inTurn(async () => {
          await rm(at(path), { force: true });
          await syncDirectory(dirname(at(path)));
        }),
      ),
  };
}

/** After a crash the old text is there, or the new one. */
async function replace(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const part = `${path}.new`;
  const file = await open(part, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
  await syncDirectory(dirname(path));
}

/** The order of changes is that of the disk too. Not every system can open directories. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r").catch(() => null);
  try {
    await directory?.sync();
  } catch {
    // As far as the system can.
  } finally {
    await directory?.close();
  }
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return null;
    throw error;
  }
}

/** @throws VmError systemError in libvirt's words */
async function named<T>(what: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw vmError("systemError", `cannot ${what} '${path}': ${systemReason(error)}`, {
      cause: error,
    });
  }
}
