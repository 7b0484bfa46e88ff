/**
 * Runs QEMU's own tests of qemu-img and qemu-io with the installed tools and, what passes, with ours, and
 * tells where the two differ: `node dist/conformance/iotests/main.js [--format NAME] [--limit SECONDS]
 * [--tools FOLDER] FOLDER [TEST…]`, FOLDER being `tests/qemu-iotests` of QEMU's sources; all of its tests
 * where none is named. `--tools` names a folder with other programs under the names qemu-img and qemu-io.
 */
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { installedTools, runTest, type Setting } from "./run-test.ts";
import { differences, type Outcome } from "./tap.ts";

const USAGE =
  "usage: main.js [--format NAME] [--limit SECONDS] [--tools FOLDER] FOLDER [TEST...]\n";
const PROGRAM = fileURLToPath(new URL("../../../bin/tabvisor.mjs", import.meta.url));

/** Programs under the names that the tests call, in a folder. */
function writeTools(folder: string): string {
  for (const name of ["qemu-img", "qemu-io"]) {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\nexec "${process.execPath}" "${PROGRAM}" ${name} "$@"\n`);
    chmodSync(path, 0o755);
  }
  return folder;
}

/** The tests with numbers; those with names too. */
function allTests(folder: string): string[] {
  const numbers = readdirSync(folder).filter((name) => /^\d{3}$/.test(name));
  const names = readdirSync(join(folder, "tests")).filter((name) => !/\.(out|pattern)/.test(name));
  return [...numbers.toSorted(), ...names.toSorted()];
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      format: { type: "string", default: "qcow2" },
      limit: { type: "string", default: "900" },
      tools: { type: "string" },
    },
    allowPositionals: true,
  });
  const [folder, ...named] = positionals;
  if (folder === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  const work = mkdtempSync(join(tmpdir(), "tabvisor-iotests-"));
  const tools = resolve(values.tools ?? writeTools(work));
  const stock: Setting = {
    folder: resolve(folder),
    format: values.format,
    work: join(work, "stock"),
    limitMs: Number(values.limit) * 1000,
    tools: installedTools(process.env),
  };
  const own = { QEMU_IMG_PROG: join(tools, "qemu-img"), QEMU_IO_PROG: join(tools, "qemu-io") };
  const ours = { ...stock, work: join(work, "ours"), tools: { ...stock.tools, ...own } };
  try {
    return await compare(stock, ours, named.length > 0 ? named : allTests(stock.folder));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Ours run what the stock tools pass only; outcomes are printed as they come. */
async function compare(stock: Setting, ours: Setting, tests: readonly string[]): Promise<number> {
  const outcomes = { stock: new Map<string, Outcome>(), ours: new Map<string, Outcome>() };
  for (const test of tests) {
    const expected = await runTest(stock, test);
    outcomes.stock.set(test, expected);
    if (expected !== "pass") continue;
    const found = await runTest(ours, test);
    outcomes.ours.set(test, found);
    process.stdout.write(`${test}: ${found}\n`);
  }
  const { lines, isWorse } = differences(outcomes.stock, outcomes.ours);
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
  return isWorse ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
