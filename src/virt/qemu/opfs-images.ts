/** The user's image files in the origin private file system. */
import type { ImageSource } from "../../api/types.ts";
import { vmError } from "../../protocol/vm-error.ts";
import type { ImageFile } from "../connection.ts";
import type { ImageRef } from "../domain.ts";
import type { ImageStore } from "./ports.ts";

export class OpfsImages implements ImageStore {
  readonly persistent = true;
  readonly #directory: FileSystemDirectoryHandle;

  constructor(directory: FileSystemDirectoryHandle) {
    this.#directory = directory;
  }

  async put(file: ImageFile): Promise<ImageRef> {
    const key = crypto.randomUUID();
    try {
      const handle = await this.#directory.getFileHandle(key, { create: true });
      const writable = await handle.createWritable();
      await writable.write(file instanceof Blob ? file : await file.arrayBuffer());
      await writable.close();
    } catch (cause) {
      await this.#directory.removeEntry(key).catch(() => {});
      throw vmError("operationFailed", `'${file.name}' could not be stored in this browser`, {
        cause,
      });
    }
    return { key, name: file.name, sizeBytes: file.size };
  }

  async open({ key, name }: ImageRef): Promise<ImageSource> {
    try {
      const handle = await this.#directory.getFileHandle(key);
      return { kind: "blob", name, blob: await handle.getFile() };
    } catch (cause) {
      throw vmError("operationFailed", `the stored file '${name}' is gone: choose it again`, {
        cause,
      });
    }
  }

  async remove({ key }: ImageRef): Promise<void> {
    await this.#directory.removeEntry(key).catch(() => {});
  }
}
