import { expect, test } from "vitest";
import { answerQuery } from "./help.ts";
import { OPTIONS } from "./option-table.ts";

test("the help names every option and keeps to 100 columns", () => {
  const help = answerQuery("help", "1.0", []);
  for (const { name } of OPTIONS) expect(help).toContain(`-${name}`);
  for (const line of help.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
});

test("says how to build a guest when there is none", () => {
  expect(answerQuery("guests", "1.0", [])).toContain("tabvisor guest build shell");
  expect(answerQuery("guests", "1.0", ["shell"])).toBe("shell\n");
});
