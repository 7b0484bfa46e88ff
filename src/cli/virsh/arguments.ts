/** virsh's own command line, before its commands. */
import { CommandError } from "./shell/errors.ts";

export interface VirshArguments {
  readonly uri?: string;
  readonly readOnly: boolean;
  readonly quiet: boolean;
  readonly timing: boolean;
  readonly escape: string;
  /** What to print instead of running commands. */
  readonly show?: "help" | "short version" | "long version";
  /** The command: none is interactive. */
  readonly words: readonly string[];
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
  const values = new Map<string, string>();
  const rest = [...args];
  while (rest[0]?.startsWith("-") === true && rest[0] !== "-") {
    const word = rest.shift() ?? "";
    if (word === "--") break;
    if (word.startsWith("--")) takeLong(word.slice(2), rest, values);
    else takeShort(word.slice(1), rest, values);
  }
  const uri = values.get("connect");
  const show = shownBy(values);
  return {
    ...(uri === undefined ? {} : { uri }),
    readOnly: values.has("readonly"),
    quiet: values.has("quiet"),
    timing: values.has("timing"),
    escape: checkedEscape(values.get("escape") ?? "^]"),
    ...(show === undefined ? {} : { show }),
    words: rest,
  };
}

function shownBy(values: ReadonlyMap<string, string>): VirshArguments["show"] {
  if (values.has("help")) return "help";
  if (values.has("V") || values.get("version") === "long") return "long version";
  if (values.has("v") || values.has("version")) return "short version";
  return undefined;
}

function checkedEscape(text: string): string {
  if (/^(?:\^[@A-Z[\\\]^_a-z]|.)$/s.test(text)) return text;
  throw new CommandError(`Invalid string '${text}' for escape sequence`);
}

function takeLong(text: string, rest: string[], values: Map<string, string>): void {
  const [name = "", ...parts] = text.split("=");
  const given = parts.length === 0 ? undefined : parts.join("=");
  const flag = FLAGS.find((each) => each.long === name && each.long.length > 1);
  if (!flag) throw new CommandError(`unsupported option '--${text}'. See --help.`);
  values.set(flag.long, valueOf(flag, given, rest));
}

function takeShort(letters: string, rest: string[], values: Map<string, string>): void {
  for (let at = 0; at < letters.length; at++) {
    const flag = FLAGS.find(({ short }) => short === letters[at]);
    if (!flag) throw new CommandError(`unsupported option '-${letters[at] ?? ""}'. See --help.`);
    const tail = letters.slice(at + 1);
    const takesTail = flag.value === "needed" && tail !== "";
    values.set(flag.long, valueOf(flag, takesTail ? tail : undefined, rest));
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
