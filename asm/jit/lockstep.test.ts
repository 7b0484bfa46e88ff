/**
 * Random programs with the JIT off, translating at once, translating after a few visits, and keeping few
 * translations must end in the same state. JIT_PROGRAMS and JIT_SEED in the environment choose how many, and which first.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { Xorshift } from "../../src/util/xorshift.ts";
import { minimise, render } from "./testing/chunk.ts";
import { built, compiledCore } from "./testing/core.ts";
import { generate } from "./testing/generate.ts";
import { imageOf } from "./testing/program.ts";
import type { Program } from "./testing/program.ts";
import { differences, Runner, type RunnerOptions } from "./testing/runner.ts";

const PROGRAMS = Number(process.env["JIT_PROGRAMS"] ?? 200);
const FIRST_SEED = Number(process.env["JIT_SEED"] ?? 1);
/**
 * The third and fourth keep so few modules that they drop and park all the time, and take so much longer that
 * one program in `every` is enough; the fourth waits for regions to be a module together. The
 * others find what another hart translated of the same program, or of those before.
 */
const TRANSLATORS: readonly (RunnerOptions & { readonly every: number })[] = [
  { threshold: 1, every: 1, importTable: true },
  { threshold: 7, every: 1 },
  { threshold: 1, modules: 5, every: 8 },
  { threshold: 9, modules: 5, every: 2, importTable: true },
  { threshold: 1, every: 2, taught: true },
  { threshold: 9, every: 2, taught: true, importTable: true },
  { threshold: 1, modules: 5, every: 8, taught: true, storeBytes: 0x1_0000 },
];
/** One in so many programs is also stopped in between, which takes longer. */
const STOPPED = 8;

let interpreter: Runner;
let translators: readonly {
  readonly name: string;
  readonly every: number;
  readonly runner: Runner;
}[];

/** Programs that ran into more traps than was thought, and were given up. */
let endless = 0;

/** How the translated runs differ from the interpreted one. */
function mismatches(program: Program, removed?: ReadonlySet<number>): string[] {
  const image = imageOf(program, removed);
  const expected = interpreter.run(image);
  if (!Runner.ended(expected)) {
    endless++;
    return [];
  }
  const used = translators.filter(({ every }) => program.seed % every === 0);
  return used.flatMap(({ name, runner }) =>
    differences(expected, runner.run(image)).map((text) => `${name}: ${text}`),
  );
}

/** The source without what the mismatch does not need. */
function minimal(program: Program): string {
  const removed = minimise(program.source, (fewer) => {
    try {
      return mismatches(program, fewer).length > 0;
    } catch {
      return false;
    }
  });
  const text = render(program.source, removed);
  return `${mismatches(program, removed).join("\n")}\n${text.slice(text.indexOf("main:"))}`;
}

/** Where translated code is left: registers there, against those of the interpreter at that time. */
function wrongStops(program: Program): string[] {
  const image = imageOf(program);
  const expected = new Map(
    interpreter.stops(image, () => 1).map(({ when, registers }) => [when, registers]),
  );
  const random = new Xorshift(program.dataSeed);
  const runner = translators[0]?.runner ?? interpreter;
  for (const { when, registers } of runner.stops(image, () => 1 + random.below(700))) {
    const right = expected.get(when);
    if (right !== undefined && right !== registers) {
      return [`after ${when}:`, right, registers];
    }
  }
  return [];
}

describe.skipIf(!built)("translated code against the interpreter", () => {
  beforeAll(() => {
    const module = compiledCore();
    interpreter = new Runner(module, { threshold: 0 });
    translators = TRANSLATORS.map((options) => ({
      every: options.every,
      name: JSON.stringify(options),
      runner: new Runner(module, options),
    }));
  });

  it(`${PROGRAMS} programs end in the same state`, { timeout: 24 * 3_600_000 }, () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + PROGRAMS; seed++) {
      const program = generate(seed);
      const found = mismatches(program);
      if (found.length === 0) continue;
      expect.fail(`seed ${seed}:\n${found.join("\n")}\ncut down:\n${minimal(program)}`);
    }
    expect(endless).toBeLessThan(1 + PROGRAMS / 20);
  });

  it("registers are right wherever it stops", { timeout: 24 * 3_600_000 }, () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + PROGRAMS; seed += STOPPED) {
      const program = generate(seed);
      // An interrupt comes earlier or later with the stops.
      if (program.timer) continue;
      const found = wrongStops(program);
      if (found.length > 0) expect.fail(`seed ${seed}: ${found.join("\n")}`);
    }
  });
});
