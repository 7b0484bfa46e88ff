import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { earlierPools } from "../../host/node/earlier-pools.ts";
import { textFiles } from "../../host/node/text-files.ts";
import { PoolFiles } from "../../virt/drivers/qemu/pool-files.ts";
import { nodeStorage } from "./storage.ts";

let root = "";
const damaged = vi.fn<(name: string, error: unknown) => void>();
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "tabvisor-pools-"));
});
afterAll(() => rm(root, { recursive: true }));

const open = () => {
  const ports = { files: textFiles(join(root, "libvirt")), newUuid: () => randomUUID() };
  const store = new PoolFiles(
    { ...ports, earlierPools: earlierPools(join(root, "storage")) },
    damaged,
  );
  return nodeStorage(store, undefined, { TABVISOR_DATA: root });
};
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
  await writeFile(join(root, "libvirt", "storage", "cut.xml"), "<pool type='dir'><na");
  expect((await open()).pools()).toEqual([]);
  expect(damaged.mock.lastCall?.[0]).toBe("cut");
});

it("takes over what an earlier version kept as JSON", async () => {
  const definition = { uuid: randomUUID(), name: "old", type: "dir", targetPath: root, source: {} };
  const json = JSON.stringify({ form: 1, definition: { ...definition, autostart: false } });
  await mkdir(join(root, "storage"));
  await writeFile(join(root, "storage", `${definition.uuid}.json`), json);
  expect((await open()).poolByName("old").definition).toEqual({ ...definition, autostart: false });
  expect(await readdir(root)).not.toContain("storage");
  const xml = await readFile(join(root, "libvirt", "storage", "old.xml"), "utf8");
  expect(xml).toContain(`<uuid>${definition.uuid}</uuid>`);
  expect((await open()).poolByName("old").definition.uuid).toBe(definition.uuid);
});
