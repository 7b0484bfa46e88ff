import { expect, test } from "vitest";
import { unifiedDiff } from "./line-diff.ts";

const NAMES = ["a", "b"] as const;

function lines(...words: readonly (string | number)[]): string {
  return words.map((word) => `${word}\n`).join("");
}

test("equal texts have no difference", () => {
  expect(unifiedDiff("x\n", "x\n", NAMES)).toBe("");
});

test("a change stands with three lines around it", () => {
  const text = unifiedDiff(lines(1, 2, 3, 4, 5, 6, 7, 8), lines(1, 2, 3, 4, "x", 6, 7, 8), NAMES);
  expect(text).toBe(
    lines("--- a", "+++ b", "@@ -2,7 +2,7 @@", " 2", " 3", " 4", "-5", "+x", " 6", " 7", " 8"),
  );
});

test("changes that are far from one another are told apart", () => {
  const old = Array.from({ length: 20 }, (_none, index) => index);
  const text = unifiedDiff(lines(...old), lines("first", ...old, "last"), NAMES);
  expect(text.match(/^@@.*$/gm)).toEqual(["@@ -1,3 +1,4 @@", "@@ -18,3 +19,4 @@"]);
});

test("texts may be empty", () => {
  expect(unifiedDiff("", "x\n", NAMES)).toBe(lines("--- a", "+++ b", "@@ -0,0 +1 @@", "+x"));
});
