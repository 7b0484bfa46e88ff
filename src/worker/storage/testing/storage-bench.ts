/** Pools and volumes in memory for tests, under the driver that users call. */
import type { VolumeRequest } from "../../../protocol/storage-service.ts";
import { VmError } from "../../../protocol/vm-error.ts";
import type { PoolDefinition, PoolEvent } from "../../../virt/storage/pool.ts";
import type { PoolStore, StoragePorts } from "../../../virt/storage/ports.ts";
import { StoragePoolCreateFlags } from "../../../virt/driver/storage-flags.ts";
import { DEFAULT_POOL } from "../../../virt/storage/default-pool.ts";
import { openStorage } from "../../../virt/storage/storage-driver.ts";
import type { Storage } from "../../../virt/storage/storage.ts";
import { memoryStorage } from "../memory-storage.ts";
import type { Fetch } from "../storage-host.ts";

export const MIB = 2 ** 20;

/** Definitions in memory, as of a first start until one is saved. */
export class MemoryPools implements PoolStore {
  readonly stored = new Map<string, PoolDefinition>();
  first = true;
  async load(): Promise<readonly PoolDefinition[] | null> {
    return this.first ? null : [...this.stored.values()];
  }
  async save(definition: PoolDefinition): Promise<void> {
    this.first = false;
    this.stored.set(definition.uuid, definition);
  }
  async setAutostart(definition: PoolDefinition, autostart: boolean): Promise<void> {
    this.stored.set(definition.uuid, { ...definition, autostart });
  }
  async remove({ uuid }: PoolDefinition): Promise<void> {
    this.stored.delete(uuid);
  }
}

const noNetwork: Fetch = async () => {
  throw new Error("no network");
};

/** Storage without pools of its own that are active, and what it told. */
export async function bench(changes: Partial<StoragePorts> = {}, fetch: Fetch = noNetwork) {
  let now = 0;
  const { engine, host } = memoryStorage({
    capacityBytes: 1024 * MIB,
    fetch,
    web: null,
    nowMs: () => (now += 5),
    turn: () => new Promise((resolve) => setTimeout(resolve)),
    entropy: { fill: (target) => void target.fill(0x5a) },
  });
  let last = 0;
  const store = new MemoryPools();
  const ports: StoragePorts = {
    store,
    engine: async () => engine,
    usersOf: () => [],
    persist: async () => {},
    newUuid: () => `job ${++last}`,
    delay: () => new Promise((resolve) => setTimeout(resolve)),
    ...changes,
  };
  const storage = await openStorage(ports, [{ ...DEFAULT_POOL, autostart: false }]);
  const events: PoolEvent[] = [];
  storage.onEvent((event) => events.push(event));
  return { storage, engine, host, store, events };
}

export const pool = (name: string, targetPath = `/pools/${name}`): PoolDefinition => ({
  uuid: `uuid-of-${name}`,
  name,
  type: "dir",
  targetPath,
  source: {},
  autostart: false,
});

/** The pool of `active`. */
export const P = "uuid-of-p";

/** Storage with one pool that is active. */
export async function active(changes: Partial<StoragePorts> = {}) {
  const all = await bench(changes);
  await all.storage.definePool(pool("p"));
  await all.storage.startPool(P, StoragePoolCreateFlags.withBuild);
  return all;
}

/** The message of what fails, or `nothing`. */
export const says = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "nothing",
    (error: unknown) =>
      error instanceof VmError ? error.message : `not a VmError: ${String(error)}`,
  );

export const volumeOf = (storage: Storage, name: string, uuid = P) =>
  storage.poolByUuid(uuid).volumes.find((volume) => volume.name === name);

export const qcow2 = (name: string, more: Partial<VolumeRequest> = {}): VolumeRequest => ({
  name,
  capacityBytes: 20 * MIB,
  format: "qcow2",
  ...more,
});
