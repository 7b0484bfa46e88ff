/** Pools that are volume groups. */
import { describe, expect, it } from "vitest";
import type { PoolDefinition } from "../../virt/storage/pool.ts";
import { StoragePoolBuildFlags, StoragePoolCreateFlags } from "../../virt/driver/storage-flags.ts";
import { MIB, bench, pool, says, volumeOf, qcow2 } from "./testing/storage-bench.ts";

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
