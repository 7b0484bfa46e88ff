/** What the manager's columns of graphs show of a domain's counters. */
import {
  cpuPercent,
  diskTraffic,
  hostCpuPercent,
  memoryKib,
  networkTraffic,
  type Series,
  type Traffic,
} from "../../virt/manager/derive.ts";
import type { StatsSample } from "../../virt/manager/stats-history.ts";
import { formatBytes } from "../common/format.ts";
import type { Translate } from "../i18n/catalogue.ts";
import type { Graph } from "../preferences/preferences.ts";

/** Points of a sparkline: a minute at one a second. */
export const POINTS = 60;

/** The latest last: percents, or bytes, or bytes a second. Null where nothing is known. */
export function seriesOf(graph: Graph, samples: readonly StatsSample[], hostCpus: number): Series {
  // One more, since rates are between two.
  const last = samples.slice(-POINTS - 1);
  switch (graph) {
    case "cpu":
      return cpuPercent(last);
    case "hostCpu":
      return hostCpuPercent(last, hostCpus);
    case "memory":
      return last.slice(1).map((sample) => {
        const kib = memoryKib(sample);
        return kib === undefined ? null : kib * 1024;
      });
    case "disk":
      return both(diskTraffic(last));
    case "network":
      return both(networkTraffic(last));
  }
}

/** The latest figure alone. */
export function figureOf(
  graph: Graph,
  samples: readonly StatsSample[],
  hostCpus: number,
): number | null {
  return seriesOf(graph, samples.slice(-2), hostCpus).at(-1) ?? null;
}

function both({ read, written }: Traffic): Series {
  return read.map((value, at) => {
    const other = written[at] ?? null;
    return value === null && other === null ? null : (value ?? 0) + (other ?? 0);
  });
}

export function figureText(graph: Graph, value: number | null, t: Translate): string {
  if (value === null) return "";
  switch (graph) {
    case "cpu":
    case "hostCpu":
      return t("unit.percent", { value: Math.round(value) });
    case "memory":
      return formatBytes(value, t);
    case "disk":
    case "network":
      return t("graph.perSecond", { amount: formatBytes(Math.round(value), t) });
  }
}

/** The top of scales that are not of percents: traffic is compared among all machines. */
export class Peaks {
  readonly #peaks = new Map<Graph, number>();

  /** Takes the latest sample of a domain. */
  take(samples: readonly StatsSample[]): void {
    for (const graph of ["disk", "network"] as const) {
      this.#peaks.set(graph, Math.max(this.most(graph), figureOf(graph, samples, 1) ?? 0));
    }
  }

  /** The greatest that was seen so far; at least 1. */
  most(graph: Graph): number {
    return this.#peaks.get(graph) ?? 1;
  }
}
