import { expect, test } from "vitest";
import { parseOptions } from "./options.ts";

const read = (...args: string[]): ReturnType<typeof parseOptions> => parseOptions(args, ["a", "b"]);

test("a minute of every profile is the default", () => {
  expect(read()).toMatchObject({ seconds: 60, programs: Infinity, profiles: [], seed: 1 });
});

test("a number of programs lifts the limit of time", () => {
  expect(read("--programs", "5")).toMatchObject({ programs: 5, seconds: Infinity });
});

test("what is wrong is said in a sentence", () => {
  expect(() => read("--frob")).toThrow("there is no option --frob");
  expect(() => read("--seed")).toThrow("option --seed needs a value");
  expect(() => read("--seed", "x")).toThrow("--seed takes a whole number, not x");
  expect(() => read("--profiles", "a,c")).toThrow("there is no profile c; there are a, b");
});
