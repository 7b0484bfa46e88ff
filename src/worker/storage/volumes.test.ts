/** Volumes of directory pools: made, found, resized, wiped, deleted. */
import { describe, expect, it } from "vitest";
import {
  StorageVolCreateFlags,
  StorageVolDeleteFlags,
  StorageVolResizeFlags,
} from "../../virt/driver/storage-flags.ts";
import { MIB, P, active, says, volumeOf, qcow2 } from "./testing/storage-bench.ts";

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
