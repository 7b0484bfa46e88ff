import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { nodeStorage } from "./storage.ts";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "tabvisor-pools-"));
});
afterAll(() => rm(root, { recursive: true }));

const open = () => nodeStorage(undefined, { TABVISOR_DATA: root });
const running = async () => {
  const storage = await open();
  await expect.poll(() => storage.poolByName("default").state).toBe("running");
  return storage;
};

it("keeps pools and volumes from one process to the next", async () => {
  const first = await running();
  const pool = first.poolByName("default");
  expect(pool.definition.targetPath).toBe(join(root, "images"));
  expect(pool.capacityBytes).toBe(pool.allocationBytes + pool.availableBytes);
  const { uuid } = pool.definition;
  const request = { name: "disk.qcow2", capacityBytes: 2 ** 30, format: "qcow2" };
  await first.createVolume(uuid, request);
  await first.createVolume(uuid, { name: "hole.img", capacityBytes: 2 ** 33, allocationBytes: 0 });
  const second = await running();
  expect(second.poolByName("default").volumes.map(({ name }) => name)).toEqual([
    "disk.qcow2",
    "hole.img",
  ]);
  const hole = second.volumeByPath(join(root, "images", "hole.img")).volume;
  expect([hole.capacityBytes, hole.allocationBytes]).toEqual([2 ** 33, 0]);
});

it("does not bring back a default pool that was undefined, and skips damaged definitions", async () => {
  const storage = await running();
  const { uuid } = storage.poolByName("default").definition;
  await storage.destroyPool(uuid);
  await storage.undefinePool(uuid);
  await writeFile(join(root, "storage", "damaged.json"), '{"form":1,"defin');
  expect((await open()).pools()).toEqual([]);
  expect(await readdir(join(root, "storage"))).toEqual(["damaged.json"]);
});
