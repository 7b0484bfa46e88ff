/** A sparkline's two shapes, as SVG paths. */
import type { Series } from "../../virt/manager/derive.ts";

/** The drawing's own units: one a point across. */
export const SPARK_HEIGHT = 20;

export interface SparkPaths {
  readonly line: string;
  /** The line, closed along the bottom. */
  readonly area: string;
}

/**
 * Draws the series to the right edge of `points` points; gaps stay empty.
 *
 * @param most the value at the top
 */
export function sparkPaths(values: Series, most: number, points: number): SparkPaths {
  const left = points - values.length;
  let line = "";
  let area = "";
  for (let at = 0; at < values.length;) {
    const end = endOfRun(values, at);
    if (end > at) {
      const run = values.slice(at, end).map((value, i) => `${left + at + i} ${yOf(value, most)}`);
      // A single point is drawn as a short line: it would not be seen.
      if (run.length === 1) run.push(`${left + at + 0.5} ${yOf(values[at] ?? 0, most)}`);
      line += `M${run.join("L")}`;
      area += `M${left + at} ${SPARK_HEIGHT}L${run.join("L")}V${SPARK_HEIGHT}Z`;
    }
    at = end + 1;
  }
  return { line, area };
}

function endOfRun(values: Series, from: number): number {
  let at = from;
  while (at < values.length && values[at] !== null) at += 1;
  return at;
}

function yOf(value: number | null, most: number): number {
  const part = Math.min(1, Math.max(0, (value ?? 0) / most));
  return Math.round(SPARK_HEIGHT * (1 - part) * 10) / 10;
}
