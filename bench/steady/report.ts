/** Samples of steady runs as text. */
import { median } from "../statistics.ts";
import { table } from "../table.ts";
import type { Sample } from "./steady.ts";
import { WORKLOADS } from "./workload.ts";

export interface SteadyRun {
  readonly engine: string;
  readonly workload: string;
  readonly samples: readonly Sample[];
}

export function sampleLine(sample: Sample): string {
  const { minutes, rate, residentMiB, modules, regions, codeMiB, translations } = sample;
  return [
    `${minutes.toFixed(1).padStart(5)} min`,
    `${rate.toFixed(2).padStart(6)} units/s`,
    `${residentMiB.toFixed(0).padStart(5)} MiB resident`,
    `${modules} modules, ${regions} regions, ${codeMiB.toFixed(1)} MiB of Wasm`,
    `${translations} translated`,
  ].join("  ");
}

/** The first and the last fifth of a run: what is in between only shows in the extremes. */
function ends(samples: readonly Sample[]): readonly [readonly Sample[], readonly Sample[]] {
  const fifth = Math.max(1, Math.floor(samples.length / 5));
  return [samples.slice(0, fifth), samples.slice(-fifth)];
}

function row({ engine, workload, samples }: SteadyRun): string[] {
  const [first, last] = ends(samples);
  const rate = (some: readonly Sample[]): number => median(some.map((sample) => sample.rate));
  const resident = (some: readonly Sample[]): number =>
    median(some.map((sample) => sample.residentMiB));
  const most = (of: (sample: Sample) => number): number => Math.max(...samples.map(of));
  return [
    `${workload}, ${engine}`,
    (samples.at(-1)?.minutes ?? 0).toFixed(0),
    rate(first).toFixed(2),
    rate(last).toFixed(2),
    `${((rate(last) / rate(first) - 1) * 100).toFixed(0)} %`,
    resident(first).toFixed(0),
    resident(last).toFixed(0),
    most(({ residentMiB }) => residentMiB).toFixed(0),
    most(({ modules }) => modules).toFixed(0),
    most(({ codeMiB }) => codeMiB).toFixed(1),
    (samples.at(-1)?.translations ?? 0).toFixed(0),
  ];
}

/** All runs as a table. */
export function steadyTable(runs: readonly SteadyRun[]): string {
  const header = [
    ...["workload", "minutes", "units/s first", "last", "drift"],
    ...["MiB first", "last", "most", "most modules", "most MiB of Wasm", "translated"],
  ];
  return table(header, runs.map(row));
}

export function steadyLegend(): string {
  return WORKLOADS.map(({ name, what }) => `- ${name}: a unit is ${what}`).join("\n");
}
