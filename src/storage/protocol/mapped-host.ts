/**
 * A host whose files may have holes, over one whose files may not: a file that is made longer than what
 * is in it becomes a mapped one, with its map beside it under a hidden name.
 */
import { StorageError } from "../errors.ts";
import type { DirectoryHost, FileHost, ImageFile, OpenFileOptions } from "../ports.ts";
import { type Eventually, run, type Task, wait } from "../task.ts";
import { MappedFile } from "./mapped-file.ts";

/** Holes that are shorter than this take their space. */
const LEAST_HOLE = 2 ** 20;

const MAP_NAME = /^\..*\.tvmap$/;

export function mappedFiles(host: FileHost): FileHost {
  return {
    entropy: host.entropy,
    exists: (path) => host.exists(path),
    identity: (path) => host.identity(path),
    open: (path, options) => openFile(host, path, options),
    async remove(path) {
      await host.remove(path);
      await removeMap(host, path);
    },
  };
}

/** Hides maps, and takes them along. */
export function mappedDirectories(host: DirectoryHost): DirectoryHost {
  const mapThere = async (path: string): Promise<boolean> =>
    host.stat(mapPath(path)).then(
      () => true,
      () => false,
    );
  return {
    ...host,
    list: async (path) => (await host.list(path)).filter(({ name }) => !MAP_NAME.test(name)),
    stat: (path) => host.stat(path),
    mkdir: (path, options) => host.mkdir(path, options),
    async remove(path, options) {
      await host.remove(path, options);
      if (await mapThere(path)) await host.remove(mapPath(path));
    },
    async rename(from, to) {
      if (await mapThere(to)) await host.remove(mapPath(to));
      const isMapped = await mapThere(from);
      await host.rename(from, to);
      if (isMapped) await host.rename(mapPath(from), mapPath(to));
    },
  };
}

async function openFile(
  host: FileHost,
  path: string,
  options: OpenFileOptions,
): Promise<ImageFile> {
  if (MAP_NAME.test(nameOf(path))) throw new StorageError("EACCES");
  const data = await host.open(path, options);
  try {
    if (options.create) await removeMap(host, path);
    else if (await host.exists(mapPath(path))) {
      const mapped = await openMap(host, path, data, options.write);
      if (mapped !== null) return mapped;
    }
  } catch (error) {
    await data.close();
    throw error;
  }
  return options.write ? new GrowingFile(host, path, data) : data;
}

async function openMap(
  host: FileHost,
  path: string,
  data: ImageFile,
  write: boolean,
): Promise<MappedFile | null> {
  // Whoever has the data has the map: there is one lock for both.
  const map = await host.open(mapPath(path), { write, share: true });
  try {
    const mapped = await MappedFile.open(data, map);
    if (mapped === null) await map.close();
    return mapped;
  } catch (error) {
    await map.close();
    throw error;
  }
}

async function removeMap(host: FileHost, path: string): Promise<void> {
  if (await host.exists(mapPath(path))) await host.remove(mapPath(path));
}

/** A file as the host has it, until it gets a hole. */
class GrowingFile implements ImageFile {
  readonly #host: FileHost;
  readonly #path: string;
  #file: ImageFile;
  #isMapped = false;

  constructor(host: FileHost, path: string, file: ImageFile) {
    this.#host = host;
    this.#path = path;
    this.#file = file;
  }

  get sizeBytes(): number {
    return this.#file.sizeBytes;
  }

  allocatedBytes(): number {
    return this.#file.allocatedBytes();
  }

  read(offset: number, bytes: Uint8Array): Eventually<void> {
    return this.#file.read(offset, bytes);
  }

  write(offset: number, bytes: Uint8Array): Eventually<void> {
    if (!this.#makesHole(offset)) return this.#file.write(offset, bytes);
    return run(this.#afterHole(offset, () => this.#file.write(offset, bytes)));
  }

  truncate(sizeBytes: number): Eventually<void> {
    if (!this.#makesHole(sizeBytes)) return this.#file.truncate(sizeBytes);
    return run(this.#afterHole(sizeBytes, () => undefined));
  }

  discard(offset: number, length: number): Eventually<void> {
    return this.#file.discard?.(offset, length);
  }

  flush(): Eventually<void> {
    return this.#file.flush();
  }

  close(): Eventually<void> {
    return this.#file.close();
  }

  #makesHole(end: number): boolean {
    return !this.#isMapped && end - this.#file.sizeBytes >= LEAST_HOLE;
  }

  *#afterHole(sizeBytes: number, then: () => Eventually<void>): Task<void> {
    const name = mapPath(this.#path);
    const map = yield* wait(this.#host.open(name, { write: true, create: true, share: true }));
    this.#file = yield* wait(MappedFile.convert(this.#file, map, sizeBytes));
    this.#isMapped = true;
    yield* wait(then());
  }
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

function mapPath(path: string): string {
  const name = nameOf(path);
  return `${path.slice(0, path.length - name.length)}.${name}.tvmap`;
}
