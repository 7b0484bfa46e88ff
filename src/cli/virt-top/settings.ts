/** What is shown and how often: set by options, the init file and keys. */

/** In the order in which they may be chosen. */
export const SORT_FIELDS = [
  { name: "id", label: "Domain ID", key: "N" },
  { name: "name", label: "Domain name" },
  { name: "cpu", label: "%CPU", key: "P" },
  { name: "mem", label: "%MEM", key: "M" },
  { name: "time", label: "TIME (CPU time)", key: "T" },
  { name: "netrx", label: "Net RX bytes" },
  { name: "nettx", label: "Net TX bytes" },
  { name: "blockrdrq", label: "Block read reqs" },
  { name: "blockwrrq", label: "Block write reqs" },
] as const;

export type Sort = (typeof SORT_FIELDS)[number]["name"];

/** Domains, their virtual processors, their interfaces, their disks. */
export const DISPLAYS = ["task", "pcpu", "net", "block"] as const;
export type Display = (typeof DISPLAYS)[number];

export interface Settings {
  display: Display;
  sort: Sort;
  delayMs: number;
  historySeconds: number;
  /** How many more times; -1 for ever. */
  iterations: number;
  /** When to end; undefined never. */
  endMs: number | undefined;
  isBatch: boolean;
  isSecure: boolean;
  isScript: boolean;
  isStream: boolean;
  blocksInBytes: boolean;
  uri: string | undefined;
  debugFile: string | undefined;
  csvFile: string | undefined;
  readonly csv: { cpu: boolean; mem: boolean; block: boolean; net: boolean };
  /** A path; undefined is the user's own, null none. */
  initFile: string | undefined | null;
  mayOverwriteInitFile: boolean;
}

export function defaultSettings(): Settings {
  return {
    display: "task",
    sort: "cpu",
    delayMs: 3000,
    historySeconds: 20,
    iterations: -1,
    endMs: undefined,
    isBatch: false,
    isSecure: false,
    isScript: false,
    isStream: false,
    blocksInBytes: false,
    uri: undefined,
    debugFile: undefined,
    csvFile: undefined,
    csv: { cpu: true, mem: true, block: true, net: true },
    initFile: undefined,
    mayOverwriteInitFile: true,
  };
}

/** What ends the command with a message and status 1. */
export class TopError extends Error {}

const LONG_NAMES: Readonly<Record<string, Sort>> = { processor: "cpu", memory: "mem" };

/** @throws TopError */
export function parseSort(text: string): Sort {
  const found = SORT_FIELDS.find(({ name }) => name === (LONG_NAMES[text] ?? text));
  if (found) return found.name;
  const names = "cpu|mem|time|id|name|netrx|nettx|blockrdrq|blockwrrq";
  throw new TopError(`${text}: sort order should be: ${names}`);
}

/** @throws TopError */
export function parseDisplay(text: string): Display {
  const found = DISPLAYS.find((name) => name === text);
  if (found) return found;
  throw new TopError(`${text}: display should be task|pcpu|block|net`);
}

/** @throws TopError where the delay is none */
export function setDelay(settings: Settings, seconds: number): void {
  if (!(seconds > 0)) throw new TopError("-d: cannot set a negative delay");
  settings.delayMs = Math.floor(seconds * 1000);
}
