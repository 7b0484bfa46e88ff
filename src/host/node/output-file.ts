/** Files that are written from start to end, which only the user can read. */
import { type FileHandle, open, rm } from "node:fs/promises";
import { vmError } from "../../protocol/vm-error.ts";
import type { OutputFile } from "../../virt/drivers/qemu/ports.ts";
import { systemReason } from "./system-reason.ts";

/** @throws VmError systemError in libvirt's words */
export async function createOutputFile(path: string): Promise<OutputFile> {
  const file = await named(`Failed to create file '${path}'`, () => open(path, "w", 0o600));
  return {
    write: (bytes) => named(`unable to write file ${path}`, () => writeAll(file, bytes)),
    close: () => named(`unable to close file ${path}`, () => file.close()),
    discard: async () => {
      await file.close().catch(() => {});
      await rm(path, { force: true }).catch(() => {});
    },
  };
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done);
    done += bytesWritten;
  }
}

async function named<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw vmError("systemError", `${what}: ${systemReason(error)}`, { cause: error });
  }
}
