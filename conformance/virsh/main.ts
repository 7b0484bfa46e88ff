/**
 * Runs lines of virsh commands with the real virsh and with ours, and compares exit status, output and
 * errors. The real virsh stays outside of the project: its path is an argument.
 */
import { readdirSync, readFileSync, rmSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type CommandList, parseList } from "./lists.ts";
import { inside, type Outcome, processRunner, type Runner } from "./runners.ts";

const ROOT = join(import.meta.dirname, "../../..");
const LISTS = join(ROOT, "conformance/virsh/commands");

const USAGE = `usage: node dist/conformance/virsh/main.js [--inside] <the real virsh> [REGEXP]
  --inside  run ours in this process: much faster, without the way through the command line
  REGEXP    only the lines whose "list: line" matches`;

function lists(): CommandList[] {
  return readdirSync(LISTS)
    .toSorted()
    .map((file) => parseList(basename(file, ".txt"), readFileSync(join(LISTS, file), "utf8")));
}

function tellDifference(title: string, real: Outcome, ours: Outcome): void {
  console.log(title);
  for (const part of ["status", "out", "err"] as const) {
    if (real[part] === ours[part]) continue;
    console.log(`  real ${part}: ${JSON.stringify(real[part])}`);
    console.log(`  ours ${part}: ${JSON.stringify(ours[part])}`);
  }
}

/** Runs the lines of a list; returns how many were equal, of how many. */
async function compare(
  list: CommandList,
  filter: RegExp,
  real: Runner,
  ours: Runner,
): Promise<readonly [equal: number, all: number]> {
  let equal = 0;
  const chosen = list.lines.filter((line) => filter.test(`${list.name}: ${line}`));
  for (const line of chosen) {
    const [expected, got] = await Promise.all([real(list, line), ours(list, line)]);
    if (JSON.stringify(expected) === JSON.stringify(got)) equal++;
    else tellDifference(`${list.name}: ${line}`, expected, got);
  }
  return [equal, chosen.length];
}

async function main(args: readonly string[]): Promise<number> {
  const isInside = args[0] === "--inside";
  const [virsh, pattern = ""] = isInside ? args.slice(1) : args;
  if (virsh === undefined) {
    console.error(USAGE);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), "virsh-"));
  const real = processRunner([virsh], join(folder, "real"));
  const program = [process.execPath, join(ROOT, "bin/tabvisor.mjs"), "virsh"];
  const ours = (isInside ? inside : processRunner.bind(null, program))(join(folder, "ours"));
  const figures: string[] = [];
  let [equal, all] = [0, 0];
  try {
    for (const list of lists()) {
      const [listEqual, listAll] = await compare(list, new RegExp(pattern), real, ours);
      if (listAll > 0) figures.push(`${list.name}: ${listEqual} of ${listAll}`);
      equal += listEqual;
      all += listAll;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log([...figures, `${equal} of ${all} equal`].join("\n"));
  return equal === all ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
