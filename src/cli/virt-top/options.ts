/** virt-top's options. */
import { parseEndTime } from "./end-time.ts";
import { type Settings, parseSort, setDelay } from "./settings.ts";

/** A wrong command line: the message stands before the usage, the status is 2. */
export class UsageError extends Error {}

interface Option {
  readonly spellings: readonly string[];
  /** What its value is called; none: it has none. */
  readonly value?: string;
  readonly number?: "an integer" | "a float";
  readonly help: string;
  set(settings: Settings, text: string, nowMs: number): void;
}

function flag(spellings: string, help: string, set: (settings: Settings) => void): Option {
  return { spellings: spellings.split(" "), help, set };
}

function valued(
  spellings: string,
  value: string,
  help: string,
  set: Option["set"],
  number?: Option["number"],
): Option {
  const words = spellings.split(" ");
  return { spellings: words, value, help, set, ...(number === undefined ? {} : { number }) };
}

const OPTIONS: readonly Option[] = [
  flag("-1", "begin with virtual processors instead of domains", (s) => void (s.display = "pcpu")),
  flag("-2", "begin with network interfaces", (s) => void (s.display = "net")),
  flag("-3", "begin with disks", (s) => void (s.display = "block")),
  flag("-b", "batch mode: no keys", (s) => void (s.isBatch = true)),
  valued("-c --connect", "URI", "the connection, as qemu:///system", (s, text) => {
    s.uri = text === "" ? undefined : text;
  }),
  valued("--csv", "FILE", "write all figures to a file, too", (s, text) => {
    s.csvFile = text;
  }),
  flag("--no-csv-cpu", "leave the processor out of it", (s) => void (s.csv.cpu = false)),
  flag("--no-csv-mem", "leave the memory out of it", (s) => void (s.csv.mem = false)),
  flag("--no-csv-block", "leave the disks out of it", (s) => void (s.csv.block = false)),
  flag("--no-csv-net", "leave the network out of it", (s) => void (s.csv.net = false)),
  valued(
    "-d",
    "DELAY",
    "seconds between updates: 3",
    (s, text) => setDelay(s, Number(text)),
    "a float",
  ),
  valued("--debug", "FILE", "write errors to a file", (s, text) => {
    s.debugFile = text;
  }),
  valued(
    "--end-time",
    "TIME",
    "when to end: [YYYY-MM-DD ]HH:MM:SS, +HH:MM:SS or +SECONDS",
    (s, text, nowMs) => {
      s.endMs = parseEndTime(text, nowMs);
    },
  ),
  valued(
    "--hist-cpu",
    "SECONDS",
    "between the past %CPU at the top right: 20",
    (s, text) => {
      s.historySeconds = Number(text);
    },
    "an integer",
  ),
  valued("--init-file", "FILE", "settings at the start, instead of ~/.virt-toprc", (s, text) => {
    s.initFile = text;
  }),
  flag("--no-init-file", "no settings from a file", (s) => void (s.initFile = null)),
  valued(
    "-n",
    "TIMES",
    "how many updates: without end",
    (s, text) => {
      s.iterations = Number(text);
    },
    "an integer",
  ),
  flag("--once", "as -n 1", (s) => void (s.iterations = 1)),
  valued(
    "-o",
    "SORT",
    "cpu|mem|time|id|name|netrx|nettx|blockrdrq|blockwrrq",
    (s, text) => void (s.sort = parseSort(text)),
  ),
  flag("-s", "secure mode: settings cannot be written", (s) => void (s.isSecure = true)),
  flag("--script", "no display: for --csv", (s) => void (s.isScript = true)),
  flag("--stream", "lines instead of a display", (s) => void (s.isStream = true)),
  flag("--block-in-bytes", "bytes of disks instead of requests", (s) => {
    s.blocksInBytes = true;
  }),
];

const COLUMN = 22;

export function usage(): string {
  const lines = OPTIONS.map(({ spellings, value, help }) => {
    const begin = `  ${spellings.join(", ")}${value === undefined ? "" : ` ${value}`}`;
    return `${begin.length < COLUMN ? begin.padEnd(COLUMN) : `${begin}\n${" ".repeat(COLUMN)}`}${help}\n`;
  });
  return (
    "usage: virt-top [options]\n\nShow what domains use of processor, memory, disks and network.\n\n" +
    `Options:\n${lines.join("")}` +
    `${"  --version".padEnd(COLUMN)}print the version and end\n` +
    `${"  -help, --help".padEnd(COLUMN)}print this and end\n`
  );
}

const INTEGER = /^[+-]?(?:\d+|0x[0-9a-f]+)$/i;

/** @returns what is asked for instead of running @throws UsageError, TopError */
export function parseOptions(
  args: readonly string[],
  settings: Settings,
  nowMs: number,
): "help" | "version" | undefined {
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const name = word;
    if (name === "-help" || name === "--help") return "help";
    if (name === "--version") return "version";
    if (!name.startsWith("-")) throw new UsageError(`${name}: unknown parameter.`);
    const [, long, inline] = /^(--[^=]+)=(.*)$/s.exec(name) ?? [];
    const option = OPTIONS.find(({ spellings }) => spellings.includes(long ?? name));
    if (!option) throw new UsageError(`unknown option '${name}'.`);
    if (option.value === undefined) {
      if (inline !== undefined) throw new UsageError(`unknown option '${name}'.`);
      option.set(settings, "", nowMs);
      continue;
    }
    const text = inline ?? rest.shift();
    if (text === undefined) throw new UsageError(`option '${name}' needs an argument.`);
    checkNumber(option, name, text);
    option.set(settings, text, nowMs);
  }
  return undefined;
}

function checkNumber({ number }: Option, name: string, text: string): void {
  const isNumber = text.trim() !== "" && !Number.isNaN(Number(text));
  const isGood = number === undefined || (number === "an integer" ? INTEGER.test(text) : isNumber);
  if (!isGood)
    throw new UsageError(`wrong argument '${text}'; option '${name}' expects ${number}.`);
}
