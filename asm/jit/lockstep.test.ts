/**
 * Random programs with the JIT off, translating at once, and translating after a few visits must end
 * in the same state. JIT_PROGRAMS and JIT_SEED in the environment choose how many, and which first.
 */
import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { minimise, render } from "./testing/chunk.ts";
import { generate } from "./testing/generate.ts";
import { imageOf } from "./testing/program.ts";
import type { Program } from "./testing/program.ts";
import { differences, Runner } from "./testing/runner.ts";

const CORE = new URL("../../dist/core.wasm", import.meta.url);
const built = existsSync(CORE);

const PROGRAMS = Number(process.env["JIT_PROGRAMS"] ?? 200);
const FIRST_SEED = Number(process.env["JIT_SEED"] ?? 1);
const THRESHOLDS = [1, 7] as const;

let interpreter: Runner;
let translators: readonly { readonly threshold: number; readonly runner: Runner }[];

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
  return translators.flatMap(({ threshold, runner }) =>
    differences(expected, runner.run(image)).map((text) => `threshold ${threshold}: ${text}`),
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

describe.skipIf(!built)("translated code against the interpreter", () => {
  beforeAll(() => {
    const module = new WebAssembly.Module(readFileSync(CORE));
    interpreter = new Runner(module, 0);
    translators = THRESHOLDS.map((threshold) => ({
      threshold,
      runner: new Runner(module, threshold),
    }));
  });

  it(`${PROGRAMS} programs end in the same state`, { timeout: 24 * 3_600_000 }, () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + PROGRAMS; seed++) {
      const program = generate(seed);
      const found = mismatches(program);
      if (found.length === 0) continue;
      expect.fail(`seed ${seed}:\n${found.join("\n")}\ncut down:\n${minimal(program)}`);
    }
    expect(endless).toBeLessThan(1 + PROGRAMS / 50);
  });
});
