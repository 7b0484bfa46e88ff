/** The groups of `domstats`: each a domain's figures of one kind, in libvirt's order. */
import type { BalloonInfo, BlockStats, MachineStats } from "../../../api/types.ts";
import { currentMemoryKib, devicesOf, maxMemoryKib, vcpuCounts } from "../../conf/domain/view.ts";
import { DomainMemoryStatTags, DomainStatsTypes as Group } from "../../driver/domain-flags.ts";
import { param, type TypedParam, type TypedParams } from "../../driver/typed-params.ts";
import { vcpuParams } from "../../driver/vcpu-counters.ts";
import { find, type XmlElement } from "../../xml/element.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import { balloonOf } from "./balloon.ts";
import { imagePath } from "./disk-image.ts";
import { nanoseconds } from "./info-calls.ts";
import { targetOf } from "./machine-disks.ts";
import { memoryStats } from "./memory-stats.ts";
import type { QemuState } from "./qemu-state.ts";

/** A domain with what its machine says of itself, all read at one time. */
interface Figures {
  readonly state: QemuState;
  readonly domain: DomainObject;
  /** Null while there is no machine. */
  readonly machine: MachineStats | null;
  /** Null without a balloon, and where it is not asked for. */
  readonly balloon: BalloonInfo | null;
  readonly blocks: Readonly<Record<string, BlockStats>> | null;
}

type Grouper = (figures: Figures) => Promise<TypedParams> | TypedParams;

const NOTHING: Grouper = () => [];

const GROUPS: readonly (readonly [number, Grouper])[] = [
  [Group.state, stateParams],
  [Group.cpuTotal, cpuParams],
  [Group.balloon, balloonParams],
  [Group.vcpu, vcpusParams],
  [Group.interface, interfaceParams],
  [Group.block, diskParams],
  // libvirt has these always; nothing of them is switched on here.
  [Group.perf, NOTHING],
  [Group.iothread, ioThreadParams],
  [Group.memory, NOTHING],
];

/** Bits of all groups that there are. */
export const KNOWN_GROUPS = GROUPS.reduce((sum, [bit]) => sum | bit, 0);

/** @param wanted bits of `virDomainStatsTypes` */
export async function domainStats(
  state: QemuState,
  domain: DomainObject,
  wanted: number,
): Promise<TypedParams> {
  const machine = state.runs.get(domain.uuid)?.machine;
  const asksBalloon = (wanted & Group.balloon) !== 0 && balloonOf(domain.definition);
  const figures = {
    state,
    domain,
    machine: (await machine?.stats()) ?? null,
    // It may have ended meanwhile.
    balloon: (asksBalloon && (await machine?.balloon().catch(() => null))) || null,
    blocks: domain.isActive ? ((await machine?.blockStats().catch(() => null)) ?? null) : null,
  };
  const params: TypedParam[] = [];
  for (const [bit, group] of GROUPS) {
    if ((wanted & bit) !== 0) params.push(...(await group(figures)));
  }
  return params;
}

function stateParams({ domain: { state, reason } }: Figures): TypedParams {
  return [param.int("state.state", state), param.int("state.reason", reason)];
}

function cpuParams({ machine }: Figures): TypedParams {
  return machine ? [param.ullong("cpu.time", nanoseconds(machine.hartMs))] : [];
}

function balloonParams({ domain: { definition }, machine, balloon }: Figures): TypedParams {
  const stats = machine ? memoryStats(balloon, machine.residentBytes) : [];
  const current = balloonOf(definition) ? currentMemoryKib(definition) : maxMemoryKib(definition);
  return [
    param.ullong("balloon.current", BigInt(current)),
    param.ullong("balloon.maximum", BigInt(maxMemoryKib(definition))),
    ...stats
      .filter(({ tag }) => tag !== DomainMemoryStatTags.actualBalloon)
      .map(({ name, value }) => param.ullong(`balloon.${name}`, value)),
  ];
}

function vcpusParams({ domain, machine }: Figures): TypedParams {
  const { current, max } = vcpuCounts(domain.definition);
  const params = [param.uint("vcpu.current", current), param.uint("vcpu.maximum", max)];
  if (!machine) return params;
  return [
    ...params,
    ...machine.vcpus.flatMap((stats, at) => [
      param.int(`vcpu.${at}.state`, 1),
      ...vcpuParams(stats, at),
    ]),
  ];
}

function interfaceParams({ domain, machine }: Figures): TypedParams {
  return machine ? [param.uint("net.count", devicesOf(domain.definition, "interface").length)] : [];
}

function ioThreadParams({ machine }: Figures): TypedParams {
  return machine ? [param.uint("iothread.count", 0)] : [];
}

async function diskParams({ state, domain, blocks }: Figures): Promise<TypedParams> {
  const disks = devicesOf(domain.definition, "disk");
  const rows = await Promise.all(
    disks.map((disk, at) => oneDisk(state, disk, `block.${at}`, blocks?.[targetOf(disk)])),
  );
  return [param.uint("block.count", disks.length), ...rows.flat()];
}

async function oneDisk(
  state: QemuState,
  disk: XmlElement,
  prefix: string,
  stats: BlockStats | undefined,
): Promise<TypedParams> {
  const source = imagePath(disk, state.storage);
  const params = [param.string(`${prefix}.name`, targetOf(disk))];
  if (source !== undefined) params.push(param.string(`${prefix}.path`, source));
  const index = find(disk, "source")?.attributes.get("index");
  if (index !== undefined) params.push(param.uint(`${prefix}.backingIndex`, Number(index)));
  if (stats) {
    for (const [name, field] of STAT_NAMES) {
      params.push(param.ullong(`${prefix}.${name}`, BigInt(Math.round(stats[field]))));
    }
  }
  const info =
    source === undefined ? null : await state.ports.images.info(source).catch(() => null);
  if (!info) return params;
  return [
    ...params,
    param.ullong(`${prefix}.allocation`, info.allocation),
    param.ullong(`${prefix}.capacity`, info.capacity),
    param.ullong(`${prefix}.physical`, info.physical),
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
