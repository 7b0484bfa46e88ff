import { describe, expect, test } from "vitest";
import { allowedOutcomes, sequentialOutcomes } from "./model.ts";
import { litmusTests } from "./shapes.ts";

/** What RVWMO says of the outcome that each shape is known for. */
const VERDICTS: readonly (readonly [name: string, outcome: string, allowed: boolean])[] = [
  ["MP+po", "1 0", true],
  ["MP+fence.rw.rw", "1 0", false],
  ["MP+fence.tso", "1 0", false],
  ["MP+fence.least", "1 0", false],
  ["MP+addr", "1 0", true],
  ["MP+amo.aq-amo.rl", "1 0", false],
  ["MP+amo", "1 0", true],
  ["MP+po-amo.rl", "1 0", false],
  ["SB+po", "0 0", true],
  ["SB+fence.rw.rw", "0 0", false],
  ["SB+fence.tso", "0 0", true],
  ["SB+amo.aqrl", "0 0", false],
  ["SB+amo.rl-amo.aq", "0 0", false],
  ["SB+amo", "0 0", true],
  ["LB+po", "1 1", true],
  ["LB+data", "1 1", false],
  ["LB+ctrl", "1 1", false],
  ["LB+fence.least", "1 1", false],
  ["S+po", "1 2", true],
  ["S+fence.rw.rw", "1 2", false],
  ["R+po", "0 2", true],
  ["R+fence.rw.rw", "0 2", false],
  ["2+2W+po", "1 1", true],
  ["2+2W+fence.least", "1 1", false],
  ["CoRR+po", "1 0", false],
  ["CoWR+po", "2 1", false],
  ["CoWR+po", "2 2", true],
  ["CoRW+po", "1 2", false],
  ["CoWW+po", "2 1 2", false],
  ["WRC+addr", "1 1 0", false],
  ["WRC+fence.rw.rw", "1 1 0", false],
  ["ISA2+fence.rw.rw", "1 1 0", false],
  ["IRIW+po", "1 0 1 0", true],
  ["IRIW+addr", "1 0 1 0", false],
  ["IRIW+fence.least", "1 0 1 0", false],
  ["IRIW+amo", "1 0 1 0", true],
  ["IRIW+fence.r.rw", "1 0 1 0", false],
  // Partial fences.
  ["MP+fence.w.w", "1 0", true],
  ["S+fence.w.w", "1 2", true],
  ["2+2W+fence.least", "1 1", false],
  ["2+2W+fence.r.rw", "1 1", true],
  ["SB+fence.least", "0 0", false],
  ["SB+fence.rw.w", "0 0", true],
  ["LB+fence.r.rw", "1 1", false],
  ["LB+fence.rw.w", "1 1", false],
  // A successful SC orders the stores behind it, which depend on it by its loop's branch.
  ["2+2W+lrsc", "1 1", false],
  ["2+2W+amo", "1 1", true],
  ["Z6.0+po", "1 0 2", true],
  ["Z6.0+fence.rw.rw", "1 0 2", false],
  ["Z6.1+fence.rw.rw", "1 2 2", false],
  ["Z6.2+data", "1 1 2", true],
  ["Z6.2+fence.least", "1 1 2", false],
  ["Z6.3+fence.rw.rw", "1 0 2", false],
  ["Z6.4+fence.rw.rw", "0 0 2", false],
  ["Z6.5+fence.rw.rw", "0 2 2", false],
  ["3.SB+po", "0 0 0", true],
  ["3.SB+fence.rw.rw", "0 0 0", false],
  ["3.LB+data", "1 1 1", false],
  ["3.2W+fence.least", "2 2 2", false],
  ["W+RWC+fence.rw.rw", "1 0 0", false],
  ["WWC+data", "1 1 2", false],
  ["WRR+2W+fence.rw.rw", "2 0 2", false],
  ["RWC+amo.aqrl", "1 0 0", false],
  // The figures of the manual's explanatory appendix.
  ["MP+fence.w.w+data-rfi-addr", "1 1 0", false],
  ["MP+fence.w.w+addr-rfi-addr", "1 1 0", false],
  ["MP+fence.w.w+ctrl-rfi-addr", "1 1 0", true],
  ["MP+fence.w.w+data-coi-rfi-addr", "1 2 0", true],
  ["MP+fence.w.w+addr-rsw-addr", "1 0 0 0", true],
  ["LB+fence.rw.rw+addr-po", "1 1 0", false],
  ["SB+rfi-addrs", "1 0 1 0", true],
  ["SB+amo-rfi-addrs", "1 0 1 0", false],
  ["SB+lrsc-rfi-addrs", "1 0 1 0", false],
  ["SB+amo.aqrl-between", "0 0 0 0", false],
  ["SB+lrsc.aqrl-between", "0 0 0 0", false],
  // Different widths.
  ["whole.CoRR+po", "1:0 1:1", false],
  ["whole.CoRR+po", "1:1 0:0", false],
  ["whole.2W+po", "1:2 1:1", false],
  ["half.CoRR+po", "1 0", true],
  ["half.CoRR+fence.least", "1 0", false],
  ["half.MP+po", "0:1", true],
  ["half.MP+fence.least", "0:1", false],
  ["half.SB+po", "1:0 0:2", true],
  ["half.SB+fence.rw.rw", "1:0 0:2", false],
  ["half.SB+amo", "1:0 0:2", false],
  ["across.lines:whole.CoRR+po", "1:0 1:1", true],
  ["across.pages:whole.CoRR+po", "1:0 0:1", false],
  ["atomic.lrsc.whole+store.high", "0:0 0:0", false],
  ["atomic.lrsc.low+lrsc.whole", "0:0 1:0", true],
  ["atomic.lrsc.low+lrsc.whole", "0:0 0:0", false],
];

const tests = new Map(litmusTests().map((each) => [each.name, each]));

describe("the memory model", () => {
  test.each(VERDICTS)("%s: %s is allowed: %s", (name, outcome, allowed) => {
    const found = tests.get(name);
    if (found === undefined) throw new Error(`there is no test ${name}`);
    expect(allowedOutcomes(found).has(outcome)).toBe(allowed);
  });

  test("an SC is atomic with its LR", () => {
    const add = { at: "x", means: "lrsc", order: "", op: "load", to: "0.0" } as const;
    const store = { at: "x", means: "plain", order: "", op: "store", value: 1 } as const;
    // The pair writes back what it read: a store in between must not be lost.
    const lost = allowedOutcomes({ name: "", harts: [[add], [store]], finals: ["x"] });
    expect([...lost].toSorted()).toEqual(["0 1", "1 1"]);
  });
});

test("what shows without reordering is allowed, and SB's outcome does not", () => {
  const few = [...tests.values()].filter(({ harts }) => harts.length === 2);
  for (const each of few.slice(0, 200)) {
    const allowed = allowedOutcomes(each);
    for (const outcome of sequentialOutcomes(each)) expect(allowed).toContain(outcome);
  }
  const sb = tests.get("SB+po");
  expect(sb && [...sequentialOutcomes(sb)].toSorted()).toEqual(["0 1", "1 0", "1 1"]);
});

test("names are unique, and there is something to try", () => {
  expect(tests.size).toBe(litmusTests().length);
  expect(tests.size).toBeGreaterThan(150);
});
