/**
 * A file in a folder that the user picked. Browsers write such a file by making a new one and putting
 * it in the old one's place: what is written is gathered, and goes out at once when it is flushed.
 */
import { StorageError } from "../../storage/errors.ts";
import type { ImageFile } from "../../storage/ports.ts";
import { opfs } from "./opfs-tree.ts";

const BLOCK = 65_536;
/** More than this is not gathered. */
const MOST_BLOCKS = 1024;

export class PickedFile implements ImageFile {
  readonly #handle: FileSystemFileHandle;
  readonly #write: boolean;
  readonly #release: () => void;
  readonly #reader = new FileReaderSync();
  readonly #written = new Map<number, Uint8Array<ArrayBuffer>>();
  #blob: Blob;
  #size: number;
  /** Whatever the old file has behind this is cut off. */
  #keep: number;

  constructor(handle: FileSystemFileHandle, blob: Blob, write: boolean, release: () => void) {
    this.#handle = handle;
    this.#blob = blob;
    this.#size = blob.size;
    this.#keep = blob.size;
    this.#write = write;
    this.#release = release;
  }

  get sizeBytes(): number {
    return this.#size;
  }

  allocatedBytes(): number {
    return this.#size;
  }

  read(offset: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      const index = Math.floor((offset + done) / BLOCK);
      const skip = (offset + done) % BLOCK;
      const count = Math.min(BLOCK - skip, bytes.length - done);
      const block = this.#written.get(index);
      if (block) bytes.set(block.subarray(skip, skip + count), done);
      else this.#readOld(offset + done, bytes.subarray(done, done + count));
      done += count;
    }
  }

  async write(offset: number, bytes: Uint8Array): Promise<void> {
    if (!this.#write) throw new StorageError("EBADF");
    for (let done = 0; done < bytes.length;) {
      const index = Math.floor((offset + done) / BLOCK);
      const skip = (offset + done) % BLOCK;
      const count = Math.min(BLOCK - skip, bytes.length - done);
      this.#block(index).set(bytes.subarray(done, done + count), skip);
      done += count;
      this.#size = Math.max(this.#size, offset + done);
      if (this.#written.size >= MOST_BLOCKS) await this.flush();
    }
  }

  truncate(sizeBytes: number): void {
    if (!this.#write) throw new StorageError("EINVAL");
    if (sizeBytes < this.#size) {
      for (const index of this.#written.keys())
        if (index * BLOCK >= sizeBytes) this.#written.delete(index);
      this.#written.get(Math.floor(sizeBytes / BLOCK))?.fill(0, sizeBytes % BLOCK);
      this.#keep = Math.min(this.#keep, sizeBytes);
    }
    this.#size = sizeBytes;
  }

  async flush(): Promise<void> {
    const isChanged = this.#written.size > 0 || this.#size !== this.#blob.size;
    if (!this.#write || (!isChanged && this.#keep === this.#size)) return;
    await opfs("EISDIR", async () => {
      const target = await this.#handle.createWritable({ keepExistingData: true });
      try {
        if (this.#keep < this.#blob.size) await target.truncate(this.#keep);
        await target.truncate(this.#size);
        for (const [index, block] of this.#written) {
          const data = block.subarray(0, Math.min(BLOCK, this.#size - index * BLOCK));
          await target.write({ type: "write", position: index * BLOCK, data });
        }
        await target.close();
      } catch (error) {
        await target.abort().catch(() => {});
        throw error;
      }
      this.#blob = await this.#handle.getFile();
    });
    this.#written.clear();
    this.#keep = this.#size;
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      this.#release();
    }
  }

  /** A block with what the file has there. */
  #block(index: number): Uint8Array<ArrayBuffer> {
    let block = this.#written.get(index);
    if (block === undefined) {
      block = new Uint8Array(BLOCK);
      this.#readOld(index * BLOCK, block);
      this.#written.set(index, block);
    }
    return block;
  }

  #readOld(offset: number, bytes: Uint8Array): void {
    const end = Math.min(offset + bytes.length, this.#keep);
    bytes.fill(0);
    if (end <= offset) return;
    try {
      const part = this.#blob.slice(offset, end);
      bytes.set(new Uint8Array(this.#reader.readAsArrayBuffer(part)));
    } catch (error) {
      // Something else has changed the file.
      throw new StorageError("EIO", undefined, error);
    }
  }
}
