/**
 * Command lines as Python's argparse takes them: unambiguous beginnings of long options, `-qd`,
 * `--name=value`, values that are left out.
 */
import { UsageError } from "./errors.ts";
import { quoted } from "./python-text.ts";

/**
 * What follows an option: nothing, one value (the last one counts), one value each time, one value
 * or nothing, or nothing more at all, since the option alone is the command.
 */
export type ValueKind = "flag" | "one" | "many" | "optional" | "manyOptional" | "ends";

export interface Switch {
  /** Where values are collected: many switches may share a name. */
  readonly name: string;
  /** None: an argument by its place. */
  readonly spellings: readonly string[];
  readonly kind: ValueKind;
  /** The value of a flag, or of an optional one that is not given. */
  readonly fixed?: string;
  readonly number?: "int" | "float";
  /** Of those with the same word, only one may be given. */
  readonly excludes?: string;
  /** What help calls the value. */
  readonly value?: string;
  /** What help says; none: it is not listed. */
  readonly help?: string;
}

/** Options that help lists together. */
export interface SwitchGroup {
  readonly title?: string;
  readonly switches: readonly Switch[];
}

/** `spellings` are words between spaces. */
export function made(spellings: string, kind: ValueKind, extras: Partial<Switch> = {}): Switch {
  const words = spellings.split(" ");
  const long = words.find((word) => word.startsWith("--")) ?? words[0] ?? "";
  return { name: long.replace(/^-+/, ""), spellings: words, kind, ...extras };
}

/** All that was given, by name. */
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

interface Found {
  /** None: looks like an option, but is none. */
  readonly option: Switch | undefined;
  readonly spelling: string;
  readonly inline: string | undefined;
}

/** What a word is: an option, a value, or the sign that only values follow. */
type Word = Found | "value" | "--";

/** @throws UsageError in argparse's words */
export function parseArguments(args: readonly string[], switches: readonly Switch[]): Given {
  return new ArgumentParser(args, switches).parse();
}

class ArgumentParser {
  readonly #args: readonly string[];
  readonly #switches: readonly Switch[];
  readonly #words: readonly Word[];
  readonly #given = new Given();
  readonly #seen = new Set<Switch>();
  readonly #unknown: string[] = [];
  /** The arguments by place that are still to come. */
  readonly #places: Switch[];
  #at = 0;
  #hasEnded = false;

  constructor(args: readonly string[], switches: readonly Switch[]) {
    this.#args = args;
    this.#switches = switches;
    this.#places = switches.filter(({ spellings }) => spellings.length === 0);
    const end = args.indexOf("--");
    this.#words = args.map((word, at) => {
      if (end >= 0 && at >= end) return at === end ? "--" : "value";
      return this.#wordFor(word);
    });
  }

  parse(): Given {
    while (this.#at < this.#args.length && !this.#hasEnded) {
      const word = this.#words[this.#at];
      if (word !== undefined && typeof word === "object") this.#option(word);
      else this.#values();
    }
    if (this.#unknown.length > 0 && !this.#hasEnded) {
      throw new UsageError(`unrecognized arguments: ${this.#unknown.join(" ")}`);
    }
    return this.#given;
  }

  #wordFor(text: string): Word {
    if (!text.startsWith("-") || text === "-") return "value";
    const exact = this.#spelled(text);
    if (exact) return { option: exact, spelling: text, inline: undefined };
    const [name, inline] = cutAtEquals(text);
    const long = inline === undefined ? undefined : this.#spelled(name);
    if (long) return { option: long, spelling: name, inline };
    const near = this.#near(text);
    if (near.length > 1) {
      const names = near.map(({ spelling }) => spelling).join(", ");
      throw new UsageError(`ambiguous option: ${text} could match ${names}`);
    }
    if (near[0]) return near[0];
    if (/^-\d+$|^-\d*\.\d+$/.test(text) || text.includes(" ")) return "value";
    return { option: undefined, spelling: text, inline: undefined };
  }

  #spelled(text: string): Switch | undefined {
    return this.#switches.find(({ spellings }) => spellings.includes(text));
  }

  /** Options that `text` may be short for. */
  #near(text: string): Found[] {
    const all = this.#switches.flatMap((option) =>
      option.spellings.map((spelling) => ({ option, spelling })),
    );
    if (text.startsWith("--")) {
      const [begin, inline] = cutAtEquals(text);
      return all
        .filter(({ spelling }) => spelling.startsWith(begin))
        .map((found) => ({ ...found, inline }));
    }
    return all.flatMap(({ option, spelling }): Found[] => {
      if (spelling === text.slice(0, 2)) return [{ option, spelling, inline: text.slice(2) }];
      return spelling.startsWith(text) ? [{ option, spelling, inline: undefined }] : [];
    });
  }

  /** Values that stand alone, up to the next option. */
  #values(): void {
    let isTaken = false;
    while (typeof this.#words[this.#at] === "string") {
      const place = this.#places[0];
      const text = this.#args[this.#at] ?? "";
      const isSign = this.#words[this.#at] === "--";
      this.#at += 1;
      if (isSign && (place || isTaken)) continue;
      if (!place || isSign) {
        this.#unknown.push(text);
        continue;
      }
      this.#places.shift();
      isTaken = true;
      this.#given.add(place.name, text, false);
    }
  }

  #option(found: Found): void {
    const text = this.#args[this.#at] ?? "";
    this.#at += 1;
    if (!found.option) {
      this.#unknown.push(text);
      return;
    }
    let { option, inline } = found;
    if (!found.spelling.startsWith("--")) {
      while (inline !== undefined && inline !== "" && takesNothing(option)) {
        const next = this.#spelled(`-${inline.charAt(0)}`);
        if (!next) throw ignored(option, inline);
        this.#take(option, undefined);
        option = next;
        inline = inline.slice(1) || undefined;
      }
    }
    this.#take(option, inline);
  }

  #take(option: Switch, inline: string | undefined): void {
    if (takesNothing(option)) {
      if (inline !== undefined) throw ignored(option, inline);
      this.#note(option, option.fixed ?? "yes");
      return;
    }
    const hasNext = inline === undefined && this.#words[this.#at] === "value";
    const isOptional = option.kind === "optional" || option.kind === "manyOptional";
    if (inline === undefined && !hasNext && !isOptional) {
      throw new UsageError(`argument ${label(option)}: expected one argument`);
    }
    const value = inline ?? (hasNext ? this.#args[this.#at] : option.fixed) ?? "";
    if (hasNext) this.#at += 1;
    checkNumber(option, value);
    this.#note(option, value);
  }

  #note(option: Switch, value: string): void {
    for (const other of this.#seen) {
      if (other !== option && other.excludes !== undefined && other.excludes === option.excludes) {
        const labels = [label(option), label(other)];
        throw new UsageError(`argument ${labels[0]}: not allowed with argument ${labels[1]}`);
      }
    }
    this.#seen.add(option);
    if (option.kind === "ends") this.#hasEnded = true;
    this.#given.add(option.name, value, option.kind === "many" || option.kind === "manyOptional");
  }
}

function cutAtEquals(text: string): [name: string, inline: string | undefined] {
  const at = text.indexOf("=");
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

const takesNothing = ({ kind }: Switch): boolean => kind === "flag" || kind === "ends";

const label = ({ spellings }: Switch): string => spellings.join("/");

function ignored(option: Switch, text: string): UsageError {
  return new UsageError(`argument ${label(option)}: ignored explicit argument ${quoted(text)}`);
}

function checkNumber(option: Switch, value: string): void {
  const { number } = option;
  if (number === undefined || value === option.fixed) return;
  const isGood =
    number === "int" ? /^\s*[+-]?\d+(?:_\d+)*\s*$/.test(value) : !Number.isNaN(Number(value));
  if (isGood && value.trim() !== "") return;
  throw new UsageError(`argument ${label(option)}: invalid ${number} value: ${quoted(value)}`);
}
