/** Directory pools: states, events, names, what each verb refuses. */
import { describe, expect, it } from "vitest";
import type { PoolStore, StoragePorts } from "../../virt/storage/ports.ts";
import { StoragePoolBuildFlags, StoragePoolCreateFlags } from "../../virt/driver/storage-flags.ts";
import { DEFAULT_POOL } from "../../virt/storage/default-pool.ts";
import { openStorage } from "../../virt/storage/storage-driver.ts";
import { MIB, MemoryPools, bench, pool, P, active, says, qcow2 } from "./testing/storage-bench.ts";

// What real libvirt 9.0 answers to the same calls (virsh on a session daemon).
describe("pools", () => {
  it("go through libvirt's states and events", async () => {
    const { storage, events } = await bench();
    await storage.definePool(pool("p"));
    expect(storage.poolByName("p").state).toBe("inactive");
    expect(await says(storage.startPool(P))).toBe(
      "cannot open directory '/pools/p': No such file or directory",
    );
    await storage.buildPool(P);
    await storage.startPool(P);
    expect(storage.poolByUuid(P)).toMatchObject({
      state: "running",
      capacityBytes: 1024 * MIB,
      allocationBytes: 0,
      availableBytes: 1024 * MIB,
    });
    await storage.refreshPool(P);
    await storage.destroyPool(P);
    await storage.deletePool(P);
    await storage.undefinePool(P);
    expect(events.map(({ event }) => event)).toEqual([
      "defined",
      "created",
      "started",
      "refresh",
      "stopped",
      "deleted",
      "undefined",
    ]);
  });

  it("refuse verbs that their state forbids", async () => {
    const { storage } = await active();
    const already = "Requested operation is not valid: storage pool 'p' is already active";
    expect(await says(storage.startPool(P))).toBe(already);
    expect(await says(storage.buildPool(P))).toBe(already);
    const still = "Requested operation is not valid: storage pool 'p' is still active";
    expect(await says(storage.deletePool(P))).toBe(still);
    expect(await says(storage.undefinePool(P))).toBe(still);
    await storage.destroyPool(P);
    const not = "Requested operation is not valid: storage pool 'p' is not active";
    expect(await says(storage.destroyPool(P))).toBe(not);
    expect(await says(storage.refreshPool(P))).toBe(not);
    expect(await says(storage.createVolume(P, qcow2("v")))).toBe(not);
  });

  it("have names and sources of their own", async () => {
    const { storage } = await active();
    expect(await says(storage.definePool({ ...pool("p"), uuid: "x" }))).toBe(
      "operation failed: pool 'p' already exists with uuid uuid-of-p",
    );
    expect(await says(storage.definePool(pool("q", "/pools/p/")))).toBe(
      "operation failed: Storage source conflict with pool: 'p'",
    );
    expect(await says(storage.definePool({ ...pool("p"), name: "z" }))).toBe(
      "operation failed: pool 'p' is already defined with uuid uuid-of-p",
    );
    expect(await says(storage.definePool(pool("l/4")))).toBe(
      "XML error: name l/4 cannot contain '/'",
    );
    expect(await says(storage.definePool(pool("t", "")))).toBe(
      "XML error: missing storage pool target path",
    );
    expect(await says(storage.createPool(pool("p")))).toBe(
      "Requested operation is not valid: pool is already active as 'p'",
    );
  });

  it("are looked up as libvirt says when they are not there", async () => {
    const { storage } = await active();
    expect(storage.poolByTargetPath("/pools/p/").definition.name).toBe("p");
    expect(() => storage.poolByName("n")).toThrow(
      "Storage pool not found: no storage pool with matching name 'n'",
    );
    expect(() => storage.volumeByPath("/x")).toThrow(
      "Storage volume not found: no storage vol with matching path '/x'",
    );
  });

  it("that are transient are forgotten when they stop, and cannot start by themselves", async () => {
    const { storage, store } = await bench();
    expect(await says(storage.createPool(pool("t")))).toBe(
      "cannot open directory '/pools/t': No such file or directory",
    );
    expect(storage.pools()).toHaveLength(1);
    await storage.createPool(pool("t"), StoragePoolCreateFlags.withBuild);
    expect(await says(storage.setPoolAutostart("uuid-of-t", true))).toBe(
      "internal error: pool has no config file",
    );
    await storage.destroyPool("uuid-of-t");
    expect(storage.pools()).toHaveLength(1);
    expect([...store.stored.keys()]).toEqual([DEFAULT_POOL.uuid]);
  });

  it("of one name are defined once, though two ask at the same time", async () => {
    const { storage, store } = await bench();
    const twin = { ...pool("p", "/other"), uuid: "uuid-of-twin" };
    const [first, second] = await Promise.all([
      says(storage.definePool(pool("p"))),
      says(storage.definePool(twin)),
    ]);
    expect(first).toBe("nothing");
    expect(second).toBe("operation failed: pool 'p' already exists with uuid uuid-of-p");
    expect([...store.stored.keys()]).toEqual([DEFAULT_POOL.uuid, P]);
  });

  it("are as they were where a definition cannot be stored", async () => {
    const { storage, store } = await bench();
    await storage.definePool(pool("p"));
    store.save = () => Promise.reject(new Error("disk full"));
    await expect(storage.definePool(pool("q"))).rejects.toThrow("disk full");
    await expect(storage.definePool(pool("p", "/moved"))).rejects.toThrow("disk full");
    expect(storage.pools().map(({ definition }) => definition.targetPath)).toEqual([
      DEFAULT_POOL.targetPath,
      "/pools/p",
    ]);
  });

  it("take build's flags as a directory can", async () => {
    const { storage } = await bench();
    await storage.definePool(pool("p"));
    const both = StoragePoolBuildFlags.overwrite | StoragePoolBuildFlags.noOverwrite;
    expect(await says(storage.buildPool(P, both))).toContain("are mutually exclusive");
    expect(await says(storage.buildPool(P, StoragePoolBuildFlags.overwrite))).toBe(
      "Requested operation is not valid: No source device specified when formatting pool 'p'",
    );
  });

  it("are deleted only when they are empty", async () => {
    const { storage } = await active();
    await storage.createVolume(P, qcow2("v"));
    await storage.destroyPool(P);
    expect(await says(storage.deletePool(P))).toBe(
      "failed to remove pool '/pools/p': Directory not empty",
    );
  });

  it("start by themselves when they are told to, the default one being built at the first time", async () => {
    const { store } = await bench();
    const first = await openStorage({ ...(await portsOf(store)) }, [DEFAULT_POOL]);
    await expect.poll(() => first.poolByName("default").state).toBe("inactive");
    await first.setPoolAutostart(DEFAULT_POOL.uuid, true);
    const ports = await portsOf(store);
    await (await ports.engine()).build(DEFAULT_POOL, {});
    const second = await openStorage(ports);
    await expect.poll(() => second.poolByName("default").state).toBe("running");
    const third = await openStorage(await portsOf(new MemoryPools()));
    await expect.poll(() => third.poolByName("default").state).toBe("running");
  });
});

async function portsOf(store: PoolStore): Promise<StoragePorts> {
  const { engine } = await bench();
  return {
    store,
    engine: async () => engine,
    usersOf: () => [],
    persist: async () => {},
    newUuid: () => "job",
    delay: async () => {},
  };
}
