import { expect, test } from "vitest";
import { parseOptions } from "./options.ts";

test("everything has a default", () => {
  const { engine, accelerators, filter } = parseOptions([]);
  expect({ engine, accelerators, filter }).toEqual({
    engine: "node",
    accelerators: ["interpreter", "jit"],
    filter: undefined,
  });
});

test("what is wrong is said in a sentence", () => {
  expect(() => parseOptions(["--engine", "lynx"])).toThrow(
    "--engine takes node or chromium or firefox, not lynx",
  );
  expect(() => parseOptions(["--races", "0"])).toThrow("--races takes a whole number, not 0");
  expect(() => parseOptions(["--accel"])).toThrow("option --accel needs a value");
  expect(() => parseOptions(["--frob", "x"])).toThrow("there is no option --frob");
});
