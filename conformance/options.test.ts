import { expect, test } from "vitest";
import { parseOptions } from "./options.ts";

test("folders and options in any order", () => {
  expect(parseOptions(["a", "--engine", "chromium", "b", "--jit", "--filter", "^x"])).toEqual({
    engine: "chromium",
    directed: false,
    jit: true,
    expectedFail: "conformance/expected-fail.json",
    filter: /^x/,
    folders: ["a", "b"],
  });
});

test("what is wrong is said in a sentence", () => {
  expect(() => parseOptions(["--engine", "lynx"])).toThrow(
    "--engine takes node, chromium or firefox",
  );
  expect(() => parseOptions(["--engine"])).toThrow("option --engine needs a value");
  expect(() => parseOptions(["--frob", "x"])).toThrow("there is no option --frob");
});
