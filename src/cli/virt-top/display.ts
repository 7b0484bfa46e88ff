/** What stands on the screen. */
import { timeOfDay } from "./figures.ts";
import { type Setup, nodeText } from "./reports.ts";
import { SORT_FIELDS, type Settings } from "./settings.ts";
import { tableOf } from "./tables.ts";
import type { Usage } from "./usage.ts";

/** A line of the screen. */
export interface Line {
  readonly text: string;
  readonly isReverse?: boolean;
}

/** Where messages and questions stand. */
export const MESSAGE_LINE = 3;

/** %CPU of all domains at earlier moments. */
export class CpuHistory {
  readonly #percents: number[] = [];
  #lastMs: number | undefined;

  /** Newest first. */
  get percents(): readonly number[] {
    return this.#percents;
  }

  note({ timeMs, totals }: Usage, everySeconds: number): void {
    this.#lastMs ??= timeMs;
    if (timeMs < this.#lastMs + everySeconds * 1000) return;
    this.#lastMs = timeMs;
    this.#percents.unshift(totals.cpuPercent);
    this.#percents.length = Math.min(this.#percents.length, 11);
  }
}

export function mainLines(
  usage: Usage,
  setup: Setup,
  settings: Settings,
  history: CpuHistory,
  message: string,
): Line[] {
  const { totals } = usage;
  const past = history.percents.map((value) => `${value.toFixed(1)}%`).join(" ");
  const guestMb = totals.memoryKib / 1024n;
  const { header, rows } = tableOf(usage, settings);
  return [
    { text: `virt-top ${timeOfDay(usage.timeMs)} - ${nodeText(setup.node)} ${past}` },
    {
      text:
        `${totals.count} domains, ${totals.active} active, ${totals.running} running, ` +
        `${totals.blocked} sleeping, ${totals.paused} paused, ${totals.inactive} inactive ` +
        `D:${totals.shutdown} O:${totals.shutoff} X:${totals.crashed}`,
    },
    { text: `CPU: ${totals.cpuPercent.toFixed(1)}%  Mem: ${guestMb} MB (${guestMb} MB by guests)` },
    { text: message },
    { text: header, isReverse: true },
    ...rows.map((text) => ({ text })),
  ];
}

/** The key that chooses a sort field in the list of all. */
export function sortKey(index: number): string {
  return String(index);
}

export function sortLines(chosen: number): Line[] {
  return [
    { text: "Sort the main display by" },
    { text: "Press a key, or Up and Down and Enter." },
    { text: "" },
    { text: "" },
    { text: "KEY   Sort field", isReverse: true },
    ...SORT_FIELDS.map((field, index) => ({
      text: `  ${sortKey(index)} ${index === chosen ? "*" : " "} ${field.label}${
        "key" in field ? ` (key: ${field.key})` : ""
      }`,
    })),
  ];
}

const KEYS: readonly (readonly [key: string, does: string])[] = [
  ["space ^L", "update now"],
  ["q", "quit"],
  ["h", "this help"],
  ["s d", "change the delay between updates"],
  ["0", "domains"],
  ["1", "virtual processors and back"],
  ["2", "network interfaces and back"],
  ["3", "disks and back"],
  ["B", "disks' bytes or requests"],
  ["P", "sort by %CPU"],
  ["M", "sort by memory"],
  ["T", "sort by CPU time"],
  ["N", "sort by ID"],
  ["F", "choose the sort field"],
  ["W", "write the settings to the init file"],
];

export function helpLines(settings: Settings, uri: string): Line[] {
  const isSorted = SORT_FIELDS.find(({ name }) => name === settings.sort)?.label ?? "";
  return [
    { text: `virt-top on ${uri}` },
    {
      text: `Delay: ${settings.delayMs / 1000} s; batch: ${onOff(settings.isBatch)}; secure: ${onOff(settings.isSecure)}`,
    },
    { text: `Sort: ${isSorted}` },
    { text: "" },
    { text: "KEY        What it does", isReverse: true },
    ...KEYS.map(([key, does]) => ({ text: `  ${key.padEnd(9)}${does}` })),
    { text: "" },
    { text: "Any key goes back." },
  ];
}

const onOff = (value: boolean): string => (value ? "on" : "off");
