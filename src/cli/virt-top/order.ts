/** The order of rows. */
import type { Sort } from "./settings.ts";
import type { DomainUsage } from "./usage.ts";

type Key = (usage: DomainUsage) => bigint | number;

/** What is compared; the least comes first. Names are compared last, and for `name` alone. */
const KEYS: Readonly<Record<Sort, Key>> = {
  name: () => 0,
  id: ({ domain }) => domain.id,
  cpu: ({ cpuPercent }) => -cpuPercent,
  mem: ({ domain }) => -domain.memoryKib,
  time: ({ domain }) => -domain.cpuTimeNs,
  netrx: ({ net }) => -(net?.receivedBytes ?? -1n),
  nettx: ({ net }) => -(net?.sentBytes ?? -1n),
  blockrdrq: ({ block }) => -(block?.readRequests ?? -1n),
  blockwrrq: ({ block }) => -(block?.writeRequests ?? -1n),
};

export function compare<T extends bigint | number | string>(one: T, other: T): number {
  if (one < other) return -1;
  return one > other ? 1 : 0;
}

/** Domains that are not active come last, unless names alone count. */
export function sortedDomains(domains: readonly DomainUsage[], sort: Sort): DomainUsage[] {
  const key = KEYS[sort];
  return domains.toSorted((one, other) => {
    const byState = sort === "name" ? 0 : Number(other.isActive) - Number(one.isActive);
    if (byState !== 0) return byState;
    const byKey = one.isActive && other.isActive ? compare(key(one), key(other)) : 0;
    return byKey === 0 ? compare(one.domain.name, other.domain.name) : byKey;
  });
}
