/**
 * Directed tests of several harts, which are real workers: atomics, reservations, changed code and page
 * tables with remote fences, interrupts that wake.
 */
import { runBare, translatedPart } from "../bare-machine.ts";
import { parseRaceOptions, usageOf } from "../race-options.ts";
import type { RaceOptions } from "../race-options.ts";
import { ATOMICS } from "./atomics.ts";
import { CODE_SCENARIOS } from "./code.ts";
import { HartProgram } from "./hart-program.ts";
import type { Scenario } from "./hart-program.ts";
import { INTERRUPTS } from "./interrupts.ts";
import { MESSAGES } from "./messages.ts";
import { RESERVATIONS } from "./reservations.ts";
import { judge } from "./verdict.ts";
import type { Verdict } from "./verdict.ts";
import { TRANSLATION } from "./translation.ts";

const SCENARIOS = [
  ...ATOMICS,
  ...RESERVATIONS,
  ...CODE_SCENARIOS,
  ...TRANSLATION,
  ...INTERRUPTS,
  ...MESSAGES,
];

/** How many `times` the scenarios' own rounds; `seconds` until one that does not end has failed. */
const COUNTS = { times: 1, seconds: 120 };

type Options = RaceOptions & typeof COUNTS;

async function runOne(
  scenario: Scenario,
  accelerator: string,
  { engine, times, seconds }: Options,
): Promise<Verdict> {
  const { harts, rounds, write } = scenario;
  const program = new HartProgram(harts);
  write(program, rounds * times);
  let output = "";
  const own = scenario.machine === undefined ? {} : { machine: scenario.machine };
  const machine = { engine, accelerator, harts, patienceMs: seconds * 1000, ...own };
  try {
    const stats = await runBare(program.source, machine, (text) => (output += text));
    return judge(scenario, program.checks, output, translatedPart(stats));
  } catch (error) {
    return { passed: false, text: error instanceof Error ? error.message : String(error) };
  }
}

async function runAll(options: Options): Promise<{ passed: number; failed: number }> {
  const sum = { passed: 0, failed: 0 };
  const scenarios = SCENARIOS.filter(({ name }) => options.filter?.test(name) ?? true);
  for (const accelerator of options.accelerators) {
    for (const scenario of scenarios) {
      const began = performance.now();
      const { passed, text } = await runOne(scenario, accelerator, options);
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      const rounds = scenario.rounds * options.times;
      const label = `${options.engine}, ${accelerator}: ${scenario.name}`;
      console.log(`${passed ? "ok" : "FAIL"} ${label}, ${rounds} rounds, ${seconds} s  ${text}`);
      if (passed) sum.passed++;
      else sum.failed++;
    }
  }
  return sum;
}

try {
  const { passed, failed } = await runAll(parseRaceOptions(process.argv.slice(2), COUNTS));
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  console.error(usageOf("harts", COUNTS));
  process.exitCode = 2;
}
