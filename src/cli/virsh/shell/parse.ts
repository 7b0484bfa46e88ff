/** Words to commands with their options, with the real tool's complaints. */
import { CommandError } from "./errors.ts";
import type { CommandGroup, CommandSpec, OptionSpec } from "./spec.ts";
import type { Token } from "./tokenize.ts";

/** An option as it was given: `true` for a flag, else its text. */
export interface GivenOption {
  readonly name: string;
  readonly value: string | true;
}

/** A command that has all that it requires. */
export interface ParsedCommand {
  readonly name: string;
  readonly spec: CommandSpec;
  /** In the order in which they were given. */
  readonly options: readonly GivenOption[];
}

/** Looks a command up by name or alias. */
export function findCommand(
  groups: readonly CommandGroup[],
  name: string,
): { readonly name: string; readonly spec: CommandSpec } | undefined {
  for (const { commands } of groups) {
    const spec = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (spec && "alias" in spec) return findCommand(groups, spec.alias);
    if (spec) return { name, spec };
  }
  return undefined;
}

/**
 * Parses all commands of a line. Nothing runs unless everything parses, as in the real tool.
 *
 * @throws CommandError in virsh's words; every line of it is an error of its own
 */
export function parseCommands(
  tokens: readonly Token[],
  groups: readonly CommandGroup[],
): ParsedCommand[] {
  const commands: ParsedCommand[] = [];
  let words: string[] = [];
  for (const token of [...tokens, "end" as const]) {
    if (token !== "end") words.push(token.word);
    else {
      const command = parseCommand(words, groups);
      if (command) commands.push(command);
      words = [];
    }
  }
  return commands;
}

/** One command from its words; null for a blank or a comment. */
export function parseCommand(
  [name, ...words]: readonly string[],
  groups: readonly CommandGroup[],
): ParsedCommand | null {
  if (name === undefined || name.startsWith("#")) return null;
  const found = findCommand(groups, name);
  if (!found) throw new CommandError(`unknown command: '${name}'`);
  const options = new OptionReader(found.name, found.spec).read(words);
  if (options.some((each) => each.name === "help")) return helpFor(found.name, groups);
  if (found.name !== "help") checkRequired(found.name, found.spec, options);
  return { ...found, options };
}

function helpFor(name: string, groups: readonly CommandGroup[]): ParsedCommand | null {
  const help = findCommand(groups, "help");
  return help ? { ...help, options: [{ name: "command", value: name }] } : null;
}

function checkRequired(command: string, spec: CommandSpec, given: readonly GivenOption[]): void {
  const missing = Object.entries(spec.options).filter(
    ([name, option]) =>
      "required" in option && option.required && !given.some((each) => each.name === name),
  );
  if (missing.length === 0) return;
  const lines = missing.map(([name, { kind }]) => {
    const shown = kind === "data" || kind === "argv" ? `<${name}>` : `--${name}`;
    return `command '${command}' requires ${shown} option`;
  });
  throw new CommandError(lines.join("\n"));
}

/** Gives words to the options of one command. */
class OptionReader {
  readonly #command: string;
  readonly #spec: CommandSpec;
  readonly #given: GivenOption[] = [];
  /** Options that a bare word may fill, in order. */
  #places: string[];
  readonly #seen = new Set<string>();

  constructor(command: string, spec: CommandSpec) {
    this.#command = command;
    this.#spec = spec;
    this.#places = Object.entries(spec.options)
      .filter(([, option]) => isPlace(option))
      .map(([name]) => name);
  }

  read(words: readonly string[]): readonly GivenOption[] {
    const rest = [...words];
    let dataOnly = false;
    for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
      if (dataOnly || !word.startsWith("--")) this.#bare(word);
      else if (word === "--") dataOnly = true;
      else if (/^--[a-z0-9]/i.test(word)) this.#option(word.slice(2), rest);
      else this.#bare(word);
    }
    return this.#given;
  }

  #bare(word: string): void {
    const name = this.#places[0];
    if (name === undefined) {
      // `help` takes no offence at what it does not need.
      if (this.#command === "help") return;
      throw new CommandError(`unexpected data '${word}'`);
    }
    this.#seen.add(name);
    this.#take(name, word);
  }

  #option(text: string, rest: string[]): void {
    const at = text.indexOf("=");
    let name = at < 0 ? text : text.slice(0, at);
    let value = at < 0 ? undefined : text.slice(at + 1);
    if (name === "help") {
      this.#given.push({ name, value: true });
      return;
    }
    const written = name;
    const alias = Object.hasOwn(this.#spec.options, name) ? this.#spec.options[name] : undefined;
    if (alias?.kind === "alias") {
      const [of = "", implied] = alias.of.split("=");
      if (implied !== undefined && value !== undefined) {
        throw new CommandError(`invalid '=' after option --${written}`);
      }
      name = of;
      value = implied ?? value;
    }
    const option = this.#lookUp(name);
    if (option === null) return;
    if (option.kind === "bool") {
      if (value !== undefined) throw new CommandError(`invalid '=' after option --${name}`);
      this.#given.push({ name, value: true });
      return;
    }
    value ??= rest.shift();
    if (value === undefined) {
      const type = option.kind === "int" ? "number" : "string";
      throw new CommandError(`expected syntax: --${name} <${type}>`);
    }
    this.#take(name, value);
  }

  /** The option, or null where the command takes any. */
  #lookUp(name: string): OptionSpec | null {
    const option = Object.hasOwn(this.#spec.options, name) ? this.#spec.options[name] : undefined;
    if (!option) {
      if (this.#command === "help") return null;
      throw new CommandError(`command '${this.#command}' doesn't support option --${name}`);
    }
    if (this.#seen.has(name) && option.kind !== "argv") {
      throw new CommandError(`option --${name} already seen`);
    }
    this.#seen.add(name);
    return option;
  }

  #take(name: string, value: string): void {
    this.#given.push({ name, value });
    if (this.#spec.options[name]?.kind !== "argv") {
      this.#places = this.#places.filter((each) => each !== name);
    }
  }
}

function isPlace(option: OptionSpec): boolean {
  return option.kind !== "bool" && option.kind !== "alias" && option.named !== true;
}
