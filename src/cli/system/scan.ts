import { findOption, type GivenOptions, type OptionName } from "./option-table.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Splits a command line into options and their arguments.
 *
 * @throws UsageError for an unknown option, a missing argument or a stray word
 */
export function scanOptions(args: readonly string[]): GivenOptions {
  const given = new Map<OptionName, string[]>();
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? "";
    const row = word.startsWith("-") ? findOption(word.replace(/^--?/, "")) : undefined;
    if (row === undefined) throw new UsageError(unknown(word));
    let value = "";
    if (row.arg !== undefined) {
      i++;
      const next = args[i];
      if (next === undefined) throw new UsageError(`${word}: requires an argument`);
      value = next;
    }
    const name = row.name as OptionName;
    const values = given.get(name) ?? [];
    // As under QEMU, the last of several wins where only one makes sense.
    given.set(name, row.repeats === true ? [...values, value] : [value]);
  }
  return given;
}

function unknown(word: string): string {
  if (word.startsWith("-")) return `${word}: invalid option`;
  return `${word}: not an option; a disk image cannot be given yet`;
}

/** The last argument given for `name`. */
export function lastOf(given: GivenOptions, name: OptionName): string | undefined {
  return given.get(name)?.at(-1);
}
