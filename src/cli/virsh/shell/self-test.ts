/** `self-test`: whether the tables of commands keep the rules that parsing and help rely on. */
import { CommandError } from "./errors.ts";
import type { CommandGroup, CommandSpec, OptionSpec } from "./spec.ts";

/** As many as the real tool can parse. */
const MAX_OPTIONS = 64;

/** @throws CommandError for the first command that breaks a rule */
export function checkTables(groups: readonly CommandGroup[]): void {
  const all = new Map(groups.flatMap(({ commands }) => Object.entries(commands)));
  for (const [name, spec] of all) {
    if ("alias" in spec) checkAlias(name, spec.alias, all);
    else checkCommand(name, spec);
  }
}

function checkAlias(
  name: string,
  of: string,
  all: ReadonlyMap<string, CommandSpec | { readonly alias: string }>,
): void {
  const target = all.get(of);
  const wrong = `command alias '${name}' is pointing to`;
  if (!target) throw new CommandError(`${wrong} a non-existent command '${of}'`);
  if ("alias" in target) throw new CommandError(`${wrong} another command alias '${of}'`);
}

function checkCommand(name: string, { summary, options }: CommandSpec): void {
  if (summary === "") throw new CommandError(`command '${name}' lacks help`);
  const rows = Object.entries(options);
  if (rows.length > MAX_OPTIONS) throw new CommandError(`command '${name}' has too many options`);
  let seenOptional = false;
  for (const [at, [option, row]] of rows.entries()) {
    const fail = (why: string): never => {
      throw new CommandError(`parameter '${option}' of command '${name}' ${why}`);
    };
    if (row.kind === "alias") checkOptionAlias(name, option, row.of, rows.slice(at + 1));
    else if (row.kind === "argv" && at < rows.length - 1) fail("must be listed last");
    const isRequired = "required" in row && row.required !== undefined;
    if (isRequired && seenOptional && row.kind !== "argv") {
      fail("must be listed before optional parameters");
    }
    seenOptional ||= !isRequired && row.kind !== "alias";
  }
}

/** Another spelling is of an option that comes later on. */
function checkOptionAlias(
  command: string,
  option: string,
  of: string,
  later: readonly (readonly [string, OptionSpec])[],
): void {
  const [name, value] = of.split("=");
  const target = later.find(([each, { kind }]) => each === name && kind !== "alias")?.[1];
  if (!target) {
    throw new CommandError(`alias '${option}' of command '${command}' has missing alias option`);
  }
  if (value !== undefined && target.kind === "bool") {
    throw new CommandError(`alias '${option}' of command '${command}' has mismatched alias type`);
  }
}

/** `self-test --completers-missing`: options that take texts of which nothing is known. */
export function incompletable(groups: readonly CommandGroup[]): string {
  const lines = groups.flatMap(({ commands }) =>
    Object.entries(commands).flatMap(([name, spec]) => {
      if ("alias" in spec) return [];
      const options = Object.entries(spec.options)
        .filter(([, row]) => (row.kind === "string" || row.kind === "data") && !row.completes)
        .map(([option]) => option);
      return options.length === 0 ? [] : [`${name}: ${options.join(", ")}\n`];
    }),
  );
  return lines.join("");
}
