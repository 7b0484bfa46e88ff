/** Pools of a connection: their verbs, over a storage worker and a store of definitions. */
import type { PoolBuildOptions, PoolSpec } from "../../protocol/storage-service.ts";
import { VmError, ErrorDomain, vmError } from "../../protocol/vm-error.ts";
import { DEFAULT_POOL } from "./default-pool.ts";
import {
  StoragePoolBuildFlags,
  StoragePoolCreateFlags,
  StoragePoolDeleteFlags,
} from "../driver/storage-flags.ts";
import {
  type PoolDefinition,
  type PoolEvent,
  type PoolJob,
  type StoragePool,
  type StorageVolume,
} from "./pool.ts";
import { checkBuildFlags, checkPool, checkUnique } from "./pool-checks.ts";
import { PoolTable } from "./pool-table.ts";
import { poolRefusal } from "./pool-verbs.ts";
import type { StoragePorts } from "./ports.ts";
import type { Storage } from "./storage.ts";
import { VolumeVerbs } from "./volume-verbs.ts";

const STORAGE = { domain: ErrorDomain.storage };

/**
 * Opens storage: definitions are read, the default pool is made at the very first time, and pools
 * that are to start by themselves do so in the background.
 *
 * @param firstPools defined at the very first time
 */
export async function openStorage(
  ports: StoragePorts,
  firstPools: readonly PoolDefinition[] = [DEFAULT_POOL],
): Promise<Storage> {
  const driver = new StorageDriver(ports);
  await driver.load(firstPools);
  return driver;
}

class StorageDriver extends VolumeVerbs implements Storage {
  readonly pickFolder?: () => Promise<string | null>;
  readonly #ports: StoragePorts;
  readonly #table: PoolTable;

  constructor(ports: StoragePorts) {
    const table = new PoolTable();
    super(ports, table);
    this.#ports = ports;
    this.#table = table;
    const { folders } = ports;
    if (folders) this.pickFolder = () => folders.pick();
  }

  async load(firstPools: readonly PoolDefinition[]): Promise<void> {
    const { store } = this.#ports;
    const stored = await store.load();
    for (const definition of stored ?? firstPools) this.#table.add(definition, true);
    if (!stored) for (const definition of firstPools) await store.save(definition);
    for (const { definition } of this.#table.list())
      if (definition.autostart) void this.#autostart(definition, stored === null);
  }

  pools(): readonly StoragePool[] {
    return this.#table.list();
  }

  subscribe(listener: () => void): () => void {
    return this.#table.subscribe(listener);
  }

  onEvent(listener: (event: PoolEvent) => void): () => void {
    return this.#table.onEvent(listener);
  }

  poolByUuid(uuid: string): StoragePool {
    return this.#table.get(uuid);
  }

  poolByName(name: string): StoragePool {
    return this.#find((pool) => pool.definition.name === name, `matching name '${name}'`);
  }

  poolByTargetPath(path: string): StoragePool {
    const trimmed = path.replace(/\/+$/, "");
    const wanted = (pool: StoragePool): boolean =>
      pool.definition.targetPath.replace(/\/+$/, "") === trimmed;
    return this.#find(wanted, `matching target path '${path}'`);
  }

  volumeByKey(key: string): { pool: StoragePool; volume: StorageVolume } {
    return this.#findVolume((volume) => volume.key === key, `key ${key}`);
  }

  volumeByPath(path: string): { pool: StoragePool; volume: StorageVolume } {
    return this.#findVolume((volume) => volume.path === path, `path '${path}'`);
  }

  async definePool(definition: PoolDefinition): Promise<void> {
    checkPool(definition);
    checkUnique(definition, this.#table.list(), false);
    const { uuid } = definition;
    const old = this.#table.find(uuid);
    // Its name is taken at once: others may define pools at the same time.
    if (old) this.#table.change(uuid, { definition, persistent: true });
    else this.#table.add(definition, true);
    try {
      await this.#ports.store.save(definition);
    } catch (error) {
      if (old) this.#table.change(uuid, old);
      else this.#table.remove(uuid);
      throw error;
    }
    this.#table.tell(uuid, "defined");
  }

  async createPool(definition: PoolDefinition, flags = 0): Promise<void> {
    checkPool(definition);
    checkUnique(definition, this.#table.list(), true);
    const { uuid } = definition;
    const old = this.#table.find(uuid);
    if (!old) this.#table.add({ ...definition, autostart: false }, false);
    try {
      await this.startPool(uuid, flags);
    } catch (error) {
      if (!old) this.#table.remove(uuid);
      throw error;
    }
  }

  async buildPool(uuid: string, flags = 0): Promise<void> {
    const pool = this.#demand("build", uuid);
    checkBuildFlags(pool.definition, flags);
    await this.#job(uuid, "build", () => this.#build(uuid, buildOptions(flags)));
  }

  async startPool(uuid: string, flags = 0): Promise<void> {
    const { definition } = this.#demand("start", uuid);
    const overwrite = (flags & StoragePoolCreateFlags.withBuildOverwrite) !== 0;
    const noOverwrite = (flags & StoragePoolCreateFlags.withBuildNoOverwrite) !== 0;
    const buildFlags =
      (overwrite ? StoragePoolBuildFlags.overwrite : 0) |
      (noOverwrite ? StoragePoolBuildFlags.noOverwrite : 0);
    const builds = (flags & StoragePoolCreateFlags.withBuild) !== 0 || buildFlags !== 0;
    if (builds) checkBuildFlags(definition, buildFlags);
    await this.#job(uuid, "start", async () => {
      // Without a click the browser refuses to ask; the start says what is missing then.
      await this.#ports.folders?.ask(definition.targetPath).catch(() => {});
      if (builds) await this.#build(uuid, buildOptions(buildFlags));
      await this.#start(definition);
    });
    this.#table.tell(uuid, "started");
  }

  async refreshPool(uuid: string): Promise<void> {
    this.#demand("refresh", uuid);
    await this.#job(uuid, "refresh", () => this.rescan(uuid));
    this.#table.tell(uuid, "refresh");
  }

  async destroyPool(uuid: string): Promise<void> {
    const { persistent } = this.#demand("destroy", uuid);
    this.#table.stopped(uuid, "inactive");
    this.#table.tell(uuid, "stopped");
    if (!persistent) this.#table.remove(uuid);
  }

  async deletePool(uuid: string, flags = 0): Promise<void> {
    const { definition } = this.#demand("delete", uuid);
    if ((flags & StoragePoolDeleteFlags.zeroed) !== 0 && definition.type !== "logical") {
      const what = "unsupported flags (0x1) in function virStoragePoolDelete";
      throw vmError("invalidArg", what, STORAGE);
    }
    const engine = await this.#ports.engine();
    await this.#job(uuid, "delete", () => engine.deletePool(spec(definition)));
    this.#table.tell(uuid, "deleted");
  }

  async undefinePool(uuid: string): Promise<void> {
    const { definition } = this.#demand("undefine", uuid);
    await this.#ports.store.remove(definition);
    this.#table.tell(uuid, "undefined");
    this.#table.remove(uuid);
  }

  async setPoolAutostart(uuid: string, autostart: boolean): Promise<void> {
    const pool = this.#table.get(uuid);
    if (!pool.persistent) throw vmError("internalError", "pool has no config file", STORAGE);
    if (pool.definition.autostart === autostart) return;
    const definition = { ...pool.definition, autostart };
    await this.#ports.store.setAutostart(definition, autostart);
    this.#table.change(uuid, { definition });
  }

  async #autostart(definition: PoolDefinition, build: boolean): Promise<void> {
    const { uuid } = definition;
    try {
      await this.startPool(uuid, build ? StoragePoolCreateFlags.withBuild : 0);
    } catch (error) {
      const message = error instanceof VmError ? error.message : String(error);
      this.#table.stopped(uuid, "inactive", message);
    }
  }

  async #start(definition: PoolDefinition): Promise<void> {
    const engine = await this.#ports.engine();
    const pool = spec(definition);
    await engine.start(pool);
    this.#table.scanned(definition.uuid, await engine.scan(pool));
  }

  async #build(uuid: string, options: PoolBuildOptions): Promise<void> {
    const { definition } = this.#table.get(uuid);
    this.#table.change(uuid, { state: "building" });
    try {
      await (await this.#ports.engine()).build(spec(definition), options);
      this.#table.tell(uuid, "created");
    } finally {
      this.#table.change(uuid, { state: "inactive" });
    }
  }

  /** @throws VmError when the pool's state forbids the verb */
  #demand(verb: Parameters<typeof poolRefusal>[0], uuid: string): StoragePool {
    const pool = this.#table.get(uuid);
    const error = poolRefusal(verb, pool);
    if (error) throw error;
    return pool;
  }

  async #job(uuid: string, job: PoolJob, work: () => Promise<void>): Promise<void> {
    this.#table.setJob(uuid, job);
    try {
      await work();
    } finally {
      this.#table.setJob(uuid, undefined);
    }
  }

  #find(wanted: (pool: StoragePool) => boolean, what: string): StoragePool {
    const pool = this.#table.list().find(wanted);
    if (!pool) throw vmError("noStoragePool", `no storage pool with ${what}`, STORAGE);
    return pool;
  }

  #findVolume(
    wanted: (volume: StorageVolume) => boolean,
    what: string,
  ): { pool: StoragePool; volume: StorageVolume } {
    for (const pool of this.#table.list()) {
      const volume = pool.volumes.find(wanted);
      if (volume) return { pool, volume };
    }
    throw vmError("noStorageVol", `no storage vol with matching ${what}`, STORAGE);
  }
}

function buildOptions(flags: number): PoolBuildOptions {
  return {
    overwrite: (flags & StoragePoolBuildFlags.overwrite) !== 0,
    noOverwrite: (flags & StoragePoolBuildFlags.noOverwrite) !== 0,
  };
}

/** What the worker needs to know of a pool. */
function spec({ uuid, name, type, targetPath, source }: PoolDefinition): PoolSpec {
  return { uuid, name, type, targetPath, source };
}
