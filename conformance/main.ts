/**
 * Runs test programs of others (riscv-tests' `tohost`, riscv-arch-test's signatures) and the
 * project's own directed tests, and prints figures.
 */
import { readFile } from "node:fs/promises";
import { browserEngine } from "./browser/engine.ts";
import { DIRECTED } from "./directed/index.ts";
import { findPrograms, readProgram } from "./find-programs.ts";
import { nodeEngine } from "./node-engine.ts";
import { USAGE, parseOptions } from "./options.ts";
import type { Options } from "./options.ts";
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

const ENGINES = {
  node: nodeEngine,
  chromium: (jit: boolean) => browserEngine("chromium", jit),
  firefox: (jit: boolean) => browserEngine("firefox", jit),
} as const;

/** Directed tests are quick: interpreted and translated, whatever else is asked. */
async function runAllDirected(options: Options, report: Report): Promise<void> {
  for (const jit of [false, true]) {
    const suite = jit ? "directed, translated" : "directed";
    const engine = await ENGINES[options.engine](jit);
    for (const { name } of DIRECTED) {
      report.add(`${suite}/${name}`, suite, await engine.runDirected(name));
    }
    await engine.close();
  }
}

async function runFolders(options: Options, report: Report): Promise<void> {
  const engine = await ENGINES[options.engine](options.jit);
  for (const folder of options.folders) {
    for (const found of await findPrograms(folder)) {
      if (options.filter && !options.filter.test(found.name)) continue;
      const program = await readProgram(found);
      report.add(program.name, program.suite, await engine.run(program));
    }
  }
  await engine.close();
}

async function main(options: Options): Promise<void> {
  const expected = await readExpectedFail(options.expectedFail);
  const report = new Report(expected, (line) => {
    console.log(line);
  });
  if (options.directed) await runAllDirected(options, report);
  if (options.folders.length > 0) await runFolders(options, report);
  process.exitCode = report.finish() ? 0 : 1;
}

try {
  await main(parseOptions(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  console.error(USAGE);
  process.exitCode = 2;
}
