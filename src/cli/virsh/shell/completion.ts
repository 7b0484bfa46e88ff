/** Which words can stand where the cursor is: the Tab key, and `complete`. */
import { findCommand } from "./parse.ts";
import type { CommandGroup, CommandSpec, OptionSpec } from "./spec.ts";

/** An option that takes a value, and what of the line may tell which values. */
export interface Wanted {
  /** The option's `completes` and `among`. */
  readonly kind: string;
  readonly among: string | undefined;
  /** The word so far. */
  readonly word: string;
  /** The values of the command's options that stand before it. */
  readonly given: ReadonlyMap<string, string>;
}

/** Gives the values of an option. */
export type Names = (wanted: Wanted) => Promise<readonly string[]>;

export interface Completion {
  /** The word that is being typed. */
  readonly word: string;
  readonly candidates: readonly string[];
}

/**
 * What the Tab key offers.
 *
 * @param before the line up to the cursor
 * @returns the word that is being typed, and those that begin with it, in order
 */
export async function complete(
  before: string,
  groups: readonly CommandGroup[],
  names: Names,
): Promise<Completion> {
  const { word, candidates } = await completions(before, groups, names, "values");
  return { word, candidates: [...new Set(candidates)].toSorted() };
}

/**
 * All that can stand at the end of the line.
 *
 * @param blank what is offered where a word is to begin: the values of the option that it would fill, if
 * there are any, or the options, as the real tool does
 */
export async function completions(
  before: string,
  groups: readonly CommandGroup[],
  names: Names,
  blank: "values" | "options",
): Promise<Completion> {
  // Only the last of several commands on a line counts.
  const command = before.slice(before.lastIndexOf(";") + 1).trimStart();
  const words = command.split(/\s+/);
  const word = words.at(-1) ?? "";
  const found = await candidatesFor(words.slice(0, -1), word, groups, names, blank);
  return { word, candidates: found.filter((each) => each.startsWith(word)) };
}

async function candidatesFor(
  [name, ...args]: readonly string[],
  word: string,
  groups: readonly CommandGroup[],
  names: Names,
  blank: "values" | "options",
): Promise<readonly string[]> {
  const spec = name === undefined ? undefined : findCommand(groups, name)?.spec;
  if (!spec) return commandNames(groups);
  const line = readLine(spec, args);
  const values = (option: string): Promise<readonly string[]> =>
    valuesOf(spec.options[option], { word, given: line.given }, groups, names);
  if (line.open !== undefined) return values(line.open);
  const options = optionNames(spec, line.seen);
  if (word.startsWith("-") || (word === "" && blank === "options")) return options;
  const found = line.place === undefined ? [] : await values(line.place);
  return found.length > 0 || word !== "" ? found : options;
}

function commandNames(groups: readonly CommandGroup[]): string[] {
  return groups.flatMap(({ commands }) =>
    Object.entries(commands)
      .filter(([, spec]) => !("alias" in spec) && spec.hidden !== true)
      .map(([name]) => name),
  );
}

function takesValue(option: OptionSpec | undefined): boolean {
  return option !== undefined && option.kind !== "bool" && option.kind !== "alias";
}

/** Options that can still be given. */
function optionNames(spec: CommandSpec, seen: ReadonlySet<string>): string[] {
  return Object.entries(spec.options)
    .filter(([name, { kind }]) => kind !== "alias" && (kind === "argv" || !seen.has(name)))
    .map(([name]) => `--${name}`);
}

/** What the words before the cursor say. */
interface Line {
  readonly seen: Set<string>;
  readonly given: Map<string, string>;
  /** The option that the last word names, which wants a value. */
  open: string | undefined;
  /** The option that the next bare word fills. */
  place: string | undefined;
}

function readLine(spec: CommandSpec, args: readonly string[]): Line {
  const line: Line = { seen: new Set(), given: new Map(), open: undefined, place: undefined };
  const places = Object.entries(spec.options)
    .filter(([, option]) => takesValue(option) && !("named" in option && option.named))
    .map(([name]) => name);
  const nextPlace = (): string | undefined =>
    places.find((name) => spec.options[name]?.kind === "argv" || !line.seen.has(name));
  const take = (name: string, value: string): void => {
    line.seen.add(name);
    line.given.set(name, value);
  };
  for (const arg of args) {
    const place = nextPlace();
    if (line.open !== undefined) {
      take(line.open, arg);
      line.open = undefined;
    } else if (!arg.startsWith("--")) {
      if (place !== undefined) take(place, arg);
    } else {
      const [name = "", value] = arg.slice(2).split("=");
      const option = Object.hasOwn(spec.options, name) ? spec.options[name] : undefined;
      line.seen.add(name);
      if (value !== undefined) line.given.set(name, value);
      else if (takesValue(option)) line.open = name;
    }
  }
  line.place = nextPlace();
  return line;
}

async function valuesOf(
  option: OptionSpec | undefined,
  { word, given }: Pick<Wanted, "word" | "given">,
  groups: readonly CommandGroup[],
  names: Names,
): Promise<readonly string[]> {
  const kind = option && "completes" in option ? option.completes : undefined;
  if (kind === undefined) return [];
  if (kind === "vsh-complete-help-command") return commandNames(groups);
  const among = option && "among" in option ? option.among : undefined;
  return names({ kind, among, word, given });
}
