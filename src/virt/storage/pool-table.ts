/** The pools of one connection: the only mutable state of storage. */
import type { PoolContents, VolumeRecord } from "../../protocol/storage-service.ts";
import { ErrorDomain, vmError } from "../../protocol/vm-error.ts";
import type { PoolLifecycle, PoolState } from "./words.ts";
import {
  type PoolDefinition,
  type PoolEvent,
  type PoolJob,
  type StoragePool,
  type StorageVolume,
  inactivePool,
} from "./pool.ts";

const STORAGE = { domain: ErrorDomain.storage };

export class PoolTable {
  readonly #records = new Map<string, StoragePool>();
  readonly #listeners = new Set<() => void>();
  readonly #eventListeners = new Set<(event: PoolEvent) => void>();
  #sorted: readonly StoragePool[] = [];

  /** All pools by name; the same array until something changes. */
  list(): readonly StoragePool[] {
    return this.#sorted;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onEvent(listener: (event: PoolEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  find(uuid: string): StoragePool | undefined {
    return this.#records.get(uuid);
  }

  /** @throws VmError noStoragePool */
  get(uuid: string): StoragePool {
    const pool = this.#records.get(uuid);
    if (!pool)
      throw vmError("noStoragePool", `no storage pool with matching uuid '${uuid}'`, STORAGE);
    return pool;
  }

  /** @throws VmError noStorageVol */
  volume(uuid: string, name: string): StorageVolume {
    const found = this.get(uuid).volumes.find((each) => each.name === name);
    if (!found)
      throw vmError("noStorageVol", `no storage vol with matching name '${name}'`, STORAGE);
    return found;
  }

  add(definition: PoolDefinition, persistent: boolean): void {
    this.#put(inactivePool(definition, persistent));
  }

  change(uuid: string, changes: Partial<StoragePool>): void {
    const old = this.#records.get(uuid);
    if (old) this.#put({ ...old, ...changes });
  }

  remove(uuid: string): void {
    this.#records.delete(uuid);
    this.#changed();
  }

  setJob(uuid: string, job: PoolJob | undefined): void {
    const old = this.#records.get(uuid);
    if (!old) return;
    const { job: _job, ...rest } = old;
    this.#put(job === undefined ? rest : { ...rest, job });
  }

  /** What a scan found; volumes that something is being done to stay as they are. */
  scanned(uuid: string, contents: PoolContents): void {
    const old = this.#records.get(uuid);
    if (!old) return;
    const { message: _message, ...rest } = old;
    const busy = old.volumes.filter(({ job }) => job !== undefined);
    const names = new Set(busy.map(({ name }) => name));
    const volumes = [...busy, ...contents.volumes.filter(({ name }) => !names.has(name))];
    this.#put({ ...rest, ...contents, state: "running", volumes: sorted(volumes) });
  }

  /** It is active no more, or cannot be used. */
  stopped(uuid: string, state: PoolState, message?: string): void {
    const old = this.#records.get(uuid);
    if (!old) return;
    const empty = inactivePool(old.definition, old.persistent);
    const { job } = old;
    this.#put({
      ...empty,
      state,
      ...(job !== undefined && { job }),
      ...(message !== undefined && { message }),
    });
  }

  putVolume(uuid: string, volume: StorageVolume): void {
    const old = this.#records.get(uuid);
    if (!old) return;
    const others = old.volumes.filter(({ name }) => name !== volume.name);
    this.#put({ ...old, volumes: sorted([...others, volume]) });
  }

  removeVolume(uuid: string, name: string): void {
    const old = this.#records.get(uuid);
    if (old) this.#put({ ...old, volumes: old.volumes.filter((each) => each.name !== name) });
  }

  tell(uuid: string, event: PoolLifecycle | "refresh"): void {
    const name = this.#records.get(uuid)?.definition.name ?? "";
    for (const listener of this.#eventListeners) listener({ uuid, name, event });
  }

  #put(pool: StoragePool): void {
    this.#records.set(pool.definition.uuid, pool);
    this.#changed();
  }

  #changed(): void {
    this.#sorted = [...this.#records.values()].sort((a, b) =>
      a.definition.name < b.definition.name ? -1 : 1,
    );
    for (const listener of this.#listeners) listener();
  }
}

function sorted<T extends VolumeRecord>(volumes: readonly T[]): readonly T[] {
  return [...volumes].sort((a, b) => (a.name < b.name ? -1 : 1));
}
