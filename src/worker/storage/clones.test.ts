/** Volumes that are made from others. */
import { describe, expect, it } from "vitest";
import { StoragePoolCreateFlags } from "../../virt/driver/storage-flags.ts";
import { MIB, pool, P, active, says, volumeOf, qcow2 } from "./testing/storage-bench.ts";

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

  it("are given up also before the worker has begun", async () => {
    let answer = (): void => {};
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const { storage, host } = await active({ persist: () => answered });
    const late = storage.createVolume(P, qcow2("d"));
    await storage.abortVolumeJob(P, "d");
    answer();
    expect(await says(late)).toBe("operation aborted: the job was given up");
    expect(host.exists("/pools/p/d")).toBe(false);
    expect(volumeOf(storage, "d")).toBeUndefined();
  });
});
