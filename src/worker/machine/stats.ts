import type { HartView } from "../../machine/hart-view.ts";
import { ExitReason } from "../../protocol/layout.ts";
import type { MachineCounters } from "../../protocol/machine-service.ts";

/**
 * Sums the harts' counters. They are read while harts run: each is exact, but they are not of one
 * instant.
 *
 * @param nowMs the VM's monotonic clock, for the time of stays in `run` that last
 */
export function collectStats(harts: readonly HartView[], nowMs: number): MachineCounters {
  const sum = (of: (hart: HartView) => bigint): number =>
    Number(harts.reduce((total, hart) => total + of(hart), 0n));
  const exits = (reason: number): number => sum((hart) => hart.u64("statExits", reason));
  const nowUs = BigInt(Math.round(nowMs * 1000));
  return {
    instructions: sum((hart) => hart.u64("instret")),
    tlbMisses: sum((hart) => hart.u64("statTlbMisses")),
    fetchMisses: sum((hart) => hart.u64("statFetchMisses")),
    traps: sum((hart) => hart.u64("statTraps")),
    interrupts: sum((hart) => hart.u64("statInterrupts")),
    exits: {
      mmioRead: exits(ExitReason.mmioRead),
      mmioWrite: exits(ExitReason.mmioWrite),
      wfi: exits(ExitReason.wfi),
    },
    hartMs: sum((hart) => runUs(hart, nowUs)) / 1000,
  };
}

function runUs(hart: HartView, nowUs: bigint): bigint {
  const since = hart.u64("statRunSinceUs");
  return hart.u64("statRunUs") + (since === 0n || since > nowUs ? 0n : nowUs - since);
}
