import { expect, test } from "vitest";
import { machineStats, NO_VCPU_STATS } from "../../protocol/stats.ts";
import { statsJson, statsText } from "./stats-text.ts";

const VCPU = {
  ...NO_VCPU_STATS,
  instructions: 1_234_567,
  hartMs: 10,
  traps: 1000,
  translator: {
    ...NO_VCPU_STATS.translator,
    instructions: 1_000_000,
    translateMs: 1.5,
    bytes: 4096,
  },
};

test("counters have words, units and digit groups", () => {
  const text = statsText(machineStats([VCPU]), 1500);
  expect(text).toMatch(/^wall time +1\.500 s$/m);
  expect(text).toMatch(/^speed +123\.5 MIPS$/m);
  expect(text).toMatch(/^ {2}instructions +1 234 567$/m);
  expect(text).toMatch(/^ {2}interpreted +234 567$/m);
  expect(text).toMatch(/^ {2}translate time +0\.002 s$/m);
  expect(text).toMatch(/^ {2}code size +4 096 B$/m);
  expect(text).toMatch(/^ {2}exceptions +1 000$/m);
});

test("values end in the same column", () => {
  const lines = statsText(machineStats([VCPU]), 1500)
    .trimEnd()
    .split("\n");
  const widths = new Set(lines.filter((line) => /\d/.test(line)).map((line) => line.length));
  expect(widths.size).toBe(1);
});

test("several vCPUs have columns of their own beside the sum", () => {
  const text = statsText(machineStats([VCPU, NO_VCPU_STATS, VCPU]), 1500);
  expect(text).toMatch(/^ +all vCPUs +vCPU 0 +vCPU 1 +vCPU 2$/m);
  expect(text).toMatch(/^ {2}exceptions +2 000 +1 000 +0 +1 000$/m);
});

test("the JSON is the counters, with the wall time", () => {
  const stats = machineStats([VCPU]);
  expect(JSON.parse(statsJson(stats, 1500))).toEqual({ wallMs: 1500, ...stats });
});
