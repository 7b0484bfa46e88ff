/**
 * Runs lines of virsh commands with the real virsh and with ours, and compares exit status, output and
 * errors. The real virsh stays outside of the project: its path is an argument.
 */
import { readdirSync, readFileSync, rmSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type CommandList, parseList } from "./lists.ts";
import { optionLists } from "./option-lines.ts";
import { inside, type Outcome, processRunner, type Runner } from "./runners.ts";

const ROOT = join(import.meta.dirname, "../../..");
const LISTS = join(ROOT, "conformance/virsh/commands");

const USAGE = `usage: node dist/conformance/virsh/main.js [--inside] [--options] <the real virsh> [REGEXP]
  --inside   run ours in this process: much faster, without the way through the command line
  --options  run lines made of virsh's tables instead of the lists: every command with every option
  REGEXP     only the lines whose "list: line" matches`;

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

interface Figures {
  readonly equal: number;
  readonly all: number;
  /** How often the real one says that its driver cannot do it. */
  readonly unsupported: number;
}

const UNSUPPORTED = "this function is not supported by the connection driver";

async function compare(
  list: CommandList,
  filter: RegExp,
  real: Runner,
  ours: Runner,
): Promise<Figures> {
  let [equal, unsupported] = [0, 0];
  const chosen = list.lines.filter((line) => filter.test(`${list.name}: ${line}`));
  for (const line of chosen) {
    const [expected, got] = await Promise.all([real(list, line), ours(list, line)]);
    if (expected.err.includes(UNSUPPORTED)) unsupported++;
    if (JSON.stringify(expected) === JSON.stringify(got)) equal++;
    else tellDifference(`${list.name}: ${line}`, expected, got);
  }
  return { equal, all: chosen.length, unsupported };
}

async function main(args: readonly string[]): Promise<number> {
  const flags = args.filter((arg) => arg.startsWith("--"));
  const [virsh, pattern = ""] = args.filter((arg) => !arg.startsWith("--"));
  const isInside = flags.includes("--inside");
  if (virsh === undefined || flags.some((flag) => !/^--(?:inside|options)$/.test(flag))) {
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
    for (const list of flags.includes("--options") ? optionLists() : lists()) {
      const found = await compare(list, new RegExp(pattern), real, ours);
      const others = found.unsupported === 0 ? "" : `, ${found.unsupported} not supported`;
      if (found.all > 0) figures.push(`${list.name}: ${found.equal} of ${found.all}${others}`);
      equal += found.equal;
      all += found.all;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log([...figures, `${equal} of ${all} equal`].join("\n"));
  return equal === all ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
