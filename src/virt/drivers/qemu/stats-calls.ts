/** Counters of running domains, and sizes of their disks. */
import type { BlockStats, VcpuStats } from "../../../api/types.ts";
import { vmError } from "../../../protocol/vm-error.ts";
import {
  currentMemoryKib,
  devicesOf,
  diskAt,
  diskSource,
  maxMemoryKib,
  vcpuCounts,
} from "../../conf/domain/view.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { DomainStatsTypes as Group } from "../../driver/domain-flags.ts";
import type { TypedParam, TypedParams } from "../../driver/typed-params.ts";
import type { XmlElement } from "../../xml/element.ts";
import { type DomainObject, isListed } from "../objects/domain-objects.ts";
import { nanoseconds } from "./info-calls.ts";
import { runOf } from "./lifecycle-calls.ts";
import { targetOf } from "./machine-disks.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";
import { demand } from "./verbs.ts";

type Calls = Pick<
  DomainCalls,
  | "connectGetAllDomainStats"
  | "domainBlockStatsFlags"
  | "domainGetBlockInfo"
  | "domainGetCPUStats"
  | "domainGetDiskErrors"
>;

const ENFORCE = 0x8000_0000;

export function statsCalls(state: QemuState): Calls {
  const { domains } = state;
  return {
    connectGetAllDomainStats: async (refs, stats, flags) => {
      const unknown = (stats & ~KNOWN_GROUPS) >>> 0;
      if ((flags & ENFORCE) !== 0 && unknown !== 0) {
        throw vmError(
          "argumentUnsupported",
          `Stats types bits 0x${unknown.toString(16)} are not supported by this daemon`,
          QEMU,
        );
      }
      const chosen = refs.length > 0 ? refs.map((ref) => domains.get(ref)) : domains.all();
      const wanted = stats === 0 ? KNOWN_GROUPS : stats;
      return Promise.all(
        chosen
          .filter((domain) => isListed(domain, flags & 0xff))
          .map(async (domain) => ({
            domain: domain.ref,
            params: await domainStats(state, domain, wanted),
          })),
      );
    },
    domainBlockStatsFlags: async (ref, disk) => {
      const domain = domains.get(ref);
      demand("blockStats", domain);
      const all = await runOf(state, domain).machine.blockStats();
      if (disk === "") return blockParams(sumOf(Object.values(all)));
      return blockParams(all[targetOf(diskOf(domain, disk))] ?? NO_BLOCK_STATS);
    },
    domainGetBlockInfo: async (ref, disk) => {
      const found = diskAt(domains.get(ref).definition, disk);
      if (!found) throw vmError("invalidArg", `invalid path ${disk} not assigned to domain`, QEMU);
      const source = diskSource(found);
      if (source !== undefined) return state.ports.images.info(source);
      throw vmError("invalidArg", `disk '${disk}' does not currently have a source assigned`, QEMU);
    },
    domainGetCPUStats: async (ref, startCpu) => {
      const domain = domains.active(ref);
      if (startCpu >= 0) {
        throw vmError("operationUnsupported", "times of single host CPUs are not known", QEMU);
      }
      const { hartMs } = await runOf(state, domain).machine.stats();
      return [[ullong("cpu_time", nanoseconds(hartMs))]];
    },
    domainGetDiskErrors: async (ref) => {
      const domain = domains.active(ref);
      const stopped = state.runs.get(domain.uuid)?.diskErrors ?? new Map<string, boolean>();
      return [...stopped].map(([disk, nospace]) => ({ disk, error: nospace ? 2 : 1 }));
    },
  };
}

/** @throws VmError invalidArg */
export function diskOf(domain: DomainObject, path: string): XmlElement {
  const disk = diskAt(domain.definition, path);
  if (disk) return disk;
  throw vmError("invalidArg", `invalid path: ${path}`, QEMU);
}

type Grouper = (state: QemuState, domain: DomainObject) => Promise<TypedParams> | TypedParams;

/** In libvirt's order. */
const GROUPS: readonly (readonly [number, Grouper])[] = [
  [Group.state, (_state, domain) => stateParams(domain)],
  [Group.cpuTotal, cpuParams],
  [Group.balloon, (_state, { definition }) => balloonParams(definition)],
  [Group.vcpu, vcpuParams],
  [Group.block, diskParams],
];
const KNOWN_GROUPS = GROUPS.reduce((sum, [bit]) => sum | bit, 0);

async function domainStats(
  state: QemuState,
  domain: DomainObject,
  wanted: number,
): Promise<TypedParams> {
  const params: TypedParam[] = [];
  for (const [bit, group] of GROUPS) {
    if ((wanted & bit) !== 0) params.push(...(await group(state, domain)));
  }
  return params;
}

const int = (field: string, value: number): TypedParam => ({ field, type: "int", value });
const uint = (field: string, value: number): TypedParam => ({ field, type: "uint", value });
const ullong = (field: string, value: bigint): TypedParam => ({ field, type: "ullong", value });
const text = (field: string, value: string): TypedParam => ({ field, type: "string", value });

function stateParams({ state, reason }: DomainObject): TypedParams {
  return [int("state.state", state), int("state.reason", reason)];
}

async function cpuParams(state: QemuState, { uuid }: DomainObject): Promise<TypedParams> {
  const run = state.runs.get(uuid);
  return run ? [ullong("cpu.time", nanoseconds((await run.machine.stats()).hartMs))] : [];
}

function balloonParams(definition: XmlElement): TypedParams {
  return [
    ullong("balloon.current", BigInt(currentMemoryKib(definition))),
    ullong("balloon.maximum", BigInt(maxMemoryKib(definition))),
  ];
}

async function vcpuParams(state: QemuState, domain: DomainObject): Promise<TypedParams> {
  const { current, max } = vcpuCounts(domain.definition);
  const params = [uint("vcpu.current", current), uint("vcpu.maximum", max)];
  const run = state.runs.get(domain.uuid);
  if (!run) return params;
  const { vcpus } = await run.machine.stats();
  return [...params, ...vcpus.flatMap((stats, at) => oneVcpu(stats, at))];
}

/** The names of the exits are those of KVM's statistics for RISC-V. */
function oneVcpu({ hartMs, exits }: VcpuStats, at: number): TypedParams {
  const { mmioRead, mmioWrite, wfi, request } = exits;
  const sum = (name: string, value: number): TypedParam =>
    ullong(`vcpu.${at}.${name}.sum`, BigInt(value));
  return [
    int(`vcpu.${at}.state`, 1),
    ullong(`vcpu.${at}.time`, nanoseconds(hartMs)),
    sum("exits", mmioRead + mmioWrite + wfi + request),
    sum("mmio_exit_user", mmioRead + mmioWrite),
    sum("wfi_exit_stat", wfi),
    sum("signal_exits", request),
  ];
}

async function diskParams(state: QemuState, domain: DomainObject): Promise<TypedParams> {
  const disks = devicesOf(domain.definition, "disk");
  const run = state.runs.get(domain.uuid);
  const stats = run && domain.isActive ? await run.machine.blockStats().catch(() => null) : null;
  const rows = await Promise.all(
    disks.map((disk, at) => oneDisk(state, disk, `block.${at}`, stats?.[targetOf(disk)])),
  );
  return [uint("block.count", disks.length), ...rows.flat()];
}

async function oneDisk(
  state: QemuState,
  disk: XmlElement,
  prefix: string,
  stats: BlockStats | undefined,
): Promise<TypedParams> {
  const source = diskSource(disk);
  const params = [text(`${prefix}.name`, targetOf(disk))];
  if (source !== undefined) params.push(text(`${prefix}.path`, source));
  if (stats) {
    for (const [name, field] of STAT_NAMES) {
      params.push(ullong(`${prefix}.${name}`, BigInt(Math.round(stats[field]))));
    }
  }
  const info =
    source === undefined ? null : await state.ports.images.info(source).catch(() => null);
  if (!info) return params;
  return [
    ...params,
    ullong(`${prefix}.allocation`, info.allocation),
    ullong(`${prefix}.capacity`, info.capacity),
    ullong(`${prefix}.physical`, info.physical),
  ];
}

const STAT_NAMES: readonly (readonly [string, keyof BlockStats])[] = [
  ["rd.reqs", "rdReq"],
  ["rd.bytes", "rdBytes"],
  ["rd.times", "rdTotalTimeNs"],
  ["wr.reqs", "wrReq"],
  ["wr.bytes", "wrBytes"],
  ["wr.times", "wrTotalTimeNs"],
  ["fl.reqs", "flushReq"],
  ["fl.times", "flushTotalTimeNs"],
];

const NO_BLOCK_STATS: BlockStats = {
  rdReq: 0,
  rdBytes: 0,
  wrReq: 0,
  wrBytes: 0,
  flushReq: 0,
  unmapReq: 0,
  unmapBytes: 0,
  rdTotalTimeNs: 0,
  wrTotalTimeNs: 0,
  flushTotalTimeNs: 0,
  errors: 0,
};

function sumOf(all: readonly BlockStats[]): BlockStats {
  const sum: Record<keyof BlockStats, number> = { ...NO_BLOCK_STATS };
  for (const stats of all) {
    for (const field of Object.keys(sum) as (keyof BlockStats)[]) sum[field] += stats[field];
  }
  return sum;
}

/** libvirt's names of block statistics. */
function blockParams(stats: BlockStats): TypedParams {
  const param = (field: string, value: number): TypedParam => ({
    field,
    type: "llong",
    value: BigInt(Math.round(value)),
  });
  return [
    param("wr_bytes", stats.wrBytes),
    param("wr_operations", stats.wrReq),
    param("rd_bytes", stats.rdBytes),
    param("rd_operations", stats.rdReq),
    param("flush_operations", stats.flushReq),
    param("wr_total_times", stats.wrTotalTimeNs),
    param("rd_total_times", stats.rdTotalTimeNs),
    param("flush_total_times", stats.flushTotalTimeNs),
  ];
}
