/**
 * Runs libvirt's own tests of virsh with ours: the scripts `virsh-*` and the cases of `virshtest.c`. The
 * tests stay outside of the project: their folder, `tests` of libvirt's sources, is the argument.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Case, parseCases } from "./c-cases.ts";

const PROGRAM = join(import.meta.dirname, "../../../bin/tabvisor.mjs");
const LIMIT_MS = 600_000;

const USAGE = `usage: node dist/conformance/virsh/libvirt-tests.js TESTS [REGEXP]
  TESTS   the folder tests of libvirt's sources
  REGEXP  only the tests whose names match`;

/** A script that asks for what is not there ends so. */
const SKIPPED = 77;

/** A folder that looks like one in which libvirt was built, with our virsh. */
function builtFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "virsh-tests-"));
  mkdirSync(join(folder, "tools"));
  const virsh = join(folder, "tools/virsh");
  writeFileSync(virsh, `#!/bin/sh\nexec "${process.execPath}" "${PROGRAM}" virsh "$@"\n`);
  chmodSync(virsh, 0o755);
  return folder;
}

interface Result {
  readonly outcome: "passed" | "failed" | "skipped";
  readonly words: string;
}

function runScript(tests: string, script: string, built: string): Result {
  const env = {
    ...process.env,
    abs_top_srcdir: join(tests, ".."),
    abs_srcdir: tests,
    abs_top_builddir: built,
    abs_builddir: built,
    VIR_TEST_EXPENSIVE: "1",
    LC_ALL: "C",
    TZ: "UTC",
  };
  const work = join(built, script);
  mkdirSync(work);
  // The scripts make a folder where they are, and read what lies beside them.
  for (const file of readdirSync(tests)) {
    if (/^virsh-|^test-lib/.test(file)) symlinkSync(join(tests, file), join(work, file));
  }
  const ended = spawnSync(join(work, script), [], {
    cwd: work,
    env,
    encoding: "utf8",
    timeout: LIMIT_MS,
  });
  const outcome = ended.status === 0 ? "passed" : ended.status === SKIPPED ? "skipped" : "failed";
  return { outcome, words: `${ended.stdout}${ended.stderr}` };
}

/** Leaves out what begins with `start`, up to the line's end. */
function leaveOut(text: string, start: string): string | null {
  const from = text.indexOf(start);
  if (from < 0) return null;
  const end = text.indexOf("\n", from + 1);
  return text.slice(0, from) + (end < 0 ? "" : text.slice(end));
}

function runCase({ args, expected, without }: Case, built: string): Result {
  const ended = spawnSync(join(built, "tools/virsh"), args, {
    env: { ...process.env, LC_ALL: "C" },
    input: "",
    encoding: "utf8",
    timeout: LIMIT_MS,
  });
  const printed = without === undefined ? ended.stdout : leaveOut(ended.stdout, without);
  const isRight = ended.status === 0 && ended.stderr === "" && printed === expected;
  const words = `expected ${JSON.stringify(expected)}\ngot ${JSON.stringify(ended.stdout)}\n${ended.stderr}`;
  return { outcome: isRight ? "passed" : "failed", words };
}

function main([given, pattern = ""]: readonly string[]): number {
  if (given === undefined) {
    console.error(USAGE);
    return 2;
  }
  const tests = resolve(given);
  const filter = new RegExp(pattern);
  const built = builtFolder();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const tell = (title: string, { outcome, words }: Result): void => {
    counts[outcome]++;
    console.log(`${outcome}: ${title}`);
    if (outcome === "failed") console.log(words.replace(/^/gm, "  "));
  };
  for (const script of readdirSync(tests).toSorted()) {
    const isScript = /^virsh-[\w-]+$/.test(script) && !script.endsWith("-commands");
    if (!isScript || !statSync(join(tests, script)).isFile() || !filter.test(script)) continue;
    tell(script, runScript(tests, script, built));
  }
  const uri = `test://${resolve(tests, "../examples/xml/test/testnode.xml")}`;
  for (const each of parseCases(readFileSync(join(tests, "virshtest.c"), "utf8"), uri)) {
    const title = `virshtest: ${each.title}`;
    if (filter.test(title)) tell(title, runCase(each, built));
  }
  rmSync(built, { recursive: true, force: true });
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return counts.failed === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
