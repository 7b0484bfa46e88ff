/** What the charts of a machine show, from the samples of its counters. */
import {
  counter,
  cpuPercent,
  diskTraffic,
  hostCpuPercent,
  memoryKib,
  networkTraffic,
  ratePerSecond,
  type Series,
  sumOf,
} from "../../../virt/manager/derive.ts";
import type { StatsSample } from "../../../virt/manager/stats-history.ts";
import type { enPerformance } from "../../i18n/en-performance.ts";

export type Unit = "percent" | "bytes" | "bytesPerSecond" | "perSecond" | "mips";

/** Names of lines take no arguments. */
type Label = Exclude<keyof typeof enPerformance, "perf.eachSecond">;

export interface Line {
  readonly label: Label;
  readonly values: Series;
}

export interface Chart {
  readonly id: "cpu" | "speed" | "memory" | "disk" | "network" | "exits" | "jit";
  readonly unit: Unit;
  readonly lines: readonly Line[];
  /** The top of the scale; the largest value when absent. */
  readonly most?: number;
}

export interface Charts {
  /** Seconds since 1970, one for each value of each line. */
  readonly times: readonly number[];
  readonly charts: readonly Chart[];
}

const VCPU = (name: string): RegExp => new RegExp(`^vcpu\\.\\d+\\.${name}\\.sum$`);
const INSTRUCTIONS = VCPU("instructions");
const EXITS = VCPU("exits");
const MMIO_EXITS = VCPU("mmio_exit_user");
const WAITS = VCPU("wfi_exit_stat");
const JIT_ENTRIES = VCPU("jit_entries");
const JIT_TRANSLATIONS = VCPU("jit_translations");

/** @param hostCpus the processors of the computer */
export function chartsOf(samples: readonly StatsSample[], hostCpus: number): Charts {
  const rate = (pattern: RegExp): Series =>
    ratePerSecond(samples, (sample) => sumOf(sample, pattern));
  const disk = diskTraffic(samples);
  const network = networkTraffic(samples);
  const has = (pattern: RegExp): boolean =>
    samples.some((sample) => sumOf(sample, pattern) !== undefined);
  const always: Chart[] = [
    {
      id: "cpu",
      unit: "percent",
      most: 100,
      lines: [
        { label: "perf.guestCpu", values: cpuPercent(samples) },
        { label: "perf.hostCpu", values: hostCpuPercent(samples, hostCpus) },
      ],
    },
    {
      id: "memory",
      unit: "bytes",
      ...mostMemory(samples),
      lines: [
        {
          label: "perf.usedMemory",
          values: samples.slice(1).map((sample) => {
            const kib = memoryKib(sample);
            return kib === undefined ? null : kib * 1024;
          }),
        },
      ],
    },
    {
      id: "disk",
      unit: "bytesPerSecond",
      lines: [
        { label: "perf.read", values: disk.read },
        { label: "perf.written", values: disk.written },
      ],
    },
    {
      id: "network",
      unit: "bytesPerSecond",
      lines: [
        { label: "perf.received", values: network.read },
        { label: "perf.sent", values: network.written },
      ],
    },
  ];
  const own: Chart[] = [
    {
      id: "speed",
      unit: "mips",
      lines: [
        {
          label: "perf.executed",
          values: rate(INSTRUCTIONS).map((each) => (each === null ? null : each / 1e6)),
        },
      ],
    },
    {
      id: "exits",
      unit: "perSecond",
      lines: [
        { label: "perf.allExits", values: rate(EXITS) },
        { label: "perf.mmioExits", values: rate(MMIO_EXITS) },
        { label: "perf.waits", values: rate(WAITS) },
      ],
    },
    {
      id: "jit",
      unit: "perSecond",
      lines: [
        { label: "perf.jitEntries", values: rate(JIT_ENTRIES) },
        { label: "perf.jitTranslations", values: rate(JIT_TRANSLATIONS) },
      ],
    },
  ];
  return {
    times: samples.slice(1).map(({ atMs }) => atMs / 1000),
    charts: has(INSTRUCTIONS) ? [...always, ...own] : always,
  };
}

function mostMemory(samples: readonly StatsSample[]): { readonly most?: number } {
  const last = samples.at(-1);
  const kib = last && counter(last, "balloon.current");
  return kib === undefined ? {} : { most: kib * 1024 };
}
