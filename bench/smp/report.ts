/** Scores of two harts against one as text. */
import { geometricMean } from "../statistics.ts";
import { table } from "../table.ts";
import type { SmpScores } from "./kernels.ts";
import { cpuSpeedup, speedup, type SmpScore } from "./score.ts";

const PEER = "qemu";

function digits(value: number, count: number): string {
  return Number.isFinite(value) ? value.toFixed(count) : "";
}

/** Processor time of a piece of work while two harts run, to QEMU's. */
function timesPeer({ scores }: SmpScores, engine: string): number {
  return (scores.get(engine)?.two.cpuMs ?? NaN) / (scores.get(PEER)?.two.cpuMs ?? NaN);
}

/** For those who wait. */
export function smpLine(name: string, engine: string, score: SmpScore): string {
  const { one, two } = score;
  const times = `${digits(one.wallMs, 0)} ms alone, ${digits(two.wallMs, 0)} ms by two`;
  const ratios = `${digits(speedup(score), 2)} ×, by processor time ${digits(cpuSpeedup(score), 2)} ×`;
  return `${name.padEnd(12)} ${engine.padEnd(9)} ${times}: ${ratios}`;
}

function header(engine: string): string[] {
  const columns = [`${engine} ms`, "two ÷ one", "by CPU"];
  return engine === PEER ? columns : [...columns, "× QEMU"];
}

function cells(result: SmpScores, engine: string): string[] {
  const score = result.scores.get(engine);
  if (!score) return engine === PEER ? ["", "", ""] : ["", "", "", ""];
  const own = [score.one.wallMs, speedup(score), cpuSpeedup(score)];
  const figures = own.map((value, i) => digits(value, i === 0 ? 0 : 2));
  return engine === PEER ? figures : [...figures, digits(timesPeer(result, engine), 2)];
}

function means(results: readonly SmpScores[], engine: string): string[] {
  const of = (figure: (score: SmpScore) => number): string => {
    const scores = results.flatMap(({ scores: all }) => all.get(engine) ?? []);
    return digits(geometricMean(scores.map(figure)), 2);
  };
  const own = ["", of(speedup), of(cpuSpeedup)];
  if (engine === PEER) return own;
  const ratios = results.map((result) => timesPeer(result, engine)).filter(Number.isFinite);
  return [...own, digits(geometricMean(ratios), 2)];
}

/** All loads as a table, with geometric means. */
export function smpTable(results: readonly SmpScores[], what: string): string {
  const engines = [...new Set(results.flatMap(({ scores }) => [...scores.keys()]))];
  const rows = results.map((result) => [
    result.name,
    ...engines.flatMap((engine) => cells(result, engine)),
  ]);
  const last = ["geometric mean", ...engines.flatMap((engine) => means(results, engine))];
  return table([what, ...engines.flatMap(header)], [...rows, last]);
}
