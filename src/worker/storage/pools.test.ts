import { describe, expect, it } from "vitest";
import type { VolumeRequest } from "../../protocol/storage-service.ts";
import { VmError } from "../../protocol/vm-error.ts";
import type { PoolDefinition, PoolEvent } from "../../virt/storage/pool.ts";
import type { PoolStore, StoragePorts } from "../../virt/storage/ports.ts";
import {
  StoragePoolBuildFlags,
  StoragePoolCreateFlags,
  StorageVolCreateFlags,
  StorageVolDeleteFlags,
  StorageVolResizeFlags,
  StorageVolDownloadFlags,
} from "../../virt/driver/storage-flags.ts";
import { DEFAULT_POOL } from "../../virt/storage/default-pool.ts";
import { openStorage } from "../../virt/storage/storage-driver.ts";
import type { Storage } from "../../virt/storage/storage.ts";
import { memoryStorage } from "./memory-storage.ts";
import type { Fetch } from "./storage-host.ts";

const MIB = 2 ** 20;

class MemoryPools implements PoolStore {
  readonly stored = new Map<string, PoolDefinition>();
  first = true;
  readonly touched: string[] = [];
  async load(): Promise<readonly PoolDefinition[] | null> {
    return this.first ? null : [...this.stored.values()];
  }
  async save(definition: PoolDefinition): Promise<void> {
    this.first = false;
    this.stored.set(definition.uuid, definition);
  }
  async remove(uuid: string): Promise<void> {
    this.stored.delete(uuid);
  }
  touch(uuid: string): void {
    this.touched.push(uuid);
  }
  watch(): void {}
}

const noNetwork: Fetch = async () => {
  throw new Error("no network");
};

async function bench(changes: Partial<StoragePorts> = {}, fetch: Fetch = noNetwork) {
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

const pool = (name: string, targetPath = `/pools/${name}`): PoolDefinition => ({
  uuid: `uuid-of-${name}`,
  name,
  type: "dir",
  targetPath,
  source: {},
  autostart: false,
});

const P = "uuid-of-p";

/** Storage with one pool that is active. */
async function active(changes: Partial<StoragePorts> = {}) {
  const all = await bench(changes);
  await all.storage.definePool(pool("p"));
  await all.storage.startPool(P, StoragePoolCreateFlags.withBuild);
  return all;
}

const says = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "nothing",
    (error: unknown) =>
      error instanceof VmError ? error.message : `not a VmError: ${String(error)}`,
  );

const volumeOf = (storage: Storage, name: string, uuid = P) =>
  storage.poolByUuid(uuid).volumes.find((volume) => volume.name === name);

const qcow2 = (name: string, more: Partial<VolumeRequest> = {}): VolumeRequest => ({
  name,
  capacityBytes: 20 * MIB,
  format: "qcow2",
  ...more,
});

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

describe("volumes", () => {
  it("are raw and full when nothing else is said, and as sparse as they are told to be", async () => {
    const { storage } = await active();
    await storage.createVolume(P, { name: "full", capacityBytes: 2 * MIB });
    await storage.createVolume(P, { name: "sparse", capacityBytes: 2 * MIB, allocationBytes: 0 });
    await storage.createVolume(P, { name: "more", capacityBytes: MIB, allocationBytes: 2 * MIB });
    await storage.createVolume(P, { name: "half", capacityBytes: MIB, allocationBytes: MIB / 2 });
    const sizes = storage
      .poolByUuid(P)
      .volumes.map(({ name, capacityBytes, allocationBytes }) => [
        name,
        capacityBytes / MIB,
        allocationBytes / MIB,
      ]);
    expect(sizes).toEqual([
      ["full", 2, 2],
      ["half", 1, 0.5],
      ["more", 2, 2],
      ["sparse", 2, 0],
    ]);
    expect(storage.poolByUuid(P).allocationBytes).toBe(4.5 * MIB);
  });

  it("have a name, a key and a path, and are found by each", async () => {
    const { storage } = await active();
    const volume = await storage.createVolume(P, qcow2("v.qcow2"));
    expect(volume).toMatchObject({
      name: "v.qcow2",
      key: "/pools/p/v.qcow2",
      path: "/pools/p/v.qcow2",
      type: "file",
      format: "qcow2",
      compat: "0.10",
      capacityBytes: 20 * MIB,
    });
    expect(storage.volumeByKey(volume.key).volume).toBe(storage.volumeByPath(volume.path).volume);
  });

  it("are refused names that leave the pool or are taken", async () => {
    const { storage } = await active();
    await storage.createVolume(P, qcow2("v"));
    expect(await says(storage.createVolume(P, qcow2("v")))).toBe(
      "storage volume 'v' exists already",
    );
    expect(await says(storage.createVolume(P, qcow2("a/b")))).toBe(
      "Requested operation is not valid: volume name 'a/b' cannot contain '/'",
    );
    expect(await says(storage.createVolume(P, qcow2("..")))).toBe(
      "Requested operation is not valid: volume target path '/pools/p/..' already exists",
    );
    expect(await says(storage.createVolume(P, qcow2("")))).toBe(
      "XML error: missing volume name element",
    );
    expect(storage.poolByUuid(P).volumes).toHaveLength(1);
  });

  it("are refused sizes that no file has, and nothing is left of them", async () => {
    const { storage, host } = await active();
    const huge = 2 ** 63 - 1;
    expect(await says(storage.createVolume(P, { name: "big", capacityBytes: huge }))).toBe(
      "cannot extend file '/pools/p/big': File too large",
    );
    expect(await says(storage.createVolume(P, qcow2("big", { capacityBytes: huge })))).toContain(
      "too large",
    );
    expect(host.exists("/pools/p/big")).toBe(false);
    expect(storage.poolByUuid(P).volumes).toEqual([]);
  });

  it("take qcow2's features", async () => {
    const { storage } = await active();
    const features = { compat: "1.1", clusterSizeBytes: 2 ** 17, lazyRefcounts: true } as const;
    expect(await storage.createVolume(P, qcow2("v", features))).toMatchObject(features);
    await storage.createVolume(P, qcow2("base"));
    const backing = { path: "/pools/p/base", format: "qcow2" };
    expect(
      await storage.createVolume(P, qcow2("top", { capacityBytes: 0, backing })),
    ).toMatchObject({
      capacityBytes: 20 * MIB,
      backing,
    });
    const flag = StorageVolCreateFlags.preallocMetadata;
    const raw = { name: "r", capacityBytes: MIB };
    expect(await says(storage.createVolume(P, raw, flag))).toBe(
      "unsupported configuration: metadata preallocation is not supported for raw volumes",
    );
    expect((await storage.createVolume(P, qcow2("pm"), flag)).physicalBytes).toBeGreaterThan(
      20 * MIB,
    );
    expect(await says(storage.createVolume(P, qcow2("d", { format: "bogus" })))).toBe(
      "unsupported configuration: unknown volume format type bogus",
    );
    expect(await says(storage.createVolume(P, { ...raw, backing }))).toBe(
      "this function is not supported by the connection driver: backing storage not supported for raw volumes",
    );
    const gone = { path: "/pools/p/gone", format: "raw" };
    expect(await says(storage.createVolume(P, qcow2("d", { backing: gone })))).toBe(
      "inaccessible backing store volume /pools/p/gone",
    );
  });

  it("are resized by libvirt's rules", async () => {
    const { storage } = await active();
    await storage.createVolume(P, { name: "r", capacityBytes: 4 * MIB, allocationBytes: 0 });
    await storage.createVolume(P, { name: "f", capacityBytes: 4 * MIB });
    await storage.createVolume(P, qcow2("q"));
    const sizeOf = (name: string) => (volumeOf(storage, name)?.capacityBytes ?? 0) / MIB;
    await storage.resizeVolume(P, "r", 8 * MIB);
    await storage.resizeVolume(P, "r", MIB, StorageVolResizeFlags.delta);
    expect(sizeOf("r")).toBe(9);
    expect(await says(storage.resizeVolume(P, "r", 5 * MIB))).toBe(
      "invalid argument: Can't shrink capacity below current capacity unless shrink flag explicitly specified",
    );
    await storage.resizeVolume(
      P,
      "r",
      MIB,
      StorageVolResizeFlags.delta | StorageVolResizeFlags.shrink,
    );
    expect(sizeOf("r")).toBe(8);
    expect(await says(storage.resizeVolume(P, "f", MIB, StorageVolResizeFlags.shrink))).toBe(
      "invalid argument: can't shrink capacity below existing allocation",
    );
    await storage.resizeVolume(P, "f", 6 * MIB, StorageVolResizeFlags.allocate);
    expect(volumeOf(storage, "f")?.allocationBytes).toBe(6 * MIB);
    expect(await says(storage.resizeVolume(P, "f", 2 ** 40, StorageVolResizeFlags.allocate))).toBe(
      "operation failed: Not enough space left in storage pool",
    );
    expect(await says(storage.resizeVolume(P, "f", 2 ** 63 - 1))).toBe(
      "Failed to truncate file '/pools/p/f': File too large",
    );
    await storage.resizeVolume(P, "q", 40 * MIB);
    await storage.resizeVolume(P, "q", 30 * MIB, StorageVolResizeFlags.shrink);
    expect(sizeOf("q")).toBe(30);
    expect(await says(storage.resizeVolume(P, "q", 50 * MIB, StorageVolResizeFlags.allocate))).toBe(
      "Operation not supported: preallocate is only supported for raw type volume",
    );
  });

  it("are wiped pass by pass; a wiped image is none any more", async () => {
    const { storage, host } = await active();
    await storage.createVolume(P, qcow2("q"));
    await storage.wipeVolume(P, "q");
    expect(volumeOf(storage, "q")?.format).toBe("raw");
    const firstByte = () => {
      const byte = new Uint8Array(1);
      void host.open("/pools/p/f", { write: false }).read(0, byte);
      return byte[0];
    };
    await storage.createVolume(P, { name: "f", capacityBytes: MIB + 5 });
    await storage.wipeVolume(P, "f", "random");
    expect(firstByte()).toBe(0x5a);
    await storage.wipeVolume(P, "f", "bsi");
    expect(firstByte()).toBe(0x7f);
    await storage.wipeVolume(P, "f", "nnsa");
    expect(firstByte()).toBe(0);
    expect(volumeOf(storage, "f")?.physicalBytes).toBe(MIB + 5);
    expect(await says(storage.wipeVolume(P, "f", "trim"))).toBe(
      "argument unsupported: 'trim' algorithm not supported",
    );
    expect(await says(storage.wipeVolume(P, "f", "bogus"))).toContain("bogus");
  });

  it("are deleted, also zeroed", async () => {
    const { storage, host } = await active();
    await storage.createVolume(P, qcow2("a"));
    await storage.createVolume(P, qcow2("b"));
    await storage.deleteVolume(P, "a");
    await storage.deleteVolume(P, "b", StorageVolDeleteFlags.zeroed);
    expect(await host.list("/pools/p")).toEqual([]);
    expect(await says(storage.deleteVolume(P, "a"))).toBe(
      "Storage volume not found: no storage vol with matching name 'a'",
    );
  });

  it("that a domain uses are left alone", async () => {
    const used = new Set<string>();
    const { storage } = await active({
      usersOf: (path) => (used.has(path) ? ["demo"] : []),
    });
    await storage.createVolume(P, qcow2("v"));
    used.add("/pools/p/v");
    const inUse = "Requested operation is not valid: volume 'v' is still in use.";
    expect(await says(storage.deleteVolume(P, "v"))).toBe(inUse);
    expect(await says(storage.resizeVolume(P, "v", 30 * MIB))).toBe(inUse);
    expect(await says(storage.wipeVolume(P, "v"))).toBe(inUse);
    expect(await says(storage.uploadVolume(P, "v"))).toBe(inUse);
    used.clear();
    const backing = { path: "/pools/p/v", format: "qcow2" };
    await storage.createVolume(P, qcow2("top", { backing }));
    used.add("/pools/p/top");
    expect(await says(storage.deleteVolume(P, "v"))).toBe(inUse);
    used.clear();
    await storage.deleteVolume(P, "v");
  });
});

describe("bytes of volumes", () => {
  const fill = (length: number, value = 7) => new Uint8Array(length).fill(value);

  it("are uploaded and downloaded, with holes where they are sparse", async () => {
    const { storage } = await active();
    await storage.createVolume(P, { name: "v", capacityBytes: 0 });
    const upload = await storage.uploadVolume(P, "v");
    expect(volumeOf(storage, "v")?.job).toBe("upload");
    await upload.send(fill(MIB));
    await upload.send({ holeBytes: 2 * MIB });
    await upload.send(fill(100));
    await upload.finish();
    expect(volumeOf(storage, "v")).toMatchObject({ physicalBytes: 3 * MIB + 100 });
    expect(volumeOf(storage, "v")?.job).toBeUndefined();
    const download = await storage.downloadVolume(P, "v", {
      flags: StorageVolDownloadFlags.stream,
    });
    const pieces: [boolean, number][] = [];
    for (let piece = await download.receive(); piece !== null; piece = await download.receive())
      pieces.push("holeBytes" in piece ? [true, piece.holeBytes] : [false, piece.length]);
    await download.finish();
    expect(pieces).toEqual([
      [false, MIB],
      [true, MIB],
      [true, MIB],
      [false, 100],
    ]);
  });

  it("keep to offset and length", async () => {
    const { storage } = await active();
    await storage.createVolume(P, { name: "v", capacityBytes: 1000 });
    const upload = await storage.uploadVolume(P, "v", { offset: 100, length: 50 });
    await upload.send(fill(40));
    expect(await says(upload.send(fill(20)))).toBe(
      "cannot write file '/pools/p/v': No space left on device",
    );
    await upload.finish();
    const download = await storage.downloadVolume(P, "v", { offset: 90, length: 60 });
    expect(download.sizeBytes).toBe(60);
    const bytes = (await download.receive()) as Uint8Array;
    expect([bytes.length, bytes.indexOf(7), bytes.lastIndexOf(7)]).toEqual([60, 10, 49]);
    await download.finish();
    const beyond = await storage.downloadVolume(P, "v", { offset: 5000 });
    expect(await beyond.receive()).toBeNull();
    await beyond.abort();
  });

  it("are locked while they move, and a transfer can be given up from elsewhere", async () => {
    const { storage } = await active();
    await storage.createVolume(P, { name: "v", capacityBytes: 10 });
    const upload = await storage.uploadVolume(P, "v");
    expect(await says(storage.deleteVolume(P, "v"))).toContain("is still in use.");
    expect(await says(storage.destroyPool(P))).toBe(
      "internal error: pool 'p' has asynchronous jobs running.",
    );
    await storage.abortVolumeJob(P, "v");
    expect(await says(upload.send(fill(1)))).toContain("operation aborted");
    await storage.deleteVolume(P, "v");
  });
});

describe("clones", () => {
  async function withImage() {
    const all = await active();
    const { storage } = all;
    await storage.createVolume(P, { name: "raw", capacityBytes: 8 * MIB, allocationBytes: 0 });
    const upload = await storage.uploadVolume(P, "raw", { offset: 3 * MIB });
    await upload.send(new Uint8Array(5000).fill(9));
    await upload.finish();
    return all;
  }

  it("have the same contents in another format, and are as long as their source", async () => {
    const { storage } = await withImage();
    const clone = await storage.cloneVolume(P, qcow2("q", { capacityBytes: 512 }), {
      pool: P,
      name: "raw",
    });
    expect(clone).toMatchObject({ format: "qcow2", capacityBytes: 8 * MIB });
    expect(clone.physicalBytes).toBeLessThan(MIB);
    await storage.cloneVolume(P, { name: "back", capacityBytes: 0 }, { pool: P, name: "q" });
    const download = await storage.downloadVolume(P, "back", { offset: 3 * MIB, length: 5001 });
    const bytes = (await download.receive()) as Uint8Array;
    expect([bytes.indexOf(0), bytes.lastIndexOf(9)]).toEqual([5000, 4999]);
    await download.finish();
    expect(volumeOf(storage, "back")?.allocationBytes).toBeLessThan(MIB);
    expect(volumeOf(storage, "raw")?.job).toBeUndefined();
  });

  it("go to other pools, and nothing is left of one that is given up", async () => {
    const { storage, host } = await withImage();
    await storage.createPool(pool("o"), StoragePoolCreateFlags.withBuild);
    const O = "uuid-of-o";
    await storage.cloneVolume(O, { name: "c", capacityBytes: 0 }, { pool: P, name: "raw" });
    expect(volumeOf(storage, "c", O)?.capacityBytes).toBe(8 * MIB);
    const late = storage.cloneVolume(O, qcow2("d"), { pool: P, name: "raw" });
    await expect.poll(() => volumeOf(storage, "d", O)?.job).toBe("clone");
    await storage.abortVolumeJob(O, "d");
    expect(await says(late)).toBe("operation aborted: the job was given up");
    expect(host.exists("/pools/o/d")).toBe(false);
    expect(volumeOf(storage, "d", O)).toBeUndefined();
  });
});

describe("foreign files", () => {
  it("are shown as far as they can be read", async () => {
    const { storage, host } = await active();
    const put = (name: string, bytes: Uint8Array) =>
      void host.open(`/pools/p/${name}`, { write: true, create: true }).write(0, bytes);
    await storage.createVolume(P, qcow2("a"));
    await storage.createVolume(P, qcow2("b", { backing: { path: "/pools/p/a", format: "qcow2" } }));
    const backed = qcow2("c", { backing: { path: "../../../etc/passwd", format: "raw" } });
    expect(await says(storage.createVolume(P, backed))).toContain("inaccessible backing store");
    put("short", Uint8Array.of(0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3));
    put("text", new Uint8Array(5));
    put("empty", new Uint8Array(0));
    const huge = new Uint8Array(65_536);
    void host.open("/pools/p/a", { write: false }).read(0, huge);
    new DataView(huge.buffer).setBigUint64(24, 2n ** 63n - 1n);
    put("huge", huge);
    await host.mkdir("/pools/p/lost+found");
    await storage.refreshPool(P);
    const shown = storage
      .poolByUuid(P)
      .volumes.map(({ name, type, format, capacityBytes }) => [name, type, format, capacityBytes]);
    expect(shown).toEqual([
      ["a", "file", "qcow2", 20 * MIB],
      ["b", "file", "qcow2", 20 * MIB],
      ["empty", "file", "raw", 0],
      ["huge", "file", "qcow2", 2 ** 63],
      ["lost+found", "dir", "dir", 0],
      ["short", "file", "qcow2", 8],
      ["text", "file", "raw", 5],
    ]);
    expect(await says(storage.wipeVolume(P, "lost+found"))).toContain("is a directory");
    await storage.deleteVolume(P, "lost+found");
  });

  it("whose backing chain is a circle are volumes like others, but no source of a clone", async () => {
    const { storage, host } = await active();
    await storage.createVolume(P, qcow2("a"));
    const backing = { path: "/pools/p/a", format: "qcow2" };
    await storage.createVolume(P, qcow2("b", { backing }));
    // Another image under the same name closes the circle.
    await storage.deleteVolume(P, "a");
    await storage.createVolume(P, qcow2("c", { backing: { path: "/pools/p/b", format: "qcow2" } }));
    await host.rename("/pools/p/c", "/pools/p/a");
    await storage.refreshPool(P);
    expect(volumeOf(storage, "a")?.backing?.path).toBe("/pools/p/b");
    const clone = storage.cloneVolume(P, qcow2("x"), { pool: P, name: "a" });
    expect(await says(clone)).toContain("The backing file chain leads back to the image itself");
    await storage.deleteVolume(P, "a");
  });
});

describe("volume groups", () => {
  const G = "uuid-of-g";
  const group: PoolDefinition = {
    ...pool("g", "/dev/g"),
    type: "logical",
    source: { devices: ["/disks/one"], deviceBytes: 65 * MIB },
  };

  async function withGroup() {
    const all = await bench();
    await all.storage.definePool(group);
    await all.storage.startPool(G, StoragePoolCreateFlags.withBuild);
    return all;
  }

  it("are made in files, found again, and not made twice unless they are to", async () => {
    const { storage } = await withGroup();
    expect(storage.poolByUuid(G)).toMatchObject({
      capacityBytes: 64 * MIB,
      availableBytes: 64 * MIB,
    });
    await storage.createVolume(G, { name: "root", capacityBytes: 10 * MIB });
    await storage.destroyPool(G);
    expect(await says(storage.buildPool(G))).toBe(
      "Storage pool already built: Device '/disks/one' already formatted using 'LVM2_member'",
    );
    await storage.startPool(G);
    expect(volumeOf(storage, "root", G)).toMatchObject({
      type: "block",
      path: "/dev/g/root",
      format: "raw",
      capacityBytes: 12 * MIB,
      allocationBytes: 12 * MIB,
    });
    await storage.destroyPool(G);
    await storage.buildPool(G, StoragePoolBuildFlags.overwrite);
    await storage.startPool(G);
    expect(storage.poolByUuid(G).volumes).toEqual([]);
    await storage.destroyPool(G);
    await storage.deletePool(G);
    expect(await says(storage.startPool(G))).toContain("No physical volume label read");
  });

  it("have volumes that are cloned, snapshot, resized, wiped, filled and deleted", async () => {
    const { storage } = await withGroup();
    await storage.createVolume(G, { name: "a", capacityBytes: 8 * MIB });
    const upload = await storage.uploadVolume(G, "a", { offset: 5 * MIB, length: 3 });
    await upload.send(Uint8Array.of(1, 2, 3));
    await upload.finish();
    const backing = { path: "/dev/g/a" };
    await storage.createVolume(G, { name: "snap", capacityBytes: 8 * MIB, backing });
    await storage.cloneVolume(G, { name: "b", capacityBytes: 0 }, { pool: G, name: "a" });
    await storage.wipeVolume(G, "a");
    const bytesOf = async (name: string) => {
      const download = await storage.downloadVolume(G, name, { offset: 5 * MIB, length: 3 });
      const piece = (await download.receive()) as Uint8Array;
      await download.finish();
      return [...piece];
    };
    expect([await bytesOf("a"), await bytesOf("snap"), await bytesOf("b")]).toEqual([
      [0, 0, 0],
      [1, 2, 3],
      [1, 2, 3],
    ]);
    await storage.resizeVolume(G, "a", 16 * MIB);
    expect(volumeOf(storage, "a", G)?.capacityBytes).toBe(16 * MIB);
    expect(await says(storage.createVolume(G, { name: "big", capacityBytes: 60 * MIB }))).toContain(
      "No space left on device",
    );
    for (const name of ["a", "b", "snap"]) await storage.deleteVolume(G, name);
    expect(storage.poolByUuid(G).availableBytes).toBe(64 * MIB);
  });

  it("have thin pools, whose volumes promise more than there is", async () => {
    const { storage } = await withGroup();
    await storage.createVolume(G, { name: "tp", capacityBytes: 16 * MIB, format: "thin-pool" });
    const thin = { name: "t", capacityBytes: 1024 * MIB, thinPool: "tp" };
    expect(await storage.createVolume(G, thin)).toMatchObject({
      capacityBytes: 1024 * MIB,
      allocationBytes: 0,
      thinPool: "tp",
    });
    expect(await says(storage.deleteVolume(G, "tp"))).toContain("Device or resource busy");
    expect(await says(storage.createVolume(G, qcow2("q")))).toBe(
      "unsupported configuration: unknown volume format type qcow2",
    );
  });
});

describe("pools of web servers", () => {
  const W = "uuid-of-w";
  const BASE = "https://images.test/";
  const LIST =
    '<a href="a.qcow2">a</a> <a href="notes.txt">n</a> <a href="/b%20c.img">b</a> <a href="gone.iso">';

  /** A server with a list and two images; it gives parts. */
  function server(list: string): Fetch {
    const qcow2Head = new Uint8Array(2048);
    qcow2Head.set([0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3]);
    new DataView(qcow2Head.buffer).setBigUint64(24, BigInt(9 * MIB));
    const heads = new Map([
      [`${BASE}a.qcow2`, qcow2Head],
      [`${BASE}b%20c.img`, new Uint8Array(2048)],
    ]);
    return async (url, { headers }) => {
      const head = heads.get(url);
      const isPart = headers?.["Range"] === "bytes=0-2047" && head !== undefined;
      return {
        status: isPart ? 206 : url === BASE ? 200 : 404,
        headers: {
          get: (name) => (name === "Content-Range" && isPart ? "bytes 0-2047/4000" : null),
        },
        text: async () => list,
        arrayBuffer: async () => (head ?? new Uint8Array(0)).slice().buffer,
      };
    };
  }

  const web = (source: PoolDefinition["source"]): PoolDefinition => ({
    ...pool("w", ""),
    type: "http",
    source,
  });

  it("show what an index page, a JSON list or addresses name, as far as it is there", async () => {
    const shown = [];
    for (const [list, source] of [
      [LIST, { url: BASE }],
      ['["a.qcow2", {"url": "b%20c.img"}, "ftp://x/y.img", 5]', { url: BASE }],
      ["", { urls: [`${BASE}a.qcow2`, `${BASE}b%20c.img`] }],
    ] as const) {
      const { storage } = await bench({}, server(list));
      await storage.createPool(web(source));
      const { volumes, capacityBytes, availableBytes } = storage.poolByUuid(W);
      expect([capacityBytes, availableBytes]).toEqual([8000, 0]);
      shown.push(volumes.map(({ name, format, capacityBytes: size }) => [name, format, size]));
    }
    const all = [
      ["a.qcow2", "qcow2", 9 * MIB],
      ["b c.img", "raw", 4000],
    ];
    expect(shown).toEqual([all, all, all]);
  });

  it("do not start without their list, and change nothing", async () => {
    const { storage } = await bench({}, server(LIST));
    await storage.definePool(web({ url: `${BASE}none/` }));
    expect(await says(storage.startPool(W))).toContain("the server answers 404");
    await storage.definePool(web({ url: BASE }));
    await storage.startPool(W);
    const unsupported = "this function is not supported by the connection driver: storage pool do";
    expect(await says(storage.createVolume(W, qcow2("x")))).toContain(unsupported);
    expect(await says(storage.deleteVolume(W, "a.qcow2"))).toContain(unsupported);
    expect(await says(storage.wipeVolume(W, "a.qcow2"))).toContain(unsupported);
    expect(await says(storage.resizeVolume(W, "a.qcow2", MIB))).toContain(unsupported);
    expect(await says(storage.uploadVolume(W, "a.qcow2"))).toContain(unsupported);
  });
});
