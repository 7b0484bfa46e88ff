/** The host's files for a terminal. Failures are in the system's words. */
import { vmError } from "../../protocol/vm-error.ts";
import type { HostEntry } from "../../protocol/tools-service.ts";
import { errnoOf, strerror } from "../../storage/errors.ts";
import type { DirectoryHost, FileHost, ImageFile } from "../../storage/ports.ts";

/** Bytes that go over at a time. */
const PIECE_BYTES = 1 << 20;

interface OpenFile {
  readonly file: ImageFile;
  readonly path: string;
  readonly write: boolean;
  at: number;
}

export class HostFiles {
  readonly #files: FileHost;
  readonly #directories: DirectoryHost;
  readonly #open = new Map<number, OpenFile>();
  #last = 0;

  constructor(files: FileHost, directories: DirectoryHost) {
    this.#files = files;
    this.#directories = directories;
  }

  async stat(path: string): Promise<HostEntry | null> {
    const name = path.slice(path.lastIndexOf("/") + 1);
    try {
      return { name, ...(await this.#directories.stat(path)) };
    } catch (error) {
      if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") return null;
      throw failure(path, error);
    }
  }

  list(path: string): Promise<readonly HostEntry[]> {
    return named(path, () => this.#directories.list(path));
  }

  makeDirectory(path: string): Promise<void> {
    return named(path, () => this.#directories.mkdir(path));
  }

  remove(path: string): Promise<void> {
    return named(path, () => this.#directories.remove(path));
  }

  rename(from: string, to: string): Promise<void> {
    return named(from, () => this.#directories.rename(from, to));
  }

  open(path: string, mode: "read" | "write"): Promise<number> {
    return named(path, async () => {
      const write = mode === "write";
      const options = write ? { write, create: true } : { write, share: true };
      const file = await this.#files.open(path, options);
      this.#open.set(++this.#last, { file, path, write, at: 0 });
      return this.#last;
    });
  }

  async read(id: number): Promise<Uint8Array | null> {
    const open = this.#get(id);
    const bytes = await this.readAt(id, open.at, PIECE_BYTES);
    open.at += bytes.length;
    return bytes.length === 0 ? null : bytes;
  }

  readAt(id: number, offset: number, length: number): Promise<Uint8Array> {
    const { file, path } = this.#get(id);
    return named(path, async () => {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, file.sizeBytes - offset)));
      if (bytes.length > 0) await file.read(offset, bytes);
      return bytes;
    });
  }

  write(id: number, bytes: Uint8Array): Promise<void> {
    const open = this.#get(id);
    return named(open.path, async () => {
      await open.file.write(open.at, bytes);
      open.at += bytes.length;
    });
  }

  writeHole(id: number, lengthBytes: number): Promise<void> {
    const open = this.#get(id);
    return named(open.path, async () => {
      open.at += lengthBytes;
      await open.file.truncate(open.at);
    });
  }

  async close(id: number): Promise<void> {
    const open = this.#open.get(id);
    if (!open) return;
    this.#open.delete(id);
    await named(open.path, async () => {
      if (open.write) await open.file.flush();
      await open.file.close();
    });
  }

  #get(id: number): OpenFile {
    const open = this.#open.get(id);
    if (open) return open;
    throw vmError("internalError", `there is no open file ${id}`);
  }
}

async function named<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failure(path, error);
  }
}

function failure(path: string, error: unknown): Error {
  return vmError("systemError", `${path}: ${strerror(errnoOf(error))}`, { cause: error });
}
