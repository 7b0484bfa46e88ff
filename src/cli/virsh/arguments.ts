/** virsh's own command line, before its commands. */
import { CommandError } from "./shell/errors.ts";
import { LOG_LEVELS } from "./shell/log.ts";
import { parseWhole } from "./shell/numbers.ts";

export interface VirshArguments {
  readonly uri?: string;
  readonly readOnly: boolean;
  readonly quiet: boolean;
  readonly timing: boolean;
  readonly escape: string;
  /** Messages of this level and above are printed: an index of `LOG_LEVELS`. */
  readonly debug?: number;
  /** The file that gets messages and errors, too. */
  readonly logFile?: string;
  /** Seconds between messages that keep the connection alive, where anything was asked of them. */
  readonly keepAliveS?: number;
  /** What is wrong but no reason to stop. */
  readonly complaints: readonly string[];
  /** What to print instead of running commands. */
  readonly show?: "help" | "short version" | "long version";
  /** The command: none is interactive. */
  readonly words: readonly string[];
}

/** A value, with the option as it was written. */
interface Given {
  readonly value: string;
  readonly written: string;
}

interface Flag {
  readonly short?: string;
  readonly long: string;
  readonly value: "none" | "needed" | "optional";
}

const FLAGS: readonly Flag[] = [
  { short: "c", long: "connect", value: "needed" },
  { short: "d", long: "debug", value: "needed" },
  { short: "e", long: "escape", value: "needed" },
  { short: "h", long: "help", value: "none" },
  { short: "k", long: "keepalive-interval", value: "needed" },
  { short: "K", long: "keepalive-count", value: "needed" },
  { short: "l", long: "log", value: "needed" },
  { short: "q", long: "quiet", value: "none" },
  { short: "t", long: "timing", value: "none" },
  { short: "r", long: "readonly", value: "none" },
  { short: "v", long: "v", value: "none" },
  { short: "V", long: "V", value: "none" },
  { long: "version", value: "optional" },
];

/** @throws CommandError in the real tool's words */
export function parseArguments(args: readonly string[]): VirshArguments {
  const values = new Map<string, Given>();
  const rest = [...args];
  while (rest[0]?.startsWith("-") === true && rest[0] !== "-") {
    const word = rest.shift() ?? "";
    if (word === "--") break;
    if (word.startsWith("--")) takeLong(word.slice(2), rest, values);
    else takeShort(word.slice(1), rest, values);
  }
  const uri = values.get("connect")?.value;
  const show = shownBy(values);
  const logFile = values.get("log")?.value;
  const level = debugLevel(values.get("debug"));
  const interval = positive(values.get("keepalive-interval"));
  const count = positive(values.get("keepalive-count"));
  const isForced = interval !== undefined || count !== undefined;
  return {
    complaints: typeof level === "string" ? [level] : [],
    ...(typeof level === "number" ? { debug: level } : {}),
    ...(logFile === undefined ? {} : { logFile }),
    ...(isForced ? { keepAliveS: interval ?? KEEP_ALIVE_S } : {}),
    ...(uri === undefined ? {} : { uri }),
    readOnly: values.has("readonly"),
    quiet: values.has("quiet"),
    timing: values.has("timing"),
    escape: checkedEscape(values.get("escape")?.value ?? "^]"),
    ...(show === undefined ? {} : { show }),
    words: rest,
  };
}

/** The level, or why it is left at its default. @throws CommandError for what is no number */
function debugLevel(given: Given | undefined): number | string | undefined {
  if (!given) return undefined;
  const level = parseWhole(given.value, "int");
  if (level === null) throw new CommandError(`option ${given.written} takes a numeric argument`);
  const max = LOG_LEVELS.length - 1;
  if (level >= 0n && level <= max) return Number(level);
  return `ignoring debug level ${level} out of range [0-${max}]`;
}

const KEEP_ALIVE_S = 5;

/** A whole number from 0 on. @throws CommandError */
function positive(given: Given | undefined): number | undefined {
  if (!given) return undefined;
  const value = parseWhole(given.value, "int");
  if (value === null) throw new CommandError(`Invalid value for option ${given.written}`);
  if (value >= 0n) return Number(value);
  throw new CommandError(`option ${given.written} requires a positive integer argument`);
}

function shownBy(values: ReadonlyMap<string, Given>): VirshArguments["show"] {
  if (values.has("help")) return "help";
  if (values.has("V") || values.get("version")?.value === "long") return "long version";
  if (values.has("v") || values.has("version")) return "short version";
  return undefined;
}

function checkedEscape(text: string): string {
  if (/^(?:\^[@A-Z[\\\]^_a-z]|.)$/s.test(text)) return text;
  throw new CommandError(`Invalid string '${text}' for escape sequence`);
}

function takeLong(text: string, rest: string[], values: Map<string, Given>): void {
  const [name = "", ...parts] = text.split("=");
  const given = parts.length === 0 ? undefined : parts.join("=");
  const flag = FLAGS.find((each) => each.long === name && each.long.length > 1);
  if (!flag) throw new CommandError(`unsupported option '--${text}'. See --help.`);
  values.set(flag.long, { value: valueOf(flag, given, rest), written: `--${flag.long}` });
}

function takeShort(letters: string, rest: string[], values: Map<string, Given>): void {
  for (let at = 0; at < letters.length; at++) {
    const flag = FLAGS.find(({ short }) => short === letters[at]);
    if (!flag) throw new CommandError(`unsupported option '-${letters[at] ?? ""}'. See --help.`);
    const tail = letters.slice(at + 1);
    const takesTail = flag.value === "needed" && tail !== "";
    const value = valueOf(flag, takesTail ? tail : undefined, rest);
    values.set(flag.long, { value, written: `-${letters[at] ?? ""}` });
    if (takesTail) return;
  }
}

function valueOf(flag: Flag, given: string | undefined, rest: string[]): string {
  if (flag.value !== "needed") return given ?? "";
  const value = given ?? rest.shift();
  if (value !== undefined) return value;
  const short = flag.short === undefined ? "" : `'-${flag.short}'/`;
  throw new CommandError(`option ${short}'--${flag.long}' requires an argument`);
}
