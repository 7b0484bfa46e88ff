const ENGINE_NAMES = ["node", "chromium", "firefox"] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

export interface Options {
  readonly engine: EngineName;
  /** Run the project's own directed tests. */
  readonly directed: boolean;
  /** Translate all code at once instead of interpreting it. */
  readonly jit: boolean;
  readonly expectedFail: string;
  readonly filter: RegExp | undefined;
  readonly folders: readonly string[];
}

export const USAGE =
  "usage: conformance [--engine node|chromium|firefox] [--directed] [--jit] [--expected-fail FILE] [--filter REGEXP] [FOLDER…]";

/**
 * Reads the command line.
 *
 * @throws Error with one sentence when it is wrong
 */
export function parseOptions(args: readonly string[]): Options {
  const values = new Map<string, string>();
  const folders: string[] = [];
  let directed = false;
  let jit = false;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (arg === "--directed") directed = true;
    else if (arg === "--jit") jit = true;
    else if (arg.startsWith("--")) values.set(arg, valueOf(args, ++at));
    else folders.push(arg);
  }
  return { ...readValues(values), directed, jit, folders };
}

function valueOf(args: readonly string[], at: number): string {
  const value = args[at];
  if (value === undefined) throw new Error(`option ${args[at - 1]} needs a value`);
  return value;
}

function readValues(
  values: ReadonlyMap<string, string>,
): Omit<Options, "directed" | "jit" | "folders"> {
  for (const name of values.keys()) {
    if (!["--engine", "--expected-fail", "--filter"].includes(name)) {
      throw new Error(`there is no option ${name}`);
    }
  }
  const engine = engineOf(values.get("--engine") ?? "node");
  const filter = values.get("--filter");
  return {
    engine,
    expectedFail: values.get("--expected-fail") ?? "conformance/expected-fail.json",
    filter: filter === undefined ? undefined : new RegExp(filter),
  };
}

function engineOf(text: string): EngineName {
  const engine = ENGINE_NAMES.find((name) => name === text);
  if (engine === undefined)
    throw new Error(`--engine takes node, chromium or firefox, not ${text}`);
  return engine;
}
