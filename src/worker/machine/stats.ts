import type { HartView } from "../../machine/hart-view.ts";
import { ExitReason, HartState, RegionStop } from "../../protocol/layout.ts";
import {
  type ExitStats,
  type InvalidationStats,
  type MachineStats,
  machineStats,
  type StopStats,
  type TranslatorStats,
  type VcpuStats,
} from "../../protocol/stats.ts";

type Field = Parameters<HartView["u64"]>[0];

/**
 * The harts' counters as they stand; harts may run.
 *
 * @param nowMs the VM's monotonic clock, for the time of stays in `run` that last
 */
export function collectStats(
  harts: readonly HartView[],
  nowMs: number,
  residentBytes = 0,
): MachineStats {
  const nowUs = BigInt(Math.round(nowMs * 1000));
  return machineStats(
    harts.map((hart) => vcpuStats(hart, nowUs)),
    residentBytes,
  );
}

function vcpuStats(hart: HartView, nowUs: bigint): VcpuStats {
  const of = (field: Field, index = 0): number => Number(hart.u64(field, index));
  return {
    instructions: of("statRetired") + of("instret"),
    hartMs: Number(runUs(hart, nowUs)) / 1000,
    decodes: of("statDecodes"),
    tlbMisses: of("statTlbMisses"),
    slowAccesses: of("statSlowAccesses"),
    fetchMisses: of("statFetchMisses"),
    asleep: hart.state === HartState.wfi ? 1 : 0,
    traps: of("statTraps"),
    interrupts: of("statInterrupts"),
    exits: byName(ExitReason, ["mmioRead", "mmioWrite", "wfi", "request"], (reason) =>
      of("statExits", reason),
    ) satisfies ExitStats,
    translator: translatorStats(hart, of),
    invalidations: invalidationStats(of),
  };
}

type Reader = (field: Field, index?: number) => number;

function translatorStats(hart: HartView, of: Reader): TranslatorStats {
  const stops = ["interpreter", "trap", "device", "poll", "cold"] as const;
  return {
    instructions: of("statTranslated"),
    entries: of("statEntries"),
    stops: byName(RegionStop, stops, (stop) => of("statStops", stop)) satisfies StopStats,
    modules: hart.u32("jitModules"),
    regions: hart.u32("jitFunctions"),
    bytes: of("jitBytes"),
    translations: of("statTranslations"),
    adoptions: of("statAdoptions"),
    translateMs: of("statTranslateNs") / 1e6,
    compileMs: of("statCompileNs") / 1e6,
  };
}

function invalidationStats(of: Reader): InvalidationStats {
  return {
    changedPages: of("statPagesChanged"),
    evictedPages: of("statPagesEvicted"),
    droppedModules: of("statModulesDropped"),
    fetchFences: of("statFetchFences"),
    tlbFlushes: of("statTlbFlushes"),
    tlbPageFlushes: of("statTlbPageFlushes"),
  };
}

/** Counters in an array of the layout, under the names of its indices. */
function byName<K extends string>(
  indices: Readonly<Record<K, number>>,
  names: readonly K[],
  read: (index: number) => number,
): Record<K, number> {
  return Object.fromEntries(names.map((name) => [name, read(indices[name])])) as Record<K, number>;
}

function runUs(hart: HartView, nowUs: bigint): bigint {
  const since = hart.u64("statRunSinceUs");
  return hart.u64("statRunUs") + (since === 0n || since > nowUs ? 0n : nowUs - since);
}
