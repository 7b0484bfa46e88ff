import {
  mipsOf,
  STAT_GROUPS,
  type StatGroupId,
  type StatId,
  type StatUnit,
} from "../../api/stat-rows.ts";
import type { MachineStats, VcpuStats } from "../../api/types.ts";

const GROUPS: Readonly<Record<StatGroupId, string>> = {
  execution: "Execution",
  translator: "Translator",
  stops: "Translated code stopped",
  memory: "Address translation",
  invalidations: "Forgotten or checked again",
  exits: "Traps and exits",
};

const LABELS: Readonly<Record<StatId, string>> = {
  instructions: "instructions",
  translated: "translated",
  interpreted: "interpreted",
  hartTime: "time in guest code",
  decodes: "decoded parcels",
  regions: "regions",
  modules: "modules",
  bytes: "code size",
  translations: "translations",
  adoptions: "regions taken over",
  translateTime: "translate time",
  compileTime: "of it the engine's",
  entries: "entries",
  stopInterpreter: "for the interpreter",
  stopTrap: "by an exception",
  stopDevice: "for a device",
  stopPoll: "to poll",
  stopCold: "at cold code",
  tlbMisses: "TLB misses",
  fetchMisses: "fetch misses",
  slowAccesses: "slow accesses",
  tlbFlushes: "TLB flushes",
  tlbPageFlushes: "TLB page flushes",
  fetchFences: "FENCE.I",
  changedPages: "changed code pages",
  evictedPages: "evicted code pages",
  droppedModules: "modules dropped",
  traps: "exceptions",
  interrupts: "interrupts",
  mmioReads: "exits: MMIO reads",
  mmioWrites: "exits: MMIO writes",
  wfi: "exits: WFI",
  requests: "exits: requests",
};

const LABEL_WIDTH = 24;
const VALUE_WIDTH = 18;

/**
 * Counters as `--stats` prints them: a column for the machine and, where there are several, one for
 * each vCPU.
 *
 * @param wallMs host milliseconds since the machine was started
 */
export function statsText(stats: MachineStats, wallMs: number): string {
  const several = stats.vcpus.length > 1;
  const columns: readonly VcpuStats[] = several ? [stats, ...stats.vcpus] : [stats];
  const heads = several ? ["all vCPUs", ...stats.vcpus.map((_, index) => `vCPU ${index}`)] : [];
  const lines = [
    ...(several ? [line("", heads)] : []),
    line("wall time", [format(wallMs, "ms")]),
    line(
      "speed",
      columns.map((column) => `${mipsOf(column).toFixed(1)} MIPS`),
    ),
    ...STAT_GROUPS.flatMap(({ id, rows }) => [
      GROUPS[id],
      ...rows.map((row) =>
        line(
          `  ${LABELS[row.id]}`,
          columns.map((column) => format(row.of(column), row.unit)),
        ),
      ),
    ]),
  ];
  return `${lines.join("\n")}\n`;
}

/** Counters for programs: `MachineStats` with `wallMs`, host milliseconds since the start. */
export function statsJson(stats: MachineStats, wallMs: number): string {
  return `${JSON.stringify({ wallMs, ...stats }, undefined, 2)}\n`;
}

function line(label: string, values: readonly string[]): string {
  return label.padEnd(LABEL_WIDTH) + values.map((value) => value.padStart(VALUE_WIDTH)).join("");
}

function format(value: number, unit: StatUnit): string {
  if (unit === "ms") return `${(value / 1000).toFixed(3)} s`;
  return unit === "bytes" ? `${grouped(value)} B` : grouped(value);
}

function grouped(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, " ");
}
