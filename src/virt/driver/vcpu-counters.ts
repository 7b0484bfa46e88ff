/**
 * A vCPU's counters as libvirt gives a hypervisor's own: `vcpu.N.NAME.sum` grows, `vcpu.N.NAME.cur` is
 * what is there now. Names that KVM has, too, mean the same here; those of the translator begin with
 * `jit_`. Times are in nanoseconds.
 */
import {
  machineStats,
  type MachineStats,
  NO_VCPU_STATS,
  type VcpuStats,
} from "../../protocol/stats.ts";
import { param, type TypedParam, type TypedParams, typedParam } from "./typed-params.ts";

/** Where a counter is: `exits.wfi`. */
type Path = Paths<VcpuStats>;
type Paths<T> = {
  [K in keyof T & string]: T[K] extends number ? K : `${K}.${Paths<T[K]>}`;
}[keyof T & string];

/** Its name, where it is, and how many of our units make one. */
type Row = readonly [name: string, path: Path, scale?: number];

const NS_PER_MS = 1e6;

const ROWS: readonly Row[] = [
  ["instructions.sum", "instructions"],
  ["mmio_read_exits.sum", "exits.mmioRead"],
  ["mmio_write_exits.sum", "exits.mmioWrite"],
  ["wfi_exit_stat.sum", "exits.wfi"],
  ["signal_exits.sum", "exits.request"],
  ["traps.sum", "traps"],
  ["irq_injections.sum", "interrupts"],
  ["blocking.cur", "asleep"],
  ["decodes.sum", "decodes"],
  ["tlb_misses.sum", "tlbMisses"],
  ["slow_accesses.sum", "slowAccesses"],
  ["fetch_misses.sum", "fetchMisses"],
  ["tlb_flush.sum", "invalidations.tlbFlushes"],
  ["tlb_page_flush.sum", "invalidations.tlbPageFlushes"],
  ["fetch_fences.sum", "invalidations.fetchFences"],
  ["changed_pages.sum", "invalidations.changedPages"],
  ["evicted_pages.sum", "invalidations.evictedPages"],
  ["jit_dropped_modules.sum", "invalidations.droppedModules"],
  ["jit_instructions.sum", "translator.instructions"],
  ["jit_entries.sum", "translator.entries"],
  ["jit_stop_interpreter.sum", "translator.stops.interpreter"],
  ["jit_stop_trap.sum", "translator.stops.trap"],
  ["jit_stop_device.sum", "translator.stops.device"],
  ["jit_stop_poll.sum", "translator.stops.poll"],
  ["jit_stop_cold.sum", "translator.stops.cold"],
  ["jit_modules.cur", "translator.modules"],
  ["jit_regions.cur", "translator.regions"],
  ["jit_bytes.cur", "translator.bytes"],
  ["jit_translations.sum", "translator.translations"],
  ["jit_adoptions.sum", "translator.adoptions"],
  ["jit_translate_ns.sum", "translator.translateMs", NS_PER_MS],
  ["jit_compile_ns.sum", "translator.compileMs", NS_PER_MS],
];

/** The parameters of vCPU `number`: `exits.sum` and `mmio_exit_user.sum` are sums of others. */
export function vcpuParams(stats: VcpuStats, number: number): TypedParams {
  const { mmioRead, mmioWrite, wfi, request } = stats.exits;
  const prefix = `vcpu.${number}`;
  const count = (name: string, value: number): TypedParam =>
    param.ullong(`${prefix}.${name}`, BigInt(Math.round(value)));
  return [
    count("time", stats.hartMs * NS_PER_MS),
    param.boolean(`${prefix}.halted`, stats.asleep > 0),
    count("exits.sum", mmioRead + mmioWrite + wfi + request),
    count("mmio_exit_user.sum", mmioRead + mmioWrite),
    ...ROWS.map(([name, path, scale = 1]) => count(name, numberAt(stats, path) * scale)),
  ];
}

/** A machine's counters from the parameters of its domain, as `domstats` gives them. */
export function machineStatsFrom(params: TypedParams): MachineStats {
  const value = (field: string): number => Number(typedParam(params, field)?.value ?? 0);
  const vcpus = Array.from({ length: value("vcpu.current") }, (_, at) => vcpuStatsFrom(params, at));
  return machineStats(vcpus, value("balloon.rss") * 1024);
}

/** What is missing is 0. */
function vcpuStatsFrom(params: TypedParams, number: number): VcpuStats {
  const stats = copyOf(NO_VCPU_STATS);
  const rows: readonly Row[] = [["time", "hartMs", NS_PER_MS], ...ROWS];
  for (const [name, path, scale = 1] of rows) {
    const value = typedParam(params, `vcpu.${number}.${name}`)?.value ?? 0;
    setNumber(stats, path, Number(value) / scale);
  }
  return stats as unknown as VcpuStats;
}

interface Tree {
  [name: string]: number | Tree;
}

function copyOf(stats: VcpuStats): Tree {
  return JSON.parse(JSON.stringify(stats)) as Tree;
}

function numberAt(stats: VcpuStats, path: Path): number {
  let at: unknown = stats;
  for (const name of path.split(".")) at = (at as Tree)[name];
  return Number(at);
}

function setNumber(stats: Tree, path: Path, value: number): void {
  const names = path.split(".");
  const last = names.pop() ?? "";
  let at = stats;
  for (const name of names) at = at[name] as Tree;
  at[last] = value;
}
