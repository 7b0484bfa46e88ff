/** What domains used between two samples. */
import type { NodeInfo } from "../../virt/driver/host-calls.ts";
import {
  type BlockCounters,
  type DomainSample,
  type NetCounters,
  type Sample,
  isActive,
} from "./sample.ts";

/** Counters are undefined where there is no earlier sample. */
export interface DomainUsage {
  readonly domain: DomainSample;
  readonly isActive: boolean;
  readonly cpuNs: bigint;
  /** Of all physical CPUs. */
  readonly cpuPercent: number;
  readonly memoryPercent: number;
  /** Of all disks together. */
  readonly block: BlockCounters | undefined;
  readonly net: NetCounters | undefined;
  readonly blocks: ReadonlyMap<string, BlockCounters>;
  readonly nets: ReadonlyMap<string, NetCounters>;
  /** Of one physical CPU, by the virtual one's number. */
  readonly vcpuPercents: ReadonlyMap<number, number>;
}

export interface Totals {
  readonly count: number;
  readonly running: number;
  readonly blocked: number;
  readonly paused: number;
  readonly shutdown: number;
  readonly shutoff: number;
  readonly crashed: number;
  readonly active: number;
  readonly inactive: number;
  readonly cpuNs: bigint;
  readonly cpuPercent: number;
  readonly memoryKib: bigint;
}

export interface Usage {
  readonly timeMs: number;
  readonly domains: readonly DomainUsage[];
  readonly totals: Totals;
}

const NS_PER_MS = 1e6;

export function usageBetween(before: Sample | undefined, now: Sample, node: NodeInfo): Usage {
  const elapsedNs = Math.max((now.timeMs - (before?.timeMs ?? now.timeMs)) * NS_PER_MS, 1);
  const domains = now.domains.map((domain) => {
    const old = before?.domains.find(({ uuid, id }) => uuid === domain.uuid && id === domain.id);
    return domainUsage(domain, old && isActive(old) ? old : undefined, elapsedNs, node);
  });
  return { timeMs: now.timeMs, domains, totals: totalsOf(domains, elapsedNs * node.cpus) };
}

function domainUsage(
  domain: DomainSample,
  old: DomainSample | undefined,
  elapsedNs: number,
  node: NodeInfo,
): DomainUsage {
  const cpuNs = old ? domain.cpuTimeNs - old.cpuTimeNs : 0n;
  const blocks = differences(domain.blocks, old?.blocks, BLOCK_FIELDS);
  const nets = differences(domain.nets, old?.nets, NET_FIELDS);
  return {
    domain,
    isActive: isActive(domain),
    cpuNs,
    cpuPercent: (100 * Number(cpuNs)) / (elapsedNs * node.cpus),
    memoryPercent: old ? Number((100n * domain.memoryKib) / BigInt(node.memoryKib || 1)) : 0,
    block: sum(blocks, BLOCK_FIELDS),
    net: sum(nets, NET_FIELDS),
    blocks,
    nets,
    vcpuPercents: new Map(
      domain.vcpus.flatMap(({ number, cpuTimeNs }): [number, number][] => {
        const earlier = old?.vcpus.find((each) => each.number === number);
        if (!earlier) return [];
        return [[number, (100 * Number(cpuTimeNs - earlier.cpuTimeNs)) / elapsedNs]];
      }),
    ),
  };
}

const BLOCK_FIELDS = ["readRequests", "readBytes", "writeRequests", "writeBytes"] as const;
const NET_FIELDS = ["receivedBytes", "receivedPackets", "sentBytes", "sentPackets"] as const;

/** Of the devices that both samples have. */
function differences<K extends string>(
  now: ReadonlyMap<string, Readonly<Record<K, bigint>>>,
  before: ReadonlyMap<string, Readonly<Record<K, bigint>>> | undefined,
  fields: readonly K[],
): Map<string, Record<K, bigint>> {
  const found = new Map<string, Record<K, bigint>>();
  for (const [name, counters] of now) {
    const old = before?.get(name);
    if (!old) continue;
    found.set(
      name,
      mapFields(fields, (field) => difference(counters[field], old[field])),
    );
  }
  return found;
}

const difference = (now: bigint, before: bigint): bigint => now - before;

function sum<K extends string>(
  all: ReadonlyMap<string, Readonly<Record<K, bigint>>>,
  fields: readonly K[],
): Record<K, bigint> | undefined {
  if (all.size === 0) return undefined;
  return mapFields(fields, (field) =>
    [...all.values()].reduce<bigint>((total, counters) => total + counters[field], 0n),
  );
}

function mapFields<K extends string>(
  fields: readonly K[],
  value: (field: K) => bigint,
): Record<K, bigint> {
  return Object.fromEntries(fields.map((field) => [field, value(field)])) as Record<K, bigint>;
}

/** `virDomainState`. */
const [RUNNING, BLOCKED, PAUSED, SHUTDOWN, SHUT_OFF, CRASHED, SUSPENDED] = [1, 2, 3, 4, 5, 6, 7];

function totalsOf(domains: readonly DomainUsage[], availableNs: number): Totals {
  const active = domains.filter((each) => each.isActive);
  const inState = (...states: readonly (number | undefined)[]): number =>
    active.filter(({ domain }) => states.includes(domain.state)).length;
  const cpuNs = active.reduce((total, each) => total + each.cpuNs, 0n);
  return {
    count: domains.length,
    running: inState(RUNNING),
    blocked: inState(BLOCKED),
    paused: inState(PAUSED, SUSPENDED),
    shutdown: inState(SHUTDOWN),
    shutoff: inState(SHUT_OFF),
    crashed: inState(CRASHED),
    active: active.length,
    inactive: domains.length - active.length,
    cpuNs,
    cpuPercent: (100 * Number(cpuNs)) / availableNs,
    memoryKib: active.reduce((total, { domain }) => total + domain.memoryKib, 0n),
  };
}
