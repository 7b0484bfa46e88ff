/** The comparison as text: milliseconds with the PLIC, and what the IMSICs make of them. */
import { geometricMean } from "../statistics.ts";
import { table } from "../table.ts";
import type { AiaScore } from "./aia.ts";
import { AIA_TASKS } from "./tasks.ts";

const HEADER = ["load", "vCPUs", "engine", "PLIC ms", "IMSIC ms", "ratio", "PLIC CPU", "ratio"];

function ratios({ times }: AiaScore): { wall: number; cpu: number } {
  const [plic, imsic] = [times.none, times["aplic-imsic"]];
  return { wall: imsic.wallMs / plic.wallMs, cpu: imsic.cpuMs / plic.cpuMs };
}

function cells(score: AiaScore): string[] {
  const { engine, vcpus, load, times } = score;
  const { wall, cpu } = ratios(score);
  const [plic, imsic] = [times.none, times["aplic-imsic"]];
  const ms = [plic.wallMs, imsic.wallMs].map((value) => value.toFixed(0));
  return [
    load,
    String(vcpus),
    engine,
    ...ms,
    wall.toFixed(2),
    plic.cpuMs.toFixed(0),
    cpu.toFixed(2),
  ];
}

/** For those who wait. */
export function aiaLine(score: AiaScore): string {
  return cells(score)
    .map((cell) => cell.padEnd(10))
    .join(" ");
}

/** Geometric means of the ratios for each engine and number of vCPUs. */
function means(scores: readonly AiaScore[]): string[][] {
  const groups = new Map<string, AiaScore[]>();
  for (const score of scores) {
    const key = `${score.vcpus} ${score.engine}`;
    groups.set(key, [...(groups.get(key) ?? []), score]);
  }
  return [...groups].map(([key, group]) => {
    const [vcpus = "", engine = ""] = key.split(" ");
    const mean = (of: "wall" | "cpu"): string =>
      geometricMean(group.map((score) => ratios(score)[of])).toFixed(2);
    return ["geometric mean", vcpus, engine, "", "", mean("wall"), "", mean("cpu")];
  });
}

export function aiaTable(scores: readonly AiaScore[]): string {
  return table(HEADER, [...scores.map(cells), ...means(scores)]);
}

/** What the loads are. */
export function aiaLegend(): string {
  return AIA_TASKS.map(({ name, what }) => `- ${name}: ${what}`).join("\n");
}
