import { describe, expect, test } from "vitest";
import { allowedOutcomes } from "./model.ts";
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

test("names are unique, and there is something to try", () => {
  expect(tests.size).toBe(litmusTests().length);
  expect(tests.size).toBeGreaterThan(150);
});
