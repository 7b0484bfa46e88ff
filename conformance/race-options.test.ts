import { expect, test } from "vitest";
import { parseRaceOptions, usageOf } from "./race-options.ts";

const parse = (args: readonly string[]) => parseRaceOptions(args, { races: 20 });

test("everything has a default", () => {
  expect(parse([])).toEqual({
    engine: "node",
    accelerators: ["interpreter", "jit"],
    filter: undefined,
    races: 20,
  });
  expect(parse(["--races", "3", "--filter", "x", "--accel", "jit"])).toMatchObject({
    races: 3,
    filter: /x/,
    accelerators: ["jit"],
  });
  expect(usageOf("litmus", { races: 1 })).toContain("[--races N]");
});

test("what is wrong is said in a sentence", () => {
  expect(() => parse(["--engine", "lynx"])).toThrow(
    "--engine takes node or chromium or firefox, not lynx",
  );
  expect(() => parse(["--races", "0"])).toThrow("--races takes a whole number, not 0");
  expect(() => parse(["--accel"])).toThrow("option --accel needs a value");
  expect(() => parse(["--frob", "x"])).toThrow("there is no option --frob");
});
