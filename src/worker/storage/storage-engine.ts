/** The service of a storage worker: what pools of all types have in common. */
import type {
  FileFacts,
  JobProgress,
  PoolBuildOptions,
  PoolContents,
  PoolSpec,
  StorageService,
  StreamPiece,
  VolumeRecord,
  VolumeRequest,
  VolumeSource,
  WipeAlgorithm,
} from "../../protocol/storage-service.ts";
import { VolumeGroups, withLogicalVolumes } from "../../storage/lvm/lvm-files.ts";
import { copyImage } from "../../storage/graph/copy.ts";
import { ImageOpener, type OpenImage } from "../../storage/graph/opener.ts";
import { DirPool } from "./dir-pool.ts";
import { imageFailure, storageError, systemFailure } from "./failures.ts";
import { HttpPool } from "./http-pool.ts";
import { type Job, JobTable } from "./jobs.ts";
import { probeVolume } from "./probe-volume.ts";
import type { PoolBackend } from "./pool-backend.ts";
import type { StorageHost } from "./storage-host.ts";
import { LogicalPool } from "./logical-pool.ts";
import { StreamTable } from "./streams.ts";
import { wipeFile } from "./wipe.ts";

export class StorageEngine implements Omit<StorageService, "handshake"> {
  readonly #host: StorageHost;
  readonly #jobs: JobTable;
  readonly #streams: StreamTable;
  readonly #backends: Readonly<Record<PoolSpec["type"], PoolBackend>>;

  constructor(plain: StorageHost) {
    const groups = new VolumeGroups(plain.files, () => plain.nowMs());
    const host = { ...plain, files: withLogicalVolumes(plain.files, groups) };
    this.#host = host;
    this.#jobs = new JobTable(host);
    this.#streams = new StreamTable(host);
    this.#backends = {
      dir: new DirPool(host),
      http: new HttpPool(host),
      logical: new LogicalPool(plain, groups),
    };
  }

  async build(pool: PoolSpec, options: PoolBuildOptions): Promise<void> {
    await this.#of(pool).build(pool, options);
  }

  async start(pool: PoolSpec): Promise<void> {
    await this.#of(pool).start(pool);
  }

  scan(pool: PoolSpec): Promise<PoolContents> {
    return this.#of(pool).scan(pool);
  }

  async deletePool(pool: PoolSpec): Promise<void> {
    await this.#of(pool).deletePool(pool);
  }

  createVolume(pool: PoolSpec, request: VolumeRequest, job: string): Promise<VolumeRecord> {
    return this.#jobs.run(job, async (running) => {
      await this.#of(pool).create(pool, request, running);
      return this.statVolume(pool, request.name);
    });
  }

  copyVolume(
    pool: PoolSpec,
    request: VolumeRequest,
    from: VolumeSource,
    job: string,
  ): Promise<VolumeRecord> {
    return this.#jobs.run(job, async (running) => {
      const { files, web } = this.#host;
      // What is copied needs no second place in the cache.
      const opener = new ImageOpener(files, () => {}, web && { ...web, cache: null });
      const source = await this.#openSource(opener, from);
      try {
        await this.#copy(pool, request, { source, opener, job: running });
      } finally {
        await source.node.close();
      }
      return this.statVolume(pool, request.name);
    });
  }

  statVolume(pool: PoolSpec, name: string): Promise<VolumeRecord> {
    return this.#of(pool).stat(pool, name);
  }

  resizeVolume(
    pool: PoolSpec,
    name: string,
    capacityBytes: number,
    { allocate }: { readonly allocate: boolean },
    job: string,
  ): Promise<void> {
    return this.#jobs.run(job, async (running) => {
      const volume = await this.#usable(pool, name);
      if (volume.format === "raw") {
        await this.#of(pool).resizeRaw(pool, volume, capacityBytes, allocate ? running : null);
        return;
      }
      if (allocate) {
        const what = "preallocate is only supported for raw type volume";
        throw storageError("operationUnsupported", what);
      }
      await this.#resizeImage(volume, capacityBytes);
    });
  }

  wipeVolume(pool: PoolSpec, name: string, algorithm: WipeAlgorithm, job: string): Promise<void> {
    return this.#jobs.run(job, async (running) => {
      const { path } = await this.#usable(pool, name);
      await wipeFile(this.#host, path, algorithm, running);
    });
  }

  deleteVolume(
    pool: PoolSpec,
    name: string,
    { zeroed }: { readonly zeroed: boolean },
    job: string,
  ): Promise<void> {
    return this.#jobs.run(job, async (running) => {
      const volume = await this.statVolume(pool, name);
      if (zeroed && volume.type !== "dir") await wipeFile(this.#host, volume.path, "zero", running);
      await this.#of(pool).remove(pool, volume);
    });
  }

  async openDownload(
    pool: PoolSpec,
    name: string,
    offset: number,
    length: number,
  ): Promise<number> {
    const { path } = await this.#usable(pool, name);
    return this.#streams.open(path, offset, length, false);
  }

  async openUpload(pool: PoolSpec, name: string, offset: number, length: number): Promise<number> {
    const { path } = await this.#usable(pool, name);
    return this.#streams.open(path, offset, length, true);
  }

  receive(stream: number, sparse: boolean): Promise<StreamPiece | null> {
    return this.#streams.receive(stream, sparse);
  }

  async send(stream: number, piece: StreamPiece): Promise<void> {
    await this.#streams.send(stream, piece);
  }

  async finish(stream: number): Promise<void> {
    await this.#streams.close(stream, true);
  }

  async abortStream(stream: number): Promise<void> {
    await this.#streams.close(stream, false);
  }

  statFile(path: string): Promise<FileFacts> {
    return this.#onFile(path, () => probeVolume(this.#host.files, path));
  }

  readFile(path: string): Promise<Uint8Array> {
    return this.#onFile(path, async () => {
      const file = await this.#host.files.open(path, { write: false, share: true });
      try {
        const bytes = new Uint8Array(file.sizeBytes);
        await file.read(0, bytes);
        return bytes;
      } finally {
        await file.close();
      }
    });
  }

  async isFile(path: string): Promise<boolean> {
    return this.#host.files.exists(path);
  }

  async removeFile(path: string): Promise<void> {
    if (!(await this.isFile(path))) return;
    await this.#onFile(path, async () => this.#host.files.remove(path));
  }

  async progress(job: string): Promise<JobProgress | null> {
    return this.#jobs.progress(job);
  }

  async abort(job: string): Promise<void> {
    this.#jobs.abort(job);
  }

  /** @throws VmError systemError in libvirt's words */
  async #onFile<T>(path: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw systemFailure(`Cannot access storage file '${path}'`, error);
    }
  }

  #of({ type }: PoolSpec): PoolBackend {
    return this.#backends[type];
  }

  /** @throws VmError for directories, which have no bytes */
  async #usable(pool: PoolSpec, name: string): Promise<VolumeRecord> {
    const volume = await this.statVolume(pool, name);
    if (volume.type !== "dir") return volume;
    throw storageError("noSupport", `volume '${name}' is a directory`);
  }

  async #openSource(opener: ImageOpener, from: VolumeSource): Promise<OpenImage> {
    try {
      if (from.kind === "url") {
        const { url, format } = from;
        return await opener.open({ filename: url, driver: format, write: false });
      }
      const { path, format } = await this.#usable(from.pool, from.name);
      return await opener.open({ filename: path, driver: format, write: false });
    } catch (error) {
      throw imageFailure("cannot read the source", error);
    }
  }

  /** What was made is removed when the copy ends early. */
  async #copy(
    pool: PoolSpec,
    request: VolumeRequest,
    { source, opener, job }: { source: OpenImage; opener: ImageOpener; job: Job },
  ): Promise<void> {
    const backend = this.#of(pool);
    const { sizeBytes } = source.node;
    const capacityBytes = Math.max(request.capacityBytes, sizeBytes);
    job.expect(sizeBytes);
    await backend.create(pool, { allocationBytes: 0, ...request, capacityBytes }, job);
    const volume = await this.statVolume(pool, request.name);
    const driver = request.format ?? "raw";
    try {
      const target = await opener.open({ filename: volume.path, driver, write: true });
      try {
        const before = job.done;
        const step = (done: number): Promise<void> => job.step(before + done);
        await copyImage(source, target.node, { ownOnly: request.backing !== undefined, step });
      } finally {
        await target.node.close();
      }
    } catch (error) {
      await backend.remove(pool, volume).catch(() => {});
      throw imageFailure(`cannot copy to '${volume.path}'`, error);
    }
  }

  async #resizeImage({ path, format }: VolumeRecord, bytes: number): Promise<void> {
    try {
      const opener = new ImageOpener(this.#host.files, () => {}, this.#host.web);
      const image = await opener.open({
        filename: path,
        driver: format,
        write: true,
        noBacking: true,
      });
      try {
        await image.node.truncate(bytes);
        await image.node.flush();
      } finally {
        await image.node.close();
      }
    } catch (error) {
      throw imageFailure(`cannot resize '${path}'`, error);
    }
  }
}
