/** The counters as rows, in the order and grouping in which people are shown them. */
import type { VcpuStats } from "./types.ts";

/** `ms` is host time in milliseconds. */
export type StatUnit = "count" | "ms" | "bytes";

interface Row {
  readonly id: string;
  readonly unit: StatUnit;
  /** What is there now, not a sum of events: it has no rate. */
  readonly gauge: boolean;
  /** Its value for one vCPU or, by the sums, for the machine. */
  of(stats: VcpuStats): number;
}

function row<const Id extends string>(
  id: Id,
  of: (stats: VcpuStats) => number,
  { unit = "count", gauge = false }: { unit?: StatUnit; gauge?: boolean } = {},
) {
  return { id, unit, gauge, of } satisfies Row;
}

export const STAT_GROUPS = [
  {
    id: "execution",
    rows: [
      row("instructions", (s) => s.instructions),
      row("translated", (s) => s.translator.instructions),
      row("interpreted", (s) => Math.max(0, s.instructions - s.translator.instructions)),
      row("hartTime", (s) => s.hartMs, { unit: "ms" }),
      row("decodes", (s) => s.decodes),
    ],
  },
  {
    id: "translator",
    rows: [
      row("regions", (s) => s.translator.regions, { gauge: true }),
      row("modules", (s) => s.translator.modules, { gauge: true }),
      row("bytes", (s) => s.translator.bytes, { unit: "bytes", gauge: true }),
      row("translations", (s) => s.translator.translations),
      row("adoptions", (s) => s.translator.adoptions),
      row("translateTime", (s) => s.translator.translateMs, { unit: "ms" }),
      row("compileTime", (s) => s.translator.compileMs, { unit: "ms" }),
      row("entries", (s) => s.translator.entries),
    ],
  },
  {
    id: "stops",
    rows: [
      row("stopInterpreter", (s) => s.translator.stops.interpreter),
      row("stopTrap", (s) => s.translator.stops.trap),
      row("stopDevice", (s) => s.translator.stops.device),
      row("stopPoll", (s) => s.translator.stops.poll),
      row("stopCold", (s) => s.translator.stops.cold),
    ],
  },
  {
    id: "memory",
    rows: [
      row("tlbMisses", (s) => s.tlbMisses),
      row("fetchMisses", (s) => s.fetchMisses),
      row("slowAccesses", (s) => s.slowAccesses),
    ],
  },
  {
    id: "invalidations",
    rows: [
      row("tlbFlushes", (s) => s.invalidations.tlbFlushes),
      row("tlbPageFlushes", (s) => s.invalidations.tlbPageFlushes),
      row("fetchFences", (s) => s.invalidations.fetchFences),
      row("changedPages", (s) => s.invalidations.changedPages),
      row("evictedPages", (s) => s.invalidations.evictedPages),
      row("droppedModules", (s) => s.invalidations.droppedModules),
    ],
  },
  {
    id: "exits",
    rows: [
      row("traps", (s) => s.traps),
      row("interrupts", (s) => s.interrupts),
      row("mmioReads", (s) => s.exits.mmioRead),
      row("mmioWrites", (s) => s.exits.mmioWrite),
      row("wfi", (s) => s.exits.wfi),
      row("requests", (s) => s.exits.request),
    ],
  },
] as const;

export type StatGroup = (typeof STAT_GROUPS)[number];
export type StatGroupId = StatGroup["id"];
export type StatRow = StatGroup["rows"][number];
export type StatId = StatRow["id"];

/** Millions of guest instructions per second of host time in guest code; 0 before it ran. */
export function mipsOf(stats: VcpuStats): number {
  return stats.hartMs > 0 ? stats.instructions / stats.hartMs / 1000 : 0;
}
