import { expect, test } from "vitest";
import { judge } from "./verdict.ts";

const word = (value: number): string => ` ${value.toString(16).padStart(16, "0")}`;
const words = (...values: readonly number[]): string => values.map(word).join("");

test("notes are named", () => {
  const output = `OK${words(7, 0, 0, 0, 0, 0, 0, 0)}\n`;
  expect(judge({ notes: ["loops"] }, [], output, 0.5)).toEqual({
    passed: true,
    text: "50 % translated, loops: 7",
  });
});

test("a failed check is named with what was compared", () => {
  const { passed, text } = judge({}, ["first", "second"], `NO${words(3, 2, 16, 17)}\n`, 0);
  expect({ passed, text }).toEqual({ passed: false, text: "hart 3: not so: second (10, 11)" });
});

test("a trap that nobody expects, and no result at all, fail", () => {
  expect(judge({}, [], `NO${words(1, 0, 5, 64)}`, 0).text).toBe(
    "hart 1: unexpected trap, mcause 5, mepc 40",
  );
  expect(judge({}, [], "OK 12", 0).passed).toBe(false);
});
