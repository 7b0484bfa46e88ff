/** `~/.virt-toprc`: settings from last time. */
import { parseEndTime } from "./end-time.ts";
import { type Settings, TopError, parseDisplay, parseSort, setDelay } from "./settings.ts";

export const INIT_FILE = ".virt-toprc";

type Set = (settings: Settings, text: string, nowMs: number) => void;

function yes(text: string): boolean {
  if (text === "true" || text === "false") return text === "true";
  throw new TopError(`could not parse '${text}': expecting true|false`);
}

function number(text: string): number {
  const value = Number(text);
  if (text !== "" && !Number.isNaN(value)) return value;
  throw new TopError(`could not parse '${text}': expecting a number`);
}

const ITEMS: Readonly<Record<string, Set>> = {
  display: (s, text) => void (s.display = parseDisplay(text)),
  delay: (s, text) => setDelay(s, number(text)),
  "hist-cpu": (s, text) => void (s.historySeconds = number(text)),
  iterations: (s, text) => void (s.iterations = number(text)),
  sort: (s, text) => void (s.sort = parseSort(text)),
  connect: (s, text) => void (s.uri = text === "" ? undefined : text),
  debug: (s, text) => void (s.debugFile = text),
  csv: (s, text) => void (s.csvFile = text),
  "csv-cpu": (s, text) => void (s.csv.cpu = yes(text)),
  "csv-mem": (s, text) => void (s.csv.mem = yes(text)),
  "csv-block": (s, text) => void (s.csv.block = yes(text)),
  "csv-net": (s, text) => void (s.csv.net = yes(text)),
  batch: (s, text) => void (s.isBatch = yes(text)),
  secure: (s, text) => void (s.isSecure = yes(text)),
  script: (s, text) => void (s.isScript = yes(text)),
  stream: (s, text) => void (s.isStream = yes(text)),
  "block-in-bytes": (s, text) => void (s.blocksInBytes = yes(text)),
  "end-time": (s, text, nowMs) => void (s.endMs = parseEndTime(text, nowMs)),
  "overwrite-init-file": (s, text) => void (s.mayOverwriteInitFile = yes(text)),
};

/** @returns what is said of items that are not known @throws TopError */
export function readInitFile(
  path: string,
  text: string,
  settings: Settings,
  nowMs: number,
): string[] {
  const warnings: string[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const [, key, value = ""] = /^\s*([^#\s]\S*)(?:\s+(.*?))?\s*$/.exec(line) ?? [];
    if (key === undefined) continue;
    const set = ITEMS[key];
    if (!set) {
      warnings.push(`${path}:${index + 1}: configuration item '${key}' ignored`);
      continue;
    }
    try {
      set(settings, value, nowMs);
    } catch (error) {
      if (!(error instanceof TopError)) throw error;
      throw new TopError(`${path}:${index + 1}: ${error.message}`, { cause: error });
    }
  }
  return warnings;
}

/** The settings as a file that gives them again. */
export function initFileText(settings: Settings): string {
  const items: readonly (readonly [key: string, value: string | number | boolean | undefined])[] = [
    ["display", settings.display],
    ["delay", settings.delayMs / 1000],
    ["hist-cpu", settings.historySeconds],
    ["sort", settings.sort],
    ["connect", settings.uri],
    ["debug", settings.debugFile],
    ["csv", settings.csvFile],
    ["csv-cpu", settings.csv.cpu],
    ["csv-mem", settings.csv.mem],
    ["csv-block", settings.csv.block],
    ["csv-net", settings.csv.net],
    ["batch", settings.isBatch],
    ["secure", settings.isSecure],
    ["block-in-bytes", settings.blocksInBytes],
  ];
  const lines = items.flatMap(([key, value]) => (value === undefined ? [] : [`${key} ${value}\n`]));
  return `# virt-top reads this when it starts.\n${lines.join("")}`;
}
