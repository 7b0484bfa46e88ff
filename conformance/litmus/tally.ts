/** Sums up what litmus tests showed. */
import { allowedOutcomes, sequentialOutcomes } from "./model.ts";
import type { LitmusTest, Outcome } from "./litmus-test.ts";
import type { Counts } from "./run.ts";

/** What the model says of a test. */
interface Verdicts {
  readonly allowed: ReadonlySet<Outcome>;
  /** Allowed, and only by reordering. */
  readonly weak: ReadonlySet<Outcome>;
}

export class Tally {
  passed = 0;
  failed = 0;
  #races = 0;
  #forbidden = 0;
  #weakRaces = 0;
  #weakTests = 0;
  /** Tests that may be weak, but were not. */
  #strongTests = 0;
  /** Tests with one outcome though several are allowed: nothing raced. */
  readonly #still: string[] = [];
  readonly #verdicts = new Map<string, Verdicts>();

  add(label: string, test: LitmusTest, counts: Counts): void {
    const { allowed, weak } = this.#verdictsOf(test);
    const total = (outcomes: readonly Outcome[]): number =>
      outcomes.reduce((sum, outcome) => sum + (counts.get(outcome) ?? 0), 0);
    const seen = [...counts.keys()];
    const forbidden = total(seen.filter((outcome) => !allowed.has(outcome)));
    const weakSeen = total(seen.filter((outcome) => weak.has(outcome)));
    this.#races += total(seen);
    this.#forbidden += forbidden;
    this.#weakRaces += weakSeen;
    if (weakSeen > 0) this.#weakTests++;
    else if (weak.size > 0) this.#strongTests++;
    if (seen.length < 2 && allowed.size > 1) this.#still.push(`${label} ${test.name}`);
    if (forbidden === 0) this.passed++;
    else this.failed++;
    const verdict = forbidden === 0 ? "ok" : "FAIL";
    console.log(`${verdict} ${label} ${test.name}  ${lineOf(counts, { allowed, weak })}`);
  }

  #verdictsOf(test: LitmusTest): Verdicts {
    const known = this.#verdicts.get(test.name);
    if (known !== undefined) return known;
    const allowed = allowedOutcomes(test);
    const sequential = sequentialOutcomes(test);
    const weak = new Set([...allowed].filter((outcome) => !sequential.has(outcome)));
    const verdicts = { allowed, weak };
    this.#verdicts.set(test.name, verdicts);
    return verdicts;
  }

  summary(): string[] {
    return [
      `${this.#races} races, ${this.#forbidden} with a forbidden outcome`,
      `${this.#weakRaces} races in ${this.#weakTests} tests had an outcome that takes reordering; ` +
        `${this.#strongTests} tests allow one and did not show it`,
      ...this.#still.map((name) => `only one outcome: ${name}`),
    ];
  }
}

function lineOf(counts: Counts, { allowed, weak }: Verdicts): string {
  const seen = [...counts].map(([outcome, count]) => {
    const mark = weak.has(outcome) ? " weak" : allowed.has(outcome) ? "" : " FORBIDDEN";
    return `${outcome}: ${count}${mark}`;
  });
  const never = [...allowed].filter((outcome) => !counts.has(outcome));
  const rest = never.length > 0 ? `; allowed, not seen: ${never.join(", ")}` : "";
  return `${seen.toSorted().join(", ")}${rest}`;
}
