/** The command lines of runners whose harts are workers. */

export interface RaceOptions {
  readonly engine: "node" | "chromium" | "firefox";
  readonly accelerators: readonly string[];
  readonly filter: RegExp | undefined;
}

const ENGINES = ["node", "chromium", "firefox"] as const;
const ACCELERATORS = ["interpreter", "jit"];

export function usageOf(program: string, counts: Readonly<Record<string, number>>): string {
  const given = Object.keys(counts).map((name) => `[--${name} N] `);
  const where = "[--engine node|chromium|firefox] [--accel interpreter|jit]";
  return `usage: ${program} ${where} ${given.join("")}[--filter REGEXP]`;
}

/**
 * Reads a command line.
 *
 * @param counts options that take a number from 1 on, and their defaults
 * @throws Error with one sentence when it is wrong
 */
export function parseRaceOptions<Name extends string>(
  args: readonly string[],
  counts: Readonly<Record<Name, number>>,
): RaceOptions & Record<Name, number> {
  const names = Object.keys(counts) as Name[];
  const values = valuesOf(args, ["engine", "accel", "filter", ...names]);
  const numbers = names.map((name) => [name, countOf(name, values.get(name) ?? `${counts[name]}`)]);
  const filter = values.get("filter");
  const accelerator = values.get("accel");
  return {
    ...(Object.fromEntries(numbers) as Record<Name, number>),
    engine: oneOf("engine", values.get("engine") ?? "node", ENGINES),
    accelerators:
      accelerator === undefined ? ACCELERATORS : [oneOf("accel", accelerator, ACCELERATORS)],
    filter: filter === undefined ? undefined : new RegExp(filter),
  };
}

function valuesOf(args: readonly string[], known: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (let at = 0; at < args.length; at += 2) {
    const [option = "", value] = args.slice(at, at + 2);
    const name = /^--(.+)$/.exec(option)?.[1] ?? "";
    if (!known.includes(name)) throw new Error(`there is no option ${option}`);
    if (value === undefined) throw new Error(`option ${option} needs a value`);
    values.set(name, value);
  }
  return values;
}

function oneOf<T extends string>(name: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new Error(`--${name} takes ${choices.join(" or ")}, not ${value}`);
  return found;
}

function countOf(name: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`--${name} takes a whole number, not ${text}`);
  return Number(text);
}
