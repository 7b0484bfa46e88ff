/** What charts and sparklines show, derived from counters. */
import { DomainState } from "../driver/domain-flags.ts";
import type { StatsSample } from "./stats-history.ts";

/** One value a pair of samples; null where the counter was not there, or began anew. */
export type Series = readonly (number | null)[];

/** The value of a counter in one sample; 0 for texts. */
export function counter(sample: StatsSample, name: string): number | undefined {
  const value = sample.values.get(name);
  return typeof value === "number" ? value : undefined;
}

/** The sum of all counters whose name matches; undefined where there are none. */
export function sumOf(sample: StatsSample, pattern: RegExp): number | undefined {
  let sum: number | undefined;
  for (const [name, value] of sample.values) {
    if (typeof value === "number" && pattern.test(name)) sum = (sum ?? 0) + value;
  }
  return sum;
}

/** Sums over all devices of a domain; undefined where it has none, or the driver does not count. */
export interface Totals {
  readonly cpuNs: number | undefined;
  readonly memoryKib: number | undefined;
  readonly diskRead: number | undefined;
  readonly diskWritten: number | undefined;
  readonly netReceived: number | undefined;
  readonly netSent: number | undefined;
}

const totals = new WeakMap<StatsSample, Totals>();

/** Counted once for each sample: tables of many domains ask again and again. */
export function totalsOf(sample: StatsSample): Totals {
  const before = totals.get(sample);
  if (before) return before;
  const made = {
    cpuNs: counter(sample, "cpu.time"),
    memoryKib: takenKib(sample),
    diskRead: sumOf(sample, /^block\.\d+\.rd\.bytes$/),
    diskWritten: sumOf(sample, /^block\.\d+\.wr\.bytes$/),
    netReceived: sumOf(sample, /^net\.\d+\.rx\.bytes$/),
    netSent: sumOf(sample, /^net\.\d+\.tx\.bytes$/),
  };
  totals.set(sample, made);
  return made;
}

/** libvirt tells the balloon's size of domains that are off, too, which take nothing. */
function takenKib(sample: StatsSample): number | undefined {
  const taken = counter(sample, "balloon.rss");
  if (taken !== undefined) return taken;
  const state = counter(sample, "state.state");
  const isOff = state === DomainState.shutoff || state === DomainState.crashed;
  return isOff ? undefined : counter(sample, "balloon.current");
}

/** The change a second between each sample and the one before; one value less than samples. */
export function ratePerSecond(
  samples: readonly StatsSample[],
  read: (sample: StatsSample) => number | undefined,
): Series {
  return samples.slice(1).map((sample, at) => {
    const before = samples[at];
    const [from, to] = [before && read(before), read(sample)];
    if (!before || from === undefined || to === undefined || to < from) return null;
    const seconds = (sample.atMs - before.atMs) / 1000;
    return seconds > 0 ? (to - from) / seconds : null;
  });
}

const NANOSECONDS = 1e9;

/** How busy the vCPUs are, of all that they could do: 0 to 100. */
export function cpuPercent(samples: readonly StatsSample[]): Series {
  const vcpus = Math.max(1, counter(samples.at(-1) ?? EMPTY, "vcpu.current") ?? 1);
  return hostCpuPercent(samples, vcpus);
}

/** How much of the host's processors the domain takes: 0 to 100. */
export function hostCpuPercent(samples: readonly StatsSample[], hostCpus: number): Series {
  const rates = ratePerSecond(samples, (sample) => totalsOf(sample).cpuNs);
  return rates.map((rate) =>
    rate === null ? null : Math.min(100, (rate / NANOSECONDS / hostCpus) * 100),
  );
}

export interface Traffic {
  /** Bytes a second. */
  readonly read: Series;
  readonly written: Series;
}

export function diskTraffic(samples: readonly StatsSample[]): Traffic {
  return {
    read: ratePerSecond(samples, (sample) => totalsOf(sample).diskRead),
    written: ratePerSecond(samples, (sample) => totalsOf(sample).diskWritten),
  };
}

export function networkTraffic(samples: readonly StatsSample[]): Traffic {
  return {
    read: ratePerSecond(samples, (sample) => totalsOf(sample).netReceived),
    written: ratePerSecond(samples, (sample) => totalsOf(sample).netSent),
  };
}

/** KiB that the guest's memory takes of the host; what it may take where that is not known;
 * undefined while it is off. */
export function memoryKib(sample: StatsSample): number | undefined {
  return totalsOf(sample).memoryKib;
}

const EMPTY: StatsSample = { atMs: 0, values: new Map() };
