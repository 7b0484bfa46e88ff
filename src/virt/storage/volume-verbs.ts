/** Verbs on volumes. One at a time for each volume; the pool is looked at again after each. */
import type {
  JobProgress,
  PoolSpec,
  VolumeRecord,
  VolumeRequest,
  VolumeSource,
} from "../../protocol/storage-service.ts";
import { ErrorDomain, VmError, vmError } from "../../protocol/vm-error.ts";
import {
  StorageVolCreateFlags,
  StorageVolDeleteFlags,
  StorageVolResizeFlags,
  StorageVolDownloadFlags,
} from "../driver/storage-flags.ts";
import type { StoragePool, StorageVolume, VolumeJob, VolumeProgress } from "./pool.ts";
import type { PoolTable } from "./pool-table.ts";
import { poolRefusal } from "./pool-verbs.ts";
import type { StoragePorts } from "./ports.ts";
import type { CloneSource, StreamOptions, VolumeDownload, VolumeUpload } from "./storage.ts";
import {
  checkNewName,
  checkRequest,
  checkSupported,
  checkWipe,
  resizedCapacity,
  withDefaults,
} from "./volume-checks.ts";

const STORAGE = { domain: ErrorDomain.storage };
/** How often the progress of a job is asked for. */
const PROGRESS_MS = 200;
/** How often the progress of a stream is told at most. */
const STREAM_STEPS = 100;

type Engine = Awaited<ReturnType<StoragePorts["engine"]>>;

export class VolumeVerbs {
  readonly #ports: StoragePorts;
  readonly #table: PoolTable;
  /** Streams that are open, and jobs that run, by pool and volume: what `abortVolumeJob` ends. */
  readonly #running = new Map<string, () => Promise<void>>();
  readonly #progressListeners = new Set<(progress: VolumeProgress) => void>();

  constructor(ports: StoragePorts, table: PoolTable) {
    this.#ports = ports;
    this.#table = table;
  }

  async createVolume(uuid: string, asked: VolumeRequest, flags = 0): Promise<StorageVolume> {
    const pool = this.#active(uuid);
    const request = this.#judged(pool, "create", asked, flags);
    return this.#make(uuid, "create", request, (engine, spec, job) =>
      engine.createVolume(spec, request, job),
    );
  }

  async cloneVolume(
    uuid: string,
    asked: VolumeRequest,
    from: CloneSource,
    flags = 0,
  ): Promise<StorageVolume> {
    const pool = this.#active(uuid);
    const request = this.#judged(pool, "clone", asked, flags);
    const source = this.#source(from);
    const copy = (): Promise<StorageVolume> =>
      this.#make(uuid, "clone", request, (engine, spec, job) =>
        engine.copyVolume(spec, request, source, job),
      );
    if ("url" in from) return copy();
    const origin = this.#idle(from.pool, from.name);
    // Nobody may write to it, or delete it, while it is read.
    this.#table.putVolume(from.pool, { ...origin, job: "clone" });
    try {
      return await copy();
    } finally {
      this.#clear(from.pool, from.name);
    }
  }

  async deleteVolume(uuid: string, name: string, flags = 0): Promise<void> {
    const pool = this.#active(uuid);
    checkSupported("delete", pool);
    this.#idle(uuid, name);
    const zeroed = (flags & StorageVolDeleteFlags.zeroed) !== 0;
    await this.#job(uuid, name, "delete", (engine, spec, job) =>
      engine.deleteVolume(spec, name, { zeroed }, job),
    );
  }

  async resizeVolume(uuid: string, name: string, bytes: number, flags = 0): Promise<void> {
    const pool = this.#active(uuid);
    checkSupported("resize", pool);
    const volume = this.#idle(uuid, name);
    const capacity = resizedCapacity(pool, volume, bytes, flags);
    const allocate = (flags & StorageVolResizeFlags.allocate) !== 0;
    await this.#job(uuid, name, "resize", (engine, spec, job) =>
      engine.resizeVolume(spec, name, capacity, { allocate }, job),
    );
  }

  async wipeVolume(uuid: string, name: string, algorithm = "zero"): Promise<void> {
    const pool = this.#active(uuid);
    checkSupported("wipe", pool);
    this.#idle(uuid, name);
    const known = checkWipe(algorithm);
    await this.#job(uuid, name, "wipe", (engine, spec, job) =>
      engine.wipeVolume(spec, name, known, job),
    );
  }

  async uploadVolume(
    uuid: string,
    name: string,
    { offset = 0, length = 0 }: StreamOptions = {},
  ): Promise<VolumeUpload> {
    const pool = this.#active(uuid);
    checkSupported("upload", pool);
    const volume = this.#idle(uuid, name);
    const engine = await this.#ports.engine();
    const stream = await engine.openUpload(specOf(pool), name, offset, length);
    const total = length === 0 ? Math.max(0, volume.physicalBytes - offset) : length;
    const counted = this.#stream(uuid, volume, "upload", total, () => engine.abortStream(stream));
    return {
      send: (piece) =>
        counted.step(async () => {
          await engine.send(stream, piece);
          return "holeBytes" in piece ? piece.holeBytes : piece.length;
        }),
      finish: () => counted.end(() => engine.finish(stream)),
      abort: () => counted.end(() => engine.abortStream(stream)),
    };
  }

  async downloadVolume(
    uuid: string,
    name: string,
    { offset = 0, length = 0, flags = 0 }: StreamOptions = {},
  ): Promise<VolumeDownload> {
    const pool = this.#active(uuid);
    const volume = this.#idle(uuid, name);
    const engine = await this.#ports.engine();
    const stream = await engine.openDownload(specOf(pool), name, offset, length);
    const rest = Math.max(0, volume.physicalBytes - offset);
    const sizeBytes = length === 0 ? rest : Math.min(length, rest);
    const close = (): Promise<void> => engine.abortStream(stream);
    const counted = this.#stream(uuid, volume, "download", sizeBytes, close);
    const sparse = (flags & StorageVolDownloadFlags.stream) !== 0;
    return {
      sizeBytes,
      receive: async () => {
        let piece: Awaited<ReturnType<VolumeDownload["receive"]>> = null;
        await counted.step(async () => {
          piece = await engine.receive(stream, sparse);
          if (piece === null) return 0;
          return "holeBytes" in piece ? piece.holeBytes : piece.length;
        });
        return piece;
      },
      finish: () => counted.end(close),
      abort: () => counted.end(close),
    };
  }

  async measureVolume(uuid: string, name: string): Promise<StorageVolume> {
    const volume = this.#table.volume(uuid, name);
    if (volume.job !== "create" && volume.job !== "clone") return volume;
    const engine = await this.#ports.engine();
    // Before its file is there, it takes nothing.
    const seen = await engine.statVolume(specOf(this.#table.get(uuid)), name).catch(() => volume);
    const { allocationBytes, physicalBytes } = seen;
    return { ...volume, allocationBytes, physicalBytes };
  }

  onProgress(listener: (progress: VolumeProgress) => void): () => void {
    this.#progressListeners.add(listener);
    return () => this.#progressListeners.delete(listener);
  }

  async abortVolumeJob(uuid: string, name: string): Promise<void> {
    this.#table.volume(uuid, name);
    await this.#running.get(keyOf(uuid, name))?.();
  }

  /** Looks at what is in a pool now. */
  protected async rescan(uuid: string): Promise<void> {
    const { definition } = this.#table.get(uuid);
    try {
      const contents = await (await this.#ports.engine()).scan(specOf({ definition }));
      this.#table.scanned(uuid, contents);
    } catch (error) {
      // libvirt stops a pool that it cannot look at.
      this.#table.stopped(uuid, "inactive", error instanceof VmError ? error.message : undefined);
      throw error;
    }
  }

  #active(uuid: string): StoragePool {
    const pool = this.#table.get(uuid);
    const error = poolRefusal("volumes", pool);
    if (error) throw error;
    return pool;
  }

  #judged(
    pool: StoragePool,
    verb: "create" | "clone",
    asked: VolumeRequest,
    flags: number,
  ): VolumeRequest {
    checkSupported(verb, pool);
    checkNewName(pool, asked.name);
    const preallocates = (flags & StorageVolCreateFlags.preallocMetadata) !== 0;
    const request = withDefaults({ ...asked, ...(preallocates && { preallocateMetadata: true }) });
    checkRequest(request);
    return request;
  }

  #source(from: CloneSource): VolumeSource {
    if ("url" in from) return { kind: "url", ...from };
    return { kind: "volume", pool: specOf(this.#active(from.pool)), name: from.name };
  }

  /** @throws VmError when something is being done to a volume, or a domain uses it */
  #idle(uuid: string, name: string): StorageVolume {
    const volume = this.#table.volume(uuid, name);
    const what = volume.job === "create" ? "being allocated" : "in use";
    if (volume.job !== undefined || this.#isUsed(volume.path, new Set()))
      throw vmError("operationInvalid", `volume '${name}' is still ${what}.`, STORAGE);
    return volume;
  }

  /** Whether an active domain uses a file, or an image that stands on it. */
  #isUsed(path: string, seen: Set<string>): boolean {
    if (seen.has(path)) return false;
    seen.add(path);
    if (this.#ports.usersOf(path).length > 0) return true;
    return this.#table
      .list()
      .flatMap(({ volumes }) => volumes)
      .some(({ backing, path: above }) => backing?.path === path && this.#isUsed(above, seen));
  }

  async #make(
    uuid: string,
    job: "create" | "clone",
    request: VolumeRequest,
    work: (engine: Engine, spec: PoolSpec, job: string) => Promise<VolumeRecord>,
  ): Promise<StorageVolume> {
    const { name } = request;
    const { definition } = this.#table.get(uuid);
    this.#table.putVolume(uuid, pending(definition.targetPath, request, job));
    await this.#job(uuid, name, job, work);
    return this.#table.volume(uuid, name);
  }

  /** Runs a job in the worker, tells how far it is, and looks at the pool again when it is over. */
  async #job(
    uuid: string,
    name: string,
    verb: VolumeJob,
    work: (engine: Engine, spec: PoolSpec, job: string) => Promise<unknown>,
  ): Promise<void> {
    const volume = this.#table.volume(uuid, name);
    this.#table.putVolume(uuid, { ...volume, job: verb });
    const pool = this.#table.get(uuid);
    const job = this.#ports.newUuid();
    let over = false;
    let aborted = false;
    this.#running.set(keyOf(uuid, name), async () => {
      aborted = true;
      await (await this.#ports.engine()).abort(job);
    });
    try {
      if (verb === "create" || verb === "clone") await this.#ports.persist();
      const engine = await this.#ports.engine();
      // The worker knows a job from its start on.
      if (aborted) throw vmError("operationAborted", "the job was given up", STORAGE);
      void this.#follow(uuid, name, () => (over ? null : engine.progress(job)));
      await work(engine, specOf(pool), job);
    } finally {
      over = true;
      this.#running.delete(keyOf(uuid, name));
      this.#table.removeVolume(uuid, name);
      await this.#after(uuid);
    }
  }

  async #follow(
    uuid: string,
    name: string,
    ask: () => Promise<JobProgress | null> | null,
  ): Promise<void> {
    for (;;) {
      await this.#ports.delay(PROGRESS_MS);
      const progress = await ask()?.catch(() => null);
      if (!progress) return;
      this.#progressed(uuid, name, progress);
    }
  }

  #progressed(uuid: string, name: string, { done, total }: JobProgress): void {
    const pool = this.#table.find(uuid)?.definition.name;
    if (pool === undefined || total === 0) return;
    const progress = { pool, name, doneBytes: done, totalBytes: total };
    for (const listener of this.#progressListeners) listener(progress);
  }

  /** The record while a stream is open. */
  #stream(
    uuid: string,
    volume: StorageVolume,
    job: VolumeJob,
    total: number,
    close: () => Promise<void>,
  ): {
    step(move: () => Promise<number>): Promise<void>;
    end(work: () => Promise<void>): Promise<void>;
  } {
    const { name } = volume;
    this.#table.putVolume(uuid, { ...volume, job });
    let done = 0;
    let told = 0;
    let state: "open" | "aborted" | "ended" = "open";
    const leave = async (work: () => Promise<void>): Promise<void> => {
      this.#running.delete(keyOf(uuid, name));
      try {
        await work();
      } finally {
        this.#table.removeVolume(uuid, name);
        await this.#after(uuid);
      }
    };
    this.#running.set(keyOf(uuid, name), async () => {
      if (state !== "open") return;
      state = "aborted";
      await leave(close);
    });
    return {
      step: async (move) => {
        if (state === "aborted") throw vmError("operationAborted", `${job} of '${name}'`, STORAGE);
        done += await move();
        if (done - told < total / STREAM_STEPS) return;
        told = done;
        this.#progressed(uuid, name, { done: Math.min(done, total), total });
      },
      end: async (work) => {
        if (state !== "open") return;
        state = "ended";
        await leave(work);
      },
    };
  }

  #clear(uuid: string, name: string): void {
    const volume = this.#table.find(uuid)?.volumes.find((each) => each.name === name);
    if (volume?.job === undefined) return;
    const { job: _job, ...rest } = volume;
    this.#table.putVolume(uuid, rest);
  }

  async #after(uuid: string): Promise<void> {
    const pool = this.#table.find(uuid);
    if (pool && poolRefusal("volumes", pool) === null) await this.rescan(uuid);
  }
}

const keyOf = (uuid: string, name: string): string => `${uuid}/${name}`;

function specOf({ definition }: Pick<StoragePool, "definition">): PoolSpec {
  const { uuid, name, type, targetPath, source } = definition;
  return { uuid, name, type, targetPath, source };
}

/** What is shown of a volume that is being made. */
function pending(targetPath: string, request: VolumeRequest, job: VolumeJob): StorageVolume {
  const path = `${targetPath}/${request.name}`;
  return {
    name: request.name,
    key: path,
    path,
    type: "file",
    capacityBytes: request.capacityBytes,
    allocationBytes: 0,
    physicalBytes: 0,
    format: request.format ?? "raw",
    modifiedMs: 0,
    job,
  };
}
