/** Files that are open in a worker. Both kinds are synchronous. */
import { StorageError } from "../../storage/errors.ts";
import type { ImageFile } from "../../storage/ports.ts";
import { opfsError } from "./opfs-tree.ts";

/** Where shared memory is refused, bytes go over a buffer of this size. */
const BOUNCE_BYTES = 1 << 20;

let bounce: Uint8Array<ArrayBuffer> | undefined;

/** A file behind a sync access handle, which moves bytes straight to and from the guest's memory. */
export class OpfsFile implements ImageFile {
  readonly #handle: FileSystemSyncAccessHandle;
  readonly #release: () => void;
  #size: number;

  /** @param release called once the handle is closed */
  constructor(handle: FileSystemSyncAccessHandle, release: () => void) {
    this.#handle = handle;
    this.#release = release;
    this.#size = handle.getSize();
  }

  get sizeBytes(): number {
    return this.#size;
  }

  /** The file system is private: it does not tell what is sparse, and the quota counts lengths. */
  allocatedBytes(): number {
    return this.#size;
  }

  read(offset: number, bytes: Uint8Array): void {
    const step = (at: number, part: Uint8Array): number => this.#handle.read(part, { at });
    // Nothing is read past the end: something else has shortened the file.
    inSteps(offset, bytes, "EIO", (at, part) => viaBounce(part, at, step, "in"));
  }

  write(offset: number, bytes: Uint8Array): void {
    const step = (at: number, part: Uint8Array): number => this.#handle.write(part, { at });
    try {
      inSteps(offset, bytes, "ENOSPC", (at, part) => viaBounce(part, at, step, "out"));
    } finally {
      // A full quota may have let a part through.
      if (offset + bytes.length > this.#size) this.#size = this.#handle.getSize();
    }
  }

  truncate(sizeBytes: number): void {
    try {
      this.#handle.truncate(sizeBytes);
    } catch (error) {
      throw opfsError(error);
    }
    this.#size = sizeBytes;
  }

  flush(): void {
    try {
      this.#handle.flush();
    } catch (error) {
      throw opfsError(error);
    }
  }

  close(): void {
    this.#handle.close();
    this.#release();
  }
}

/** A file as it was when it was opened, for readers beside others where handles are exclusive. */
export class SnapshotFile implements ImageFile {
  readonly #blob: Blob;
  readonly #reader = new FileReaderSync();
  readonly #release: () => void;

  constructor(blob: Blob, release: () => void) {
    this.#blob = blob;
    this.#release = release;
  }

  get sizeBytes(): number {
    return this.#blob.size;
  }

  allocatedBytes(): number {
    return this.#blob.size;
  }

  read(offset: number, bytes: Uint8Array): void {
    try {
      const part = this.#blob.slice(offset, offset + bytes.length);
      bytes.set(new Uint8Array(this.#reader.readAsArrayBuffer(part)));
    } catch (error) {
      throw new StorageError("EIO", undefined, error);
    }
  }

  write(): void {
    throw new StorageError("EBADF");
  }

  truncate(): void {
    throw new StorageError("EINVAL");
  }

  flush(): void {}

  close(): void {
    this.#release();
  }
}

/** Repeats `step` until all of `bytes` is moved; one that moves nothing is the error `stuck`. */
function inSteps(
  offset: number,
  bytes: Uint8Array,
  stuck: "EIO" | "ENOSPC",
  step: (at: number, part: Uint8Array) => number,
): void {
  for (let done = 0; done < bytes.length;) {
    let count: number;
    try {
      count = step(offset + done, bytes.subarray(done));
    } catch (error) {
      throw opfsError(error);
    }
    if (count === 0) throw new StorageError(stuck);
    done += count;
  }
}

/**
 * Moves bytes directly, or over a buffer of our own where the engine refuses views of shared memory
 * with a TypeError (Web IDL §3.2.26 leaves it to the operation; the File System standard allows them).
 */
function viaBounce(
  part: Uint8Array,
  at: number,
  move: (at: number, part: Uint8Array) => number,
  direction: "in" | "out",
): number {
  const isShared = !(part.buffer instanceof ArrayBuffer);
  if (bounce === undefined || !isShared) {
    try {
      return move(at, part);
    } catch (error) {
      if (!isShared || !(error instanceof TypeError)) throw error;
      bounce = new Uint8Array(BOUNCE_BYTES);
    }
  }
  const copy = bounce.subarray(0, Math.min(part.length, BOUNCE_BYTES));
  if (direction === "out") copy.set(part.subarray(0, copy.length));
  const count = move(at, copy);
  if (direction === "in") part.set(copy.subarray(0, count));
  return count;
}
