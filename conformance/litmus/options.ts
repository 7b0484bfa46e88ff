export interface LitmusOptions {
  readonly engine: "node" | "chromium" | "firefox";
  readonly accelerators: readonly string[];
  /** Races of each test. */
  readonly races: number;
  /** Only one test of so many. */
  readonly every: number;
  readonly filter: RegExp | undefined;
}

export const USAGE =
  "usage: litmus [--engine node|chromium|firefox] [--accel interpreter|jit] [--races N] [--every N] [--filter REGEXP]";

const ENGINES = ["node", "chromium", "firefox"] as const;
const ACCELERATORS = ["interpreter", "jit"];
const RACES = 20_000;
const OPTIONS = ["--engine", "--accel", "--races", "--every", "--filter"];

/**
 * Reads the command line.
 *
 * @throws Error with one sentence when it is wrong
 */
export function parseOptions(args: readonly string[]): LitmusOptions {
  const values = new Map<string, string>();
  for (let at = 0; at < args.length; at += 2) {
    const [name = "", value] = args.slice(at, at + 2);
    if (!OPTIONS.includes(name)) {
      throw new Error(`there is no option ${name}`);
    }
    if (value === undefined) throw new Error(`option ${name} needs a value`);
    values.set(name, value);
  }
  const filter = values.get("--filter");
  const accelerator = values.get("--accel");
  return {
    engine: oneOf("--engine", values.get("--engine") ?? "node", ENGINES),
    accelerators:
      accelerator === undefined ? ACCELERATORS : [oneOf("--accel", accelerator, ACCELERATORS)],
    races: countOf("--races", values.get("--races") ?? String(RACES)),
    every: countOf("--every", values.get("--every") ?? "1"),
    filter: filter === undefined ? undefined : new RegExp(filter),
  };
}

function oneOf<T extends string>(name: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new Error(`${name} takes ${choices.join(" or ")}, not ${value}`);
  return found;
}

function countOf(name: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`${name} takes a whole number, not ${text}`);
  return Number(text);
}
