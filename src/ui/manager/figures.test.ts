import { describe, expect, it } from "vitest";
import type { StatsSample } from "../../virt/manager/stats-history.ts";
import { translator } from "../i18n/catalogue.ts";
import { en } from "../i18n/en.ts";
import { figureOf, figureText, Peaks, POINTS, seriesOf } from "./figures.ts";
import { sparkPaths } from "./spark.ts";

const sample = (second: number): StatsSample => ({
  atMs: second * 1000,
  values: new Map([
    ["cpu.time", second * 1e9],
    ["vcpu.current", 2],
    ["balloon.current", 512 * 1024],
    ["block.0.rd.bytes", second * 1024],
    ["block.0.wr.bytes", second * 1024],
    ["net.0.rx.bytes", second * 10],
  ]),
});
const samples = Array.from({ length: 100 }, (_, second) => sample(second));

describe("figures", () => {
  it.each([
    ["cpu", 50, "50 %"],
    ["hostCpu", 25, "25 %"],
    ["memory", 2 ** 29, "512 MiB"],
    ["disk", 2048, "2 KiB/s"],
    ["network", 10, "10 B/s"],
  ] as const)("of %s are of a minute", (graph, value, text) => {
    const series = seriesOf(graph, samples, 4);
    expect(series).toHaveLength(POINTS);
    expect(series.at(-1)).toBe(value);
    expect(figureOf(graph, samples, 4)).toBe(value);
    expect(figureText(graph, value, translator(en))).toBe(text);
  });

  it("are not there before the second sample", () => {
    expect(figureOf("cpu", samples.slice(0, 1), 4)).toBeNull();
    expect(figureText("cpu", null, translator(en))).toBe("");
  });

  it("have a scale that never shrinks", () => {
    const peaks = new Peaks();
    peaks.take(samples);
    peaks.take([sample(0), sample(0.001)]);
    expect([peaks.most("disk"), peaks.most("network")]).toEqual([2048, 10]);
  });
});

describe("a sparkline", () => {
  it("ends at the right edge", () => {
    expect(sparkPaths([0, 50, 100], 100, 5)).toEqual({
      line: "M2 20L3 10L4 0",
      area: "M2 20L2 20L3 10L4 0V20Z",
    });
  });

  it("has gaps, and shows single points and what is too great", () => {
    expect(sparkPaths([300, null, 50], 100, 3).line).toBe("M0 0L0.5 0M2 10L2.5 10");
    expect(sparkPaths([null], 100, 3)).toEqual({ line: "", area: "" });
  });
});
