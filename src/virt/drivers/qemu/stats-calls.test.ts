/** Figures of running domains. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { openQemuBench, type QemuBench } from "./testing/qemu-bench.ts";

let bench: QemuBench;

beforeEach(async () => {
  bench = await openQemuBench();
});

describe("figures", () => {
  it("of free memory leave out what machines take, where the host does not tell", async () => {
    const { ports, calls } = bench;
    expect(await calls.nodeGetFreeMemory()).toBe(4096n);
    vi.spyOn(ports.host, "freeMemory").mockReturnValue(null);
    expect(await calls.nodeGetFreeMemory()).toBe(2n ** 20n);
    await bench.started();
    expect(await calls.nodeGetFreeMemory()).toBe(2n ** 20n - 65_536n);
    expect(await calls.nodeGetCellsFreeMemory(0, 1)).toEqual([2n ** 20n - 65_536n]);
  });

  it("of the machine's vCPUs and disks", async () => {
    const [domain] = await bench.started();
    const [record] = await bench.calls.connectGetAllDomainStats([], 0, 0);
    const values = new Map(record?.params.map(({ field, value }) => [field, value]));
    expect(values.get("cpu.time")).toBe(1_500_000_000n);
    expect(values.get("balloon.maximum")).toBe(131_072n);
    expect(values.get("balloon.rss")).toBe(64n);
    expect(values.get("vcpu.0.instructions.sum")).toBe(7n);
    expect(values.get("vcpu.0.exits.sum")).toBe(0n);
    expect(values.get("block.0.path")).toBe("/d.img");
    expect(values.get("block.0.capacity")).toBe(1024n);
    expect((await bench.calls.domainGetInfo(domain)).cpuTimeNs).toBe(1_500_000_000n);
    expect(await bench.calls.domainMemoryStats(domain, 0)).toEqual([
      { tag: 6, value: 131_072n },
      { tag: 9, value: 0n },
      { tag: 7, value: 64n },
    ]);
  });
});
