/** Scores of the guest's programs as text. */
import type { TaskScore, TaskScores } from "./guest.ts";
import { geometricMean } from "./statistics.ts";
import { table } from "./table.ts";

const PEER = "qemu";

type Figure = keyof TaskScore;

function ratio({ scores }: TaskScores, engine: string, figure: Figure): number {
  return (scores.get(engine)?.[figure] ?? NaN) / (scores.get(PEER)?.[figure] ?? NaN);
}

function digits(value: number, count: number): string {
  return Number.isFinite(value) ? value.toFixed(count) : "";
}

function headerOf(engine: string): string[] {
  if (engine === PEER) return ["QEMU first", "ms", "all"];
  return [`${engine} first`, "ms", "× QEMU", "all", "× QEMU"];
}

function cells(result: TaskScores, engine: string): string[] {
  const { first, hart, all } = result.scores.get(engine) ?? { first: NaN, hart: NaN, all: NaN };
  const ms = (value: number): string => digits(value, 0);
  if (engine === PEER) return [ms(first), ms(hart), ms(all)];
  const times = (figure: Figure): string => digits(ratio(result, engine, figure), 2);
  return [ms(first), ms(hart), times("hart"), ms(all), times("all")];
}

function means(results: readonly TaskScores[], engine: string): string[] {
  if (engine === PEER) return ["", "", ""];
  const mean = (figure: Figure): string =>
    digits(geometricMean(results.map((result) => ratio(result, engine, figure))), 2);
  return ["", "", mean("hart"), "", mean("all")];
}

/** All tasks as a table with the geometric means of the ratios. */
export function guestTable(results: readonly TaskScores[]): string {
  const engines = [...(results[0]?.scores.keys() ?? [])];
  const header = ["task", ...engines.flatMap(headerOf)];
  const rows = results.map((result) => [
    result.task.name,
    ...engines.flatMap((engine) => cells(result, engine)),
  ]);
  const last = ["geometric mean", ...engines.flatMap((engine) => means(results, engine))];
  return table(header, [...rows, last]);
}

/** What the tasks are, for those who read the table. */
export function guestLegend(results: readonly TaskScores[]): string {
  return results.map(({ task }) => `- ${task.name}: ${task.what}`).join("\n");
}
