/** virt-install's own options: spellings, how many values, and where they are collected. */
import { UsageError } from "./errors.ts";
import { OPTION_TABLES } from "./options/index.ts";

type ValueKind = "flag" | "one" | "many" | "optional";

interface Switch {
  readonly name: string;
  readonly spellings: readonly string[];
  readonly kind: ValueKind;
  /** The value of a flag, or of an optional one that is not given. */
  readonly fixed?: string;
  readonly number?: "int" | "float";
}

function made(spellings: string, kind: ValueKind, extras: Partial<Switch> = {}): Switch {
  const words = spellings.split(" ");
  const long = words.find((word) => word.startsWith("--")) ?? words[0] ?? "";
  return { name: long.replace(/^-+/, ""), spellings: words, kind, ...extras };
}

/** Spellings beside the table's own. */
const MORE_SPELLINGS: Readonly<Record<string, string>> = {
  network: " -w",
  hostdev: " --host-device",
  sound: " --soundhw",
  seclabel: " --security",
  launchSecurity: " --launchsecurity",
};

const SWITCHES: readonly Switch[] = [
  ...OPTION_TABLES.map(({ name, flag }) =>
    made(`${flag}${MORE_SPELLINGS[name] ?? ""}`, "many", { name }),
  ),
  made("--connect", "one"),
  made("-n --name", "one"),
  made("-r --ram", "one", { number: "int" }),
  made("--check-cpu", "flag"),
  made("--cpuset", "one"),
  made("--xml", "many"),
  made("-u --uuid", "one"),
  made("--description", "one"),
  made("-c", "one"),
  made("--cdrom", "one"),
  made("-l --location", "one"),
  made("--pxe", "flag"),
  made("--import", "flag"),
  made("--livecd", "flag"),
  made("-x --extra-args", "many"),
  made("--initrd-inject", "many"),
  made("--unattended", "optional", { fixed: "" }),
  made("--install", "one"),
  made("--reinstall", "one"),
  made("--cloud-init", "optional", { fixed: "" }),
  made("--init", "one"),
  made("--os-variant --osinfo", "one"),
  made("--os-type", "one"),
  made("-f --file", "many"),
  made("-s --file-size", "many", { number: "float" }),
  made("--nonsparse", "flag"),
  made("--nodisks", "flag"),
  made("--nonetworks", "flag"),
  made("-b --bridge", "many"),
  made("-m --mac", "many"),
  made("--vnc", "flag"),
  made("--vncport", "one", { number: "int" }),
  made("--vnclisten", "one"),
  made("-k --keymap", "one"),
  made("--sdl", "flag"),
  made("--nographics", "flag"),
  made("-v --hvm", "flag", { name: "guest-type", fixed: "hvm" }),
  made("-p --paravirt", "flag", { name: "guest-type", fixed: "xen" }),
  made("--container", "flag", { name: "guest-type", fixed: "exe" }),
  made("--virt-type", "one"),
  made("--arch", "one"),
  made("--machine", "one"),
  made("--accelerate", "flag"),
  made("--noapic", "flag"),
  made("--noacpi", "flag"),
  made("--autostart", "flag"),
  made("--transient", "flag"),
  made("--destroy-on-exit", "flag"),
  made("--wait", "optional", { fixed: "-1", number: "int" }),
  made("--prompt", "flag"),
  made("--force", "flag"),
  made("--autoconsole", "one"),
  made("--noautoconsole", "flag", { name: "autoconsole", fixed: "none" }),
  made("--noreboot", "flag"),
  made("--print-xml", "optional", { fixed: "all" }),
  made("--print-step", "one"),
  made("--dry-run", "flag"),
  made("--check", "many"),
  made("-q --quiet", "flag"),
  made("-d --debug", "flag"),
  made("-h --help", "flag"),
  made("--version", "flag"),
];

/** All that was given, by option: `many` options have more than one. */
export class Given {
  readonly #values = new Map<string, string[]>();

  add(name: string, value: string, isMany: boolean): void {
    this.#values.set(name, isMany ? [...this.all(name), value] : [value]);
  }

  replace(name: string, values: readonly string[]): void {
    this.#values.set(name, [...values]);
  }

  all(name: string): string[] {
    return this.#values.get(name) ?? [];
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The last value; empty text is nothing. */
  text(name: string): string | undefined {
    return this.all(name).at(-1) || undefined;
  }
}

/** @throws UsageError in argparse's words */
export function parseCommandLine(args: readonly string[]): Given {
  const given = new Given();
  const unknown: string[] = [];
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--" || !word.startsWith("-") || word === "-") {
      if (word !== "--") unknown.push(word);
      continue;
    }
    const { found, inline } = findSwitch(word, rest);
    if (found) take(given, found, inline, rest);
    else unknown.push(word);
  }
  if (unknown.length > 0) throw new UsageError(`unrecognized arguments: ${unknown.join(" ")}`);
  return given;
}

function findSwitch(word: string, rest: string[]): { found?: Switch; inline?: string } {
  if (!word.startsWith("--")) return findShort(word, rest);
  const at = word.indexOf("=");
  const name = at < 0 ? word : word.slice(0, at);
  const value = at < 0 ? {} : { inline: word.slice(at + 1) };
  const exact = SWITCHES.find(({ spellings }) => spellings.includes(name));
  if (exact) return { found: exact, ...value };
  const longer = SWITCHES.flatMap(({ spellings }) =>
    spellings.filter((each) => each.startsWith(name) && each.startsWith("--")),
  );
  if (longer.length > 1) {
    throw new UsageError(`ambiguous option: ${name} could match ${longer.join(", ")}`);
  }
  const found = SWITCHES.find(({ spellings }) => spellings.includes(longer[0] ?? ""));
  return found ? { found, ...value } : {};
}

/** `-qd` is two flags, `-nname` one with its value. */
function findShort(word: string, rest: string[]): { found?: Switch; inline?: string } {
  const found = SWITCHES.find(({ spellings }) => spellings.includes(word.slice(0, 2)));
  if (!found) return {};
  const more = word.slice(2);
  if (more === "") return { found };
  if (found.kind === "flag") {
    rest.unshift(`-${more}`);
    return { found };
  }
  return { found, inline: more.replace(/^=/, "") };
}

function take(given: Given, found: Switch, inline: string | undefined, rest: string[]): void {
  const { kind, fixed = "yes", name, spellings } = found;
  const label = spellings.join("/");
  if (kind === "flag") {
    if (inline !== undefined) {
      throw new UsageError(`argument ${label}: ignored explicit argument '${inline}'`);
    }
    noteFlag(given, found, fixed);
    return;
  }
  const isValue = rest[0] !== undefined && !looksLikeOption(rest[0]);
  const isOptional = kind === "optional" || name === "sound";
  if (inline === undefined && !isValue && !isOptional) {
    throw new UsageError(`argument ${label}: expected one argument`);
  }
  const standIn = name === "sound" ? "default" : fixed;
  const value = inline ?? (isValue ? (rest.shift() ?? "") : standIn);
  checkNumber(found, label, value);
  given.add(name, value, kind === "many");
}

/** A negative number is a value, and so is text with spaces that begins as no option does. */
function looksLikeOption(word: string): boolean {
  if (!word.startsWith("-") || word === "-" || /^-\d+$|^-\d*\.\d+$/.test(word)) return false;
  if (!word.includes(" ")) return true;
  const begin = word.startsWith("--") ? word : word.slice(0, 2);
  return SWITCHES.some(({ spellings }) => spellings.some((each) => begin.startsWith(each)));
}

function noteFlag(given: Given, { name, spellings }: Switch, value: string): void {
  const old = given.text(name);
  if (name === "guest-type" && old !== undefined && old !== value) {
    const other = SWITCHES.find((each) => each.name === name && each.fixed === old);
    throw new UsageError(
      `argument ${spellings.join("/")}: not allowed with argument ${other?.spellings.join("/")}`,
    );
  }
  given.add(name, value, false);
}

function checkNumber({ number }: Switch, label: string, value: string): void {
  if (number === undefined) return;
  const isGood = number === "int" ? /^\s*[+-]?\d+\s*$/.test(value) : !Number.isNaN(Number(value));
  if (isGood && value.trim() !== "") return;
  throw new UsageError(`argument ${label}: invalid ${number} value: '${value}'`);
}
