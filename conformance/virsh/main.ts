/**
 * Runs lines of virsh commands on `test:///default` with the real virsh and with ours, and compares
 * exit status, output and errors. The real virsh stays outside of the project: its path is an argument.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const LIMIT_MS = 60_000;

interface Outcome {
  readonly status: number | string;
  readonly out: string;
  readonly err: string;
}

/** What differs from run to run: identifiers, addresses, dates and counters of time. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UUID"],
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000/g, "DATE"],
  [/52:54:00(?::[0-9a-f]{2}){3}/g, "MAC"],
  [/CPU time *:? +[\d.]+s/g, "CPUTIME"],
  [/\b1[6-9]\d{8}(?:\.\ds)?\b/g, "EPOCH"],
];

function masked(text: string): string {
  return MASKS.reduce((so, [pattern, word]) => so.replace(pattern, word), text);
}

/** Runs one line as a batch of commands. */
function run(program: readonly string[], line: string, folder: string): Outcome {
  const [command = "", ...args] = program;
  const { status, signal, stdout, stderr } = spawnSync(
    command,
    [...args, "-c", "test:///default", line],
    { cwd: folder, encoding: "utf8", timeout: LIMIT_MS, stdio: ["ignore", "pipe", "pipe"] },
  );
  return { status: status ?? signal ?? "none", out: masked(stdout), err: masked(stderr) };
}

/** The lines of a list: comments and empty lines are none. */
function linesOf(path: string): string[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"));
}

function tellDifference(list: string, line: string, real: Outcome, ours: Outcome): void {
  console.log(`${list}: ${line}`);
  for (const part of ["status", "out", "err"] as const) {
    if (real[part] === ours[part]) continue;
    console.log(`  real ${part}: ${JSON.stringify(real[part])}`);
    console.log(`  ours ${part}: ${JSON.stringify(ours[part])}`);
  }
}

function main(virsh: string | undefined, filter: RegExp): number {
  const root = join(import.meta.dirname, "../../..");
  if (virsh === undefined) {
    console.error("usage: node dist/conformance/virsh/main.js <the real virsh> [REGEXP]");
    return 2;
  }
  const ours = [process.execPath, join(root, "bin/tabvisor.mjs"), "virsh"];
  const lists = join(root, "conformance/virsh/commands");
  const folder = mkdtempSync(join(tmpdir(), "virsh-"));
  let passed = 0;
  let failed = 0;
  for (const list of readdirSync(lists).toSorted()) {
    for (const line of linesOf(join(lists, list))) {
      if (!filter.test(line)) continue;
      const expected = run([virsh], line, folder);
      const got = run(ours, line, folder);
      if (JSON.stringify(expected) === JSON.stringify(got)) passed++;
      else {
        failed++;
        tellDifference(list, line, expected, got);
      }
    }
  }
  rmSync(folder, { recursive: true });
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = main(process.argv[2], new RegExp(process.argv[3] ?? ""));
