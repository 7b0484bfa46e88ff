/** Runs litmus tests on a machine with real workers, and reads what it prints. */
import { runBare, translatedPart } from "../bare-machine.ts";
import { BATCH, litmusProgram, outcomeText } from "./assembly.ts";
import type { LitmusTest, Outcome } from "./litmus-test.ts";

export interface RunOptions {
  readonly engine: string;
  readonly accelerator: string;
  /** Races of each test, at least. */
  readonly races: number;
}

/** How often each outcome was seen. */
export type Counts = ReadonlyMap<Outcome, number>;

/**
 * Runs tests that all have as many harts.
 *
 * @param onTest is told each test's counts, as soon as all are known
 * @returns how many tests were reported, and which part of all instructions translated code executed
 * @throws Error when the machine does not power itself off
 */
export async function runTests(
  tests: readonly LitmusTest[],
  { engine, accelerator, races }: RunOptions,
  onTest: (test: LitmusTest, counts: Counts) => void,
): Promise<{ reported: number; translated: number }> {
  const harts = tests[0]?.harts.length ?? 0;
  const source = litmusProgram(tests, harts, Math.ceil(races / BATCH));
  const reader = new CountReader(tests, onTest);
  const machine = { engine, accelerator, harts };
  const stats = await runBare(source, machine, (text) => reader.add(text));
  return { reported: reader.finish(), translated: translatedPart(stats) };
}

/** Collects the lines of a test until the next one's begin. */
class CountReader {
  readonly #tests: readonly LitmusTest[];
  readonly #onTest: (test: LitmusTest, counts: Counts) => void;
  #rest = "";
  #index = -1;
  #counts = new Map<Outcome, number>();
  #reported = 0;

  constructor(tests: readonly LitmusTest[], onTest: (test: LitmusTest, counts: Counts) => void) {
    this.#tests = tests;
    this.#onTest = onTest;
  }

  add(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    const [, index, key, count] = /^([\da-f]{8}) ([\da-f]{8}) ([\da-f]{8}) \r?$/.exec(line) ?? [];
    if (index === undefined || key === undefined || count === undefined) return;
    const number = Number.parseInt(index, 16);
    if (number !== this.#index) this.#report();
    this.#index = number;
    const test = this.#tests[number];
    if (test === undefined) return;
    this.#counts.set(outcomeText(test, Number.parseInt(key, 16)), Number.parseInt(count, 16));
  }

  #report(): void {
    const test = this.#tests[this.#index];
    if (test === undefined) return;
    this.#onTest(test, this.#counts);
    this.#counts = new Map();
    this.#reported++;
  }

  finish(): number {
    this.#report();
    return this.#reported;
  }
}
