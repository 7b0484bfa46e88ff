/** Pools that are directories: every file is a volume. */
import type {
  PoolContents,
  PoolSpec,
  VolumeRecord,
  VolumeRequest,
} from "../../protocol/storage-service.ts";
import { errnoOf } from "../../storage/errors.ts";
import type { DirectoryEntry } from "../../storage/ports.ts";
import { storageError, systemFailure } from "./failures.ts";
import type { Job } from "./jobs.ts";
import { allocate, makeImage } from "./make-image.ts";
import type { PoolBackend } from "./pool-backend.ts";
import { probeVolume } from "./probe-volume.ts";
import type { StorageHost } from "./storage-host.ts";

export class DirPool implements PoolBackend {
  readonly #host: StorageHost;

  constructor(host: StorageHost) {
    this.#host = host;
  }

  async build({ targetPath }: PoolSpec): Promise<void> {
    try {
      demandAbsolute(targetPath);
      await this.#host.directories.mkdir(targetPath, { recursive: true });
    } catch (error) {
      throw systemFailure(`cannot create path '${targetPath}'`, error);
    }
  }

  async start(pool: PoolSpec): Promise<void> {
    await this.#list(pool);
  }

  async scan(pool: PoolSpec): Promise<PoolContents> {
    const entries = await this.#list(pool);
    const found = await Promise.all(entries.map((entry) => this.#record(pool, entry)));
    const volumes = found.filter((volume) => volume !== null);
    const { capacityBytes, availableBytes } = await this.#host.space(pool.targetPath);
    const allocationBytes = Math.max(0, capacityBytes - availableBytes);
    return { capacityBytes, availableBytes, allocationBytes, volumes };
  }

  async deletePool({ targetPath }: PoolSpec): Promise<void> {
    try {
      await this.#host.directories.remove(targetPath);
    } catch (error) {
      throw systemFailure(`failed to remove pool '${targetPath}'`, error);
    }
  }

  async stat(pool: PoolSpec, name: string): Promise<VolumeRecord> {
    try {
      const entry = await this.#host.directories.stat(pathIn(pool, name));
      const found = await this.#record(pool, { name, ...entry });
      if (found) return found;
    } catch (error) {
      if (errnoOf(error) !== "ENOENT") throw systemFailure(`cannot stat volume '${name}'`, error);
    }
    throw storageError("noStorageVol", `no storage vol with matching name '${name}'`);
  }

  async create(pool: PoolSpec, request: VolumeRequest, job: Job): Promise<void> {
    const path = pathIn(pool, request.name);
    const { files, directories } = this.#host;
    if (await files.exists(path))
      throw storageError("operationInvalid", `volume target path '${path}' already exists`);
    try {
      if (request.format === "dir") await directories.mkdir(path);
      else await makeImage(this.#host, path, request, job);
    } catch (error) {
      if (await files.exists(path)) await files.remove(path);
      throw error;
    }
  }

  async remove(_pool: PoolSpec, { path, type }: VolumeRecord): Promise<void> {
    const isDirectory = type === "dir";
    try {
      if (isDirectory) await this.#host.directories.remove(path);
      else await this.#host.files.remove(path);
    } catch (error) {
      const what = isDirectory
        ? `failed to remove directory '${path}'`
        : `cannot unlink file '${path}'`;
      throw systemFailure(what, error);
    }
  }

  async resizeRaw(
    _pool: PoolSpec,
    { path, capacityBytes }: VolumeRecord,
    bytes: number,
    job: Job | null,
  ): Promise<void> {
    if (!Number.isSafeInteger(bytes))
      throw storageError("systemError", `Failed to truncate file '${path}': File too large`);
    try {
      const file = await this.#host.files.open(path, { write: true });
      try {
        await file.truncate(bytes);
        if (job !== null) await allocate(file, Math.min(capacityBytes, bytes), bytes, job);
        await file.flush();
      } finally {
        await file.close();
      }
    } catch (error) {
      throw systemFailure(`Failed to truncate file '${path}'`, error);
    }
  }

  async #list({ targetPath }: PoolSpec): Promise<readonly DirectoryEntry[]> {
    try {
      demandAbsolute(targetPath);
      return await this.#host.directories.list(targetPath);
    } catch (error) {
      throw systemFailure(`cannot open directory '${targetPath}'`, error);
    }
  }

  /** Null for what has gone meanwhile, or cannot be read. */
  async #record(pool: PoolSpec, entry: DirectoryEntry): Promise<VolumeRecord | null> {
    const { name, kind, modifiedMs } = entry;
    const path = pathIn(pool, name);
    const common = { name, key: path, path, modifiedMs };
    if (kind === "directory") {
      const sizes = { capacityBytes: 0, allocationBytes: 0, physicalBytes: 0 };
      return { ...common, ...sizes, type: "dir", format: "dir" };
    }
    try {
      return { ...common, type: "file", ...(await probeVolume(this.#host.files, path)) };
    } catch {
      return null;
    }
  }
}

function demandAbsolute(path: string): void {
  if (!path.startsWith("/")) throw Object.assign(new Error("not absolute"), { code: "ENOENT" });
}

function pathIn({ targetPath }: PoolSpec, name: string): string {
  return `${targetPath.replace(/\/+$/, "")}/${name}`;
}
