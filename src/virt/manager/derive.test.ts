import { describe, expect, it } from "vitest";
import { DomainState } from "../driver/domain-flags.ts";
import { cpuPercent, diskTraffic, hostCpuPercent, memoryKib } from "./derive.ts";
import type { StatsSample } from "./stats-history.ts";

const sample = (atMs: number, values: Record<string, number>): StatsSample => ({
  atMs,
  values: new Map(Object.entries(values)),
});

describe("derived series", () => {
  it("are the change of counters a second", () => {
    const samples = [
      sample(0, { "cpu.time": 0, "vcpu.current": 2, "block.0.rd.bytes": 0, "block.1.rd.bytes": 5 }),
      sample(2000, {
        "cpu.time": 2e9,
        "vcpu.current": 2,
        "block.0.rd.bytes": 100,
        "block.1.rd.bytes": 105,
      }),
    ];
    expect(cpuPercent(samples)).toEqual([50]);
    expect(hostCpuPercent(samples, 4)).toEqual([25]);
    expect(diskTraffic(samples)).toEqual({ read: [100], written: [null] });
  });

  it("have gaps where a counter began anew", () => {
    expect(cpuPercent([sample(0, { "cpu.time": 9e9 }), sample(1000, { "cpu.time": 1e9 })])).toEqual(
      [null],
    );
  });

  it("take the memory that may be used where the used one is not known", () => {
    expect(memoryKib(sample(0, { "balloon.current": 7 }))).toBe(7);
    expect(memoryKib(sample(0, { "balloon.current": 7, "balloon.rss": 3 }))).toBe(3);
  });

  it("know no memory of a domain that is off, though libvirt tells its balloon", () => {
    const off = { "state.state": DomainState.shutoff, "balloon.current": 7 };
    expect(memoryKib(sample(0, off))).toBeUndefined();
    const on = { "state.state": DomainState.running, "balloon.current": 7, "balloon.rss": 1 };
    expect(memoryKib(sample(1000, on))).toBe(1);
  });
});
