/**
 * Litmus tests of the memory model between harts: every shape runs many times on a machine whose harts
 * are real workers, and each outcome must be one that RVWMO allows.
 */
import { parseRaceOptions, usageOf } from "../race-options.ts";
import type { RaceOptions } from "../race-options.ts";
import { runTests } from "./run.ts";
import { litmusTests } from "./shapes.ts";
import { Tally } from "./tally.ts";

/** `races` of each test, in one test of `every`. */
const COUNTS = { races: 20_000, every: 1 };

async function runAll(options: RaceOptions & typeof COUNTS): Promise<Tally> {
  const tally = new Tally();
  const { every, filter } = options;
  const tests = litmusTests()
    .filter(({ name }) => filter?.test(name) ?? true)
    .filter((_, index) => index % every === 0);
  for (const accelerator of options.accelerators) {
    for (const harts of new Set(tests.map((test) => test.harts.length))) {
      const group = tests.filter((test) => test.harts.length === harts);
      const label = `${options.engine}, ${accelerator}, ${harts} harts:`;
      const { reported, translated } = await runTests(
        group,
        { ...options, accelerator },
        (test, counts) => tally.add(label, test, counts),
      );
      if (reported !== group.length) throw new Error(`${label} some tests reported nothing`);
      console.log(
        `${label} ${(translated * 100).toFixed(1)} % of all instructions were translated`,
      );
    }
  }
  return tally;
}

try {
  const tally = await runAll(parseRaceOptions(process.argv.slice(2), COUNTS));
  for (const line of tally.summary()) console.log(line);
  const { passed, failed } = tally;
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  console.error(usageOf("litmus", COUNTS));
  process.exitCode = 2;
}
