/** `tabvisor virt-clone`: the terminal, the files and the drivers of this process. */
import { type FileHandle, open, readFile, statfs } from "node:fs/promises";
import type { CloneHost, LocalFile } from "../../cli/virt-clone/host.ts";
import { virtClone } from "../../cli/virt-clone/main.ts";
import { FileError } from "../../cli/virtinst/host.ts";
import { systemReason } from "../../host/node/system-reason.ts";
import { nodeToolHost } from "./tool-host.ts";

export function virtCloneCommand(args: readonly string[]): Promise<number> {
  return virtClone(args, nodeCloneHost());
}

/** @throws FileError */
async function told<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { errno = 0 } = error as NodeJS.ErrnoException;
    throw new FileError(-errno, systemReason(error), path);
  }
}

function nodeCloneHost(): CloneHost {
  return {
    ...nodeToolHost(),
    readText: (path) => told(path, () => readFile(path, "utf8")),
    openFile: (path, mode) => openLocal(path, mode),
    sizeOf: async (path) => {
      const file = await open(path, "r").catch(() => undefined);
      try {
        return file ? await sizeOfOpen(file) : 0;
      } finally {
        await file?.close();
      }
    },
    freeBytes: async (folder) => {
      const { bavail, bsize } = await told(folder, () => statfs(folder));
      return bavail * bsize;
    },
  };
}

/** A block device says nothing of its size: reading past its end tells it. */
async function sizeOfOpen(file: FileHandle): Promise<number> {
  const found = await file.stat();
  if (!found.isBlockDevice()) return found.size;
  const canRead = async (at: number): Promise<boolean> =>
    (await file.read(new Uint8Array(1), 0, 1, at)).bytesRead > 0;
  let low = 0;
  let high = 1;
  // eslint-disable-next-line no-await-in-loop -- each step depends on the one before
  while (await canRead(high - 1)) {
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    // eslint-disable-next-line no-await-in-loop -- each step depends on the one before
    if (await canRead(middle - 1)) low = middle;
    else high = middle;
  }
  return low;
}

const MODE = 0o640;

async function openLocal(path: string, mode: "read" | "write"): Promise<LocalFile> {
  const file = await told(path, () =>
    mode === "read"
      ? open(path, "r")
      : open(path, "r+").catch((error: NodeJS.ErrnoException) => {
          if (error.code !== "ENOENT") throw error;
          return open(path, "wx+", MODE);
        }),
  );
  return {
    read: (buffer, at) =>
      told(path, async () => (await file.read(buffer, 0, buffer.length, at)).bytesRead),
    write: (bytes, at) =>
      told(path, async () => {
        for (let done = 0; done < bytes.length;) {
          // eslint-disable-next-line no-await-in-loop -- what is left depends on what was written
          done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
        }
      }),
    resize: (sizeBytes) => told(path, () => file.truncate(sizeBytes)),
    close: () => file.close(),
  };
}
