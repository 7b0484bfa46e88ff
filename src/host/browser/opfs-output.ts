/** Files of the page's host that are written from their start on (opfs-tree.ts). */
import { vmError } from "../../protocol/vm-error.ts";
import { errnoOf, strerror } from "../../storage/errors.ts";
import type { OutputFile } from "../../virt/drivers/qemu/ports.ts";
import { opfs, parentOf, pathNames } from "./opfs-tree.ts";

/** Makes or replaces a file; it is there when it is closed. @throws VmError systemError */
export async function opfsOutput(path: string): Promise<OutputFile> {
  const named = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const why = strerror(errnoOf(error));
      throw vmError("systemError", `${what}: ${why}`, { cause: error });
    }
  };
  const writable = await named(`Failed to create file '${path}'`, async () => {
    const { directory, name } = await parentOf(pathNames(path));
    return opfs("EISDIR", async () =>
      (await directory.getFileHandle(name, { create: true })).createWritable(),
    );
  });
  return {
    write: (bytes) =>
      named(`unable to write file ${path}`, () =>
        opfs("EISDIR", () => writable.write(bytes as Uint8Array<ArrayBuffer>)),
      ),
    close: () =>
      named(`unable to close file ${path}`, () => opfs("EISDIR", () => writable.close())),
    discard: async () => {
      await writable.abort().catch(() => {});
      const { directory, name } = await parentOf(pathNames(path));
      await directory.removeEntry(name).catch(() => {});
    },
  };
}
