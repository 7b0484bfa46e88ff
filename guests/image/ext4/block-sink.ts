import { open } from "node:fs/promises";

/** Where an image goes. What is not written reads as zeros. */
export interface BlockSink {
  /** @param at offset in bytes */
  write(at: number, bytes: Uint8Array): Promise<void>;
}

/** A new sparse file of `sizeBytes`. */
export class SparseFile implements BlockSink {
  readonly #file: Awaited<ReturnType<typeof open>>;

  private constructor(file: Awaited<ReturnType<typeof open>>) {
    this.#file = file;
  }

  static async create(path: string, sizeBytes: number): Promise<SparseFile> {
    const file = await open(path, "w");
    await file.truncate(sizeBytes);
    return new SparseFile(file);
  }

  async write(at: number, bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const rest = bytes.length - done;
      const { bytesWritten } = await this.#file.write(bytes, done, rest, at + done);
      done += bytesWritten;
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
