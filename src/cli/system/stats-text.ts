import type { MachineStats } from "../../api/types.ts";

/** Counters as `--stats` prints them. */
export function statsText(stats: MachineStats, wallMs: number): string {
  const mips = stats.hartMs > 0 ? stats.instructions / stats.hartMs / 1000 : 0;
  const rows: readonly (readonly [string, string])[] = [
    ["wall time", `${(wallMs / 1000).toFixed(3)} s`],
    ["time in guest code", `${(stats.hartMs / 1000).toFixed(3)} s`],
    ["instructions", grouped(stats.instructions)],
    ["speed", `${mips.toFixed(1)} MIPS`],
    ["TLB misses", grouped(stats.tlbMisses)],
    ["fetch misses", grouped(stats.fetchMisses)],
    ["exceptions", grouped(stats.traps)],
    ["interrupts", grouped(stats.interrupts)],
    ["exits: MMIO reads", grouped(stats.exits.mmioRead)],
    ["exits: MMIO writes", grouped(stats.exits.mmioWrite)],
    ["exits: WFI", grouped(stats.exits.wfi)],
  ];
  return rows.map(([what, value]) => `${what.padEnd(20)}${value.padStart(18)}\n`).join("");
}

function grouped(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, " ");
}
