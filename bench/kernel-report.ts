/** Kernel scores as text. */
import type { KernelScores } from "./kernels.ts";
import { geometricMean } from "./statistics.ts";
import { table } from "./table.ts";

const PEER = "qemu";

/** Processor time relative to native QEMU; NaN when QEMU did not run. */
function ratio({ scores }: KernelScores, name: string): number {
  return (scores.get(name)?.cpuMs ?? NaN) / (scores.get(PEER)?.cpuMs ?? NaN);
}

function figure(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : "";
}

function cells(result: KernelScores, name: string): string[] {
  const score = result.scores.get(name);
  const time = figure(score?.cpuMs ?? NaN, 0);
  if (name === PEER) return [time];
  return [time, figure(score?.mips ?? NaN, 0), figure(ratio(result, name), 2)];
}

/** One line about one kernel, for those who wait. */
export function kernelLine(result: KernelScores): string {
  const parts = [...result.scores].map(([name, { cpuMs, mips }]) => {
    const speed = Number.isNaN(mips) ? "" : ` (${mips.toFixed(0)} MIPS)`;
    return `${name} ${cpuMs.toFixed(0)} ms${speed}`;
  });
  return `${result.kernel.padEnd(10)} ${parts.join("  ")}`;
}

/** All kernels as a table with the geometric mean of the ratios. */
export function kernelTable(results: readonly KernelScores[], names: readonly string[]): string {
  const header = ["kernel", ...names.flatMap((name) => headerOf(name))];
  const rows = results.map((result) => [
    result.kernel,
    ...names.flatMap((name) => cells(result, name)),
  ]);
  const means = names.flatMap((name) => {
    if (name === PEER) return [""];
    const mean = geometricMean(results.map((result) => ratio(result, name)));
    return ["", "", figure(mean, 2)];
  });
  return table(header, [...rows, ["geometric mean", ...means]]);
}

function headerOf(name: string): string[] {
  return name === PEER ? ["QEMU ms"] : [`${name} ms`, "MIPS", "× QEMU"];
}
