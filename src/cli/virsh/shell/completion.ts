/** What the Tab key offers in a conversation with virsh. */
import { findCommand } from "./parse.ts";
import type { CommandGroup, CommandSpec, OptionSpec } from "./spec.ts";

/** Gives the names that complete an option's value, by the option's `completes`. */
export type Names = (kind: string, domain: string | undefined) => Promise<readonly string[]>;

/**
 * Words that can stand where the cursor is.
 *
 * @param before the line up to the cursor
 * @returns the word that is being typed, and those that begin with it, in order
 */
export async function complete(
  before: string,
  groups: readonly CommandGroup[],
  names: Names,
): Promise<{ readonly word: string; readonly candidates: readonly string[] }> {
  // Only the last of several commands on a line counts.
  const command = before.slice(before.lastIndexOf(";") + 1).trimStart();
  const words = command.split(/\s+/);
  const word = words.at(-1) ?? "";
  const done = words.slice(0, -1);
  const found = await candidatesFor(done, word, groups, names);
  const candidates = [...new Set(found)].filter((each) => each.startsWith(word)).toSorted();
  return { word, candidates };
}

async function candidatesFor(
  done: readonly string[],
  word: string,
  groups: readonly CommandGroup[],
  names: Names,
): Promise<readonly string[]> {
  const [name, ...args] = done;
  if (name === undefined) return commandNames(groups);
  const spec = findCommand(groups, name)?.spec;
  if (!spec) return [];
  const last = args.at(-1);
  const named = last?.startsWith("--") === true ? optionNamed(spec, last.slice(2)) : undefined;
  if (named && takesValue(named)) return valuesOf(named, spec, args, groups, names);
  if (word.startsWith("-")) return optionNames(spec, args);
  const place = nextPlace(spec, args);
  const values = place ? await valuesOf(place, spec, args, groups, names) : [];
  return values.length > 0 || word !== "" ? values : optionNames(spec, args);
}

function commandNames(groups: readonly CommandGroup[]): string[] {
  return groups.flatMap(({ commands }) =>
    Object.entries(commands)
      .filter(([, spec]) => "alias" in spec || spec.hidden !== true)
      .map(([name]) => name),
  );
}

function optionNamed(spec: CommandSpec, name: string): OptionSpec | undefined {
  return Object.hasOwn(spec.options, name) ? spec.options[name] : undefined;
}

function takesValue(option: OptionSpec): boolean {
  return option.kind !== "bool" && option.kind !== "alias";
}

/** Options that were not given yet. */
function optionNames(spec: CommandSpec, args: readonly string[]): string[] {
  return Object.entries(spec.options)
    .filter(
      ([name, { kind }]) => kind !== "alias" && (kind === "argv" || !args.includes(`--${name}`)),
    )
    .map(([name]) => `--${name}`);
}

/** The option that the next bare word fills. */
function nextPlace(spec: CommandSpec, args: readonly string[]): OptionSpec | undefined {
  const places = Object.entries(spec.options).filter(
    ([, option]) => takesValue(option) && !("named" in option && option.named),
  );
  let open = places;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (!arg.startsWith("--")) {
      if (open[0]?.[1].kind !== "argv") open = open.slice(1);
      continue;
    }
    const [name = "", value] = arg.slice(2).split("=");
    const option = optionNamed(spec, name);
    if (!option || !takesValue(option)) continue;
    open = open.filter(([each]) => each !== name);
    if (value === undefined) at++;
  }
  return open[0]?.[1];
}

async function valuesOf(
  option: OptionSpec,
  spec: CommandSpec,
  args: readonly string[],
  groups: readonly CommandGroup[],
  names: Names,
): Promise<readonly string[]> {
  const kind = "completes" in option ? option.completes : undefined;
  if (kind === undefined) return [];
  if (kind === "vsh-complete-help-command") {
    return [...commandNames(groups), ...groups.map(({ keyword }) => keyword)];
  }
  return names(kind, domainGiven(spec, args));
}

/** The domain that the words so far name, for what belongs to a domain. */
function domainGiven(spec: CommandSpec, args: readonly string[]): string | undefined {
  if (!Object.hasOwn(spec.options, "domain")) return undefined;
  const at = args.indexOf("--domain");
  if (at >= 0) return args[at + 1];
  const equals = args.find((each) => each.startsWith("--domain="));
  return equals?.slice("--domain=".length) ?? args.find((each) => !each.startsWith("--"));
}
