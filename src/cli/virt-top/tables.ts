/** The rows below the summary: domains, virtual processors, interfaces or disks. */
import { count, cpuTime, percent } from "./figures.ts";
import { compare, sortedDomains } from "./order.ts";
import type { BlockCounters, DomainSample, NetCounters } from "./sample.ts";
import type { Settings, Sort } from "./settings.ts";
import type { DomainUsage, Usage } from "./usage.ts";

export interface Table {
  readonly header: string;
  readonly rows: readonly string[];
}

/** No state, running, blocked, paused, shutting down, off, crashed, suspended. */
const STATES = "?RSPDOXP";

function begin({ id, state }: DomainSample): string {
  return `${String(id).padStart(5)} ${STATES[state] ?? "?"}`;
}

export function tableOf(usage: Usage, settings: Settings): Table {
  switch (settings.display) {
    case "task":
      return domainTable(usage, settings);
    case "pcpu":
      return vcpuTable(usage, settings.sort);
    case "net":
      return netTable(usage, settings.sort);
    case "block":
      return blockTable(usage, settings.sort);
  }
}

/** One line of an active domain. */
export function domainRow(usage: DomainUsage, inBytes: boolean): string {
  const { domain, block, net } = usage;
  return [
    begin(domain),
    count(inBytes ? block?.readBytes : block?.readRequests),
    count(inBytes ? block?.writeBytes : block?.writeRequests),
    count(net?.receivedBytes),
    count(net?.sentBytes),
    percent(usage.cpuPercent),
    percent(usage.memoryPercent),
    cpuTime(domain.cpuTimeNs),
    domain.name,
  ].join(" ");
}

export function domainHeader(inBytes: boolean): string {
  const [read, write] = inBytes ? ["RDBY", "WRBY"] : ["RDRQ", "WRRQ"];
  return `   ID S ${read} ${write} RXBY TXBY %CPU %MEM    TIME   NAME`;
}

function domainTable({ domains }: Usage, { sort, blocksInBytes }: Settings): Table {
  const rows = sortedDomains(domains, sort).map((each) =>
    each.isActive
      ? domainRow(each, blocksInBytes)
      : `    -                                           (${each.domain.name})`,
  );
  return { header: domainHeader(blocksInBytes), rows };
}

/** Offline, running, blocked. */
const VCPU_STATES = "-RS";

function vcpuTable({ domains }: Usage, sort: Sort): Table {
  const rows = sortedDomains(domains, sort).flatMap(({ domain, vcpuPercents }) =>
    domain.vcpus.map(({ number, state, cpu, cpuTimeNs }) =>
      [
        String(domain.id).padStart(5),
        VCPU_STATES[state] ?? "?",
        String(number).padStart(4),
        (cpu < 0 ? "-" : String(cpu)).padStart(6),
        percent(vcpuPercents.get(number) ?? 0),
        cpuTime(cpuTimeNs),
        domain.name,
      ].join(" "),
    ),
  );
  return { header: "   ID S VCPU PHYCPU %CPU    TIME   DOMAIN", rows };
}

interface DeviceRow<T> {
  readonly usage: DomainUsage;
  readonly device: string;
  readonly counters: T;
}

/** Devices of all active domains; the most of what `most` says first. */
function deviceRows<T>(
  { domains }: Usage,
  devices: (usage: DomainUsage) => ReadonlyMap<string, T>,
  sort: Sort,
  most: (counters: T) => bigint,
): DeviceRow<T>[] {
  const all = domains
    .filter(({ isActive }) => isActive)
    .flatMap((usage) =>
      [...devices(usage)].map(([device, counters]) => ({ usage, device, counters })),
    );
  const order = (one: DeviceRow<T>, other: DeviceRow<T>): number => {
    if (sort === "name") return 0;
    if (sort === "id") return one.usage.domain.id - other.usage.domain.id;
    return compare(most(other.counters), most(one.counters));
  };
  return all.toSorted(
    (one, other) =>
      order(one, other) ||
      compare(one.device, other.device) ||
      compare(one.usage.domain.name, other.usage.domain.name),
  );
}

function deviceLine<T>({ usage, device }: DeviceRow<T>, counters: readonly bigint[]): string {
  const name = usage.domain.name.slice(0, 12).padEnd(12);
  return [begin(usage.domain), ...counters.map(count), name, device].join(" ");
}

function netTable(usage: Usage, sort: Sort): Table {
  const most = (each: NetCounters): bigint =>
    sort === "nettx" ? each.sentBytes : each.receivedBytes;
  const rows = deviceRows(usage, ({ nets }) => nets, sort, most).map((row) => {
    const { receivedBytes, sentBytes, receivedPackets, sentPackets } = row.counters;
    return deviceLine(row, [receivedBytes, sentBytes, receivedPackets, sentPackets]);
  });
  return { header: "   ID S RXBY TXBY RXPK TXPK DOMAIN       INTERFACE", rows };
}

function blockTable(usage: Usage, sort: Sort): Table {
  const most = (each: BlockCounters): bigint =>
    sort === "blockwrrq" ? each.writeRequests : each.readRequests;
  const rows = deviceRows(usage, ({ blocks }) => blocks, sort, most).map((row) => {
    const { readBytes, writeBytes, readRequests, writeRequests } = row.counters;
    return deviceLine(row, [readBytes, writeBytes, readRequests, writeRequests]);
  });
  return { header: "   ID S RDBY WRBY RDRQ WRRQ DOMAIN       DEVICE", rows };
}
