export interface Options {
  /** Where to find qemu-system-riscv64; by default wherever PATH says. */
  readonly qemu: string;
  readonly seed: number;
  /** Ends after so many programs or seconds, whichever is given. */
  readonly programs: number;
  readonly seconds: number;
  readonly profiles: readonly string[];
  /** Another QEMU in the place of our core. */
  readonly against: string | undefined;
  /** Folder for seeds of mismatches; none are written without. */
  readonly keep: string | undefined;
  /** Record a program of every profile as a seed. */
  readonly record: boolean;
  /** Translate at once instead of interpreting. */
  readonly jit: boolean;
}

export const USAGE =
  "usage: fuzz [--programs N | --seconds N] [--seed N] [--qemu PATH] [--profiles A,B] " +
  "[--against QEMU] [--keep FOLDER] [--record] [--jit]";

const VALUES = ["--programs", "--seconds", "--seed", "--qemu", "--profiles", "--against", "--keep"];
const FLAGS = ["--record", "--jit"];

/**
 * Reads the command line.
 *
 * @throws Error with one sentence when it is wrong
 */
export function parseOptions(args: readonly string[], profiles: readonly string[]): Options {
  const values = new Map<string, string>();
  for (let at = 0; at < args.length; at++) {
    const name = args[at] ?? "";
    if (FLAGS.includes(name)) values.set(name, "");
    else if (!VALUES.includes(name)) throw new Error(`there is no option ${name}`);
    else values.set(name, valueOf(args, ++at));
  }
  return {
    qemu: values.get("--qemu") ?? "qemu-system-riscv64",
    seed: whole(values, "--seed") ?? 1,
    programs: whole(values, "--programs") ?? Infinity,
    seconds: whole(values, "--seconds") ?? (values.has("--programs") ? Infinity : 60),
    profiles: known(values.get("--profiles"), profiles),
    against: values.get("--against"),
    keep: values.get("--keep"),
    record: values.has("--record"),
    jit: values.has("--jit"),
  };
}

function valueOf(args: readonly string[], at: number): string {
  const value = args[at];
  if (value === undefined) throw new Error(`option ${args[at - 1]} needs a value`);
  return value;
}

function whole(values: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = values.get(name);
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new Error(`${name} takes a whole number, not ${text}`);
  return Number(text);
}

function known(list: string | undefined, profiles: readonly string[]): string[] {
  const names = list?.split(",") ?? [];
  const unknown = names.find((name) => !profiles.includes(name));
  if (unknown !== undefined) {
    throw new Error(`there is no profile ${unknown}; there are ${profiles.join(", ")}`);
  }
  return names;
}
