/**
 * Runs test programs of others (riscv-tests' `tohost`, riscv-arch-test's signatures) and the
 * project's own directed tests, and prints figures.
 */
import { readFile } from "node:fs/promises";
import { DIRECTED } from "./directed/index.ts";
import { findPrograms, readProgram } from "./find-programs.ts";
import type { FoundProgram } from "./find-programs.ts";
import { nodeEngine } from "./node-engine.ts";
import { USAGE, parseOptions } from "./options.ts";
import type { Options } from "./options.ts";
import type { Engine } from "./outcome.ts";
import { Report } from "./report.ts";
import type { ExpectedFail } from "./report.ts";

async function readExpectedFail(path: string): Promise<ExpectedFail> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as ExpectedFail;
  } catch (error) {
    throw new Error(`${path} cannot be read: ${error instanceof Error ? error.message : ""}`, {
      cause: error,
    });
  }
}

async function runAll(options: Options, engine: Engine): Promise<boolean> {
  const report = new Report(await readExpectedFail(options.expectedFail), (line) => {
    console.log(line);
  });
  if (options.directed) await runAllDirected(engine, report);
  const found: FoundProgram[] = [];
  for (const folder of options.folders) found.push(...(await findPrograms(folder)));
  for (const one of found) {
    if (options.filter && !options.filter.test(one.name)) continue;
    const program = await readProgram(one);
    report.add(program.name, program.suite, await engine.run(program));
  }
  return report.finish();
}

async function runAllDirected(engine: Engine, report: Report): Promise<void> {
  for (const test of DIRECTED) {
    report.add(`directed/${test.name}`, "directed", await engine.runDirected(test));
  }
}

try {
  const options = parseOptions(process.argv.slice(2));
  const engine = await nodeEngine();
  process.exitCode = (await runAll(options, engine)) ? 0 : 1;
  await engine.close();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  console.error(USAGE);
  process.exitCode = 2;
}
