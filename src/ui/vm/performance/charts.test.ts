import { expect, it } from "vitest";
import type { StatsSample } from "../../../virt/manager/stats-history.ts";
import { chartsOf } from "./charts.ts";

const sample = (atMs: number, values: Record<string, number>): StatsSample => ({
  atMs,
  values: new Map(Object.entries(values)),
});

const OURS = [
  sample(1000, { "cpu.time": 0, "vcpu.current": 1, "vcpu.0.instructions.sum": 0 }),
  sample(2000, {
    "cpu.time": 5e8,
    "vcpu.current": 1,
    "vcpu.0.instructions.sum": 3e8,
    "balloon.current": 1024,
    "balloon.rss": 512,
  }),
];

it("draws a machine's counters over time", () => {
  const { times, charts } = chartsOf(OURS, 2);
  expect(times).toEqual([2]);
  const values = (id: string) => charts.find((chart) => chart.id === id)?.lines[0]?.values;
  expect(values("cpu")).toEqual([50]);
  expect(values("speed")).toEqual([300]);
  expect(values("memory")).toEqual([512 * 1024]);
  expect(charts.find(({ id }) => id === "memory")?.most).toBe(2 ** 20);
});

it("leaves out what a driver does not count", () => {
  const { charts } = chartsOf([sample(0, { "cpu.time": 0 }), sample(1, { "cpu.time": 0 })], 2);
  expect(charts.map(({ id }) => id)).toEqual(["cpu", "memory", "disk", "network"]);
});
