import { expect, test } from "vitest";
import { assemble } from "../../src/isa/assemble.ts";
import { DIRECTED } from "./index.ts";
import { ORIGIN, Script } from "./script.ts";

test.each(DIRECTED.map((one) => [one.name, one] as const))("%s assembles", (name, { write }) => {
  const script = new Script(name);
  write(script);
  expect(script.checks.length).toBeGreaterThan(0);
  expect(assemble(script.source, { origin: ORIGIN }).bytes.length).toBeGreaterThan(0);
});

test("no two tests have the same name", () => {
  expect(new Set(DIRECTED.map(({ name }) => name)).size).toBe(DIRECTED.length);
});

test("checks are numbered from 1", () => {
  const script = new Script("numbers");
  script.expect("first", "a0", 1n);
  script.expect("second", "a0", 2n);
  expect(script.checks).toEqual(["first", "second"]);
  expect(script.source).toContain("li s11, 2");
});
