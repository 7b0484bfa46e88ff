import { beforeEach, describe, expect, it } from "vitest";
import { openConnect } from "../driver/connect.ts";
import { DomainState } from "../driver/domain-flags.ts";
import { testDriver } from "../drivers/test/driver.ts";
import { fakePorts } from "../drivers/test/fake-ports.ts";
import { cpuPercent, diskTraffic, memoryKib, networkTraffic } from "./derive.ts";
import { Manager } from "./manager.ts";

let tick: () => Promise<void>;
let clockMs: number;
let manager: Manager;

beforeEach(async () => {
  clockMs = 0;
  tick = async () => {};
  const driver = testDriver({ ...fakePorts(), nowMs: () => clockMs, hostname: () => "here" });
  manager = await Manager.open({
    open: () => openConnect("test:///default", [driver]),
    nowMs: () => clockMs,
    every: (_ms, work) => {
      tick = work;
      return () => (tick = async () => {});
    },
  });
});

const only = () => {
  const [domain] = manager.domains();
  if (!domain) throw new Error("there is no domain");
  return domain;
};

describe("a manager", () => {
  it("shows the connection's objects", () => {
    expect(manager.host).toMatchObject({ type: "TEST", hostname: "here" });
    expect(manager.domains().map(({ name, state }) => [name, state])).toEqual([
      ["test", DomainState.running],
    ]);
    expect(manager.pools().map(({ name }) => name)).toEqual(["default-pool"]);
    expect(manager.networks().map(({ name, isActive }) => [name, isActive])).toEqual([
      ["default", true],
    ]);
  });

  it("follows events, and keeps its arrays while nothing changes", async () => {
    const before = manager.domains();
    expect(manager.domains()).toBe(before);
    let calls = 0;
    manager.subscribe(() => (calls += 1));
    await manager.connect.domainDestroyFlags(only().ref, 0);
    await expect.poll(() => only().state).toBe(DomainState.shutoff);
    expect(only().live).toBeNull();
    expect(calls).toBeGreaterThan(0);
    expect(manager.domains()).not.toBe(before);
  });

  it("forgets what is undefined", async () => {
    await manager.connect.domainDestroyFlags(only().ref, 0);
    await manager.connect.domainUndefineFlags(only().ref, 0);
    await expect.poll(() => manager.domains()).toEqual([]);
  });

  it("samples counters while somebody watches", async () => {
    const { uuid } = only();
    const stop = manager.watchStats(1000);
    await expect.poll(() => manager.stats.samples(uuid).length).toBe(1);
    clockMs = 1000;
    await tick();
    expect(manager.stats.samples(uuid).map(({ atMs }) => atMs)).toEqual([0, 1000]);
    stop();
    await tick();
    expect(manager.stats.samples(uuid)).toHaveLength(2);
  });

  it("asks one by one for counters that the bulk call leaves out", async () => {
    const { uuid } = only();
    manager.watchStats(1000);
    await expect.poll(() => manager.stats.samples(uuid).length).toBe(1);
    clockMs = 1000;
    await tick();
    const samples = manager.stats.samples(uuid);
    // libvirt's mock: one processor's time, and the clock's microseconds divided by 20.
    expect(cpuPercent(samples)).toEqual([50]);
    expect(diskTraffic(samples).read).toEqual([50_000]);
    expect(networkTraffic(samples).written).toEqual([50_000]);
    const [sample] = samples;
    expect(sample && memoryKib(sample)).toBe(2_097_152);
  });

  it("knows saved states, and whether the driver saves", async () => {
    expect(manager.host.canSave).toBe(true);
    expect(only().hasManagedSave).toBe(false);
    await manager.connect.domainManagedSave(only().ref, 0);
    await expect.poll(() => only().hasManagedSave).toBe(true);
  });

  it("sorts numbers in names by their value", async () => {
    for (const name of ["vm10", "vm9"]) {
      const xml = `<domain type='test'><name>${name}</name><memory>1</memory><os><type>hvm</type></os></domain>`;
      await manager.connect.domainDefineXMLFlags(xml, 0);
    }
    await expect
      .poll(() => manager.domains().map(({ name }) => name))
      .toEqual(["test", "vm9", "vm10"]);
  });

  it("lists a pool's volumes", async () => {
    const [pool] = manager.pools();
    if (!pool) throw new Error("there is no pool");
    await manager.connect.storageVolCreateXML(
      pool.ref,
      "<volume><name>a.img</name><capacity unit='M'>1</capacity></volume>",
      0,
    );
    const [volume] = await manager.volumes(pool);
    expect([volume?.name, volume?.info.capacity]).toEqual(["a.img", 2n ** 20n]);
  });
});
