import type { Outcome } from "./outcome.ts";

/** Names of programs that are known to fail, each with the reason. */
export type ExpectedFail = Readonly<Record<string, string>>;

interface Count {
  passed: number;
  failed: number;
  expected: number;
}

/** Counts outcomes by suite. A program that passes although it is listed counts as failed. */
export class Report {
  readonly #expected: ExpectedFail;
  readonly #print: (line: string) => void;
  readonly #suites = new Map<string, Count>();

  constructor(expected: ExpectedFail, print: (line: string) => void) {
    this.#expected = expected;
    this.#print = print;
  }

  add(name: string, suite: string, outcome: Outcome): void {
    const count = this.#suites.get(suite) ?? { passed: 0, failed: 0, expected: 0 };
    this.#suites.set(suite, count);
    const listed = Object.hasOwn(this.#expected, name);
    if (outcome.kind === "pass" && !listed) count.passed++;
    else if (outcome.kind === "pass") {
      count.failed++;
      this.#print(`FAIL ${name}: passes although it is listed as failing`);
    } else if (listed) count.expected++;
    else {
      count.failed++;
      this.#print(`FAIL ${name}: ${outcome.kind}: ${outcome.detail}`);
    }
  }

  /** Prints the figures, the sum last. @returns whether nothing was unexpected */
  finish(): boolean {
    const sum: Count = { passed: 0, failed: 0, expected: 0 };
    for (const [suite, count] of this.#suites) {
      const known = count.expected > 0 ? `, ${count.expected} failed as listed` : "";
      this.#print(`${suite}: ${count.passed} passed, ${count.failed} failed${known}`);
      sum.passed += count.passed;
      sum.failed += count.failed;
    }
    this.#print(`${sum.passed} passed, ${sum.failed} failed`);
    return sum.failed === 0;
  }
}
