import { expect, test } from "vitest";
import { answerQuery } from "./help.ts";
import { OPTIONS } from "./option-table.ts";
import { statsText } from "./stats-text.ts";

test("the help names every option and keeps to 100 columns", () => {
  const help = answerQuery("help", "1.0", []);
  for (const { name } of OPTIONS) expect(help).toContain(`-${name}`);
  for (const line of help.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
});

test("says how to build a guest when there is none", () => {
  expect(answerQuery("guests", "1.0", [])).toContain("tabvisor guest build shell");
  expect(answerQuery("guests", "1.0", ["shell"])).toBe("shell\n");
});

test("counters are grouped and aligned", () => {
  const text = statsText(
    {
      instructions: 1_234_567,
      tlbMisses: 12,
      fetchMisses: 0,
      traps: 1000,
      interrupts: 0,
      exits: { mmioRead: 1, mmioWrite: 2, wfi: 3 },
      hartMs: 10,
    },
    1500,
  );
  expect(text).toContain("1 234 567");
  expect(text).toMatch(/speed +123\.5 MIPS/);
  expect(
    new Set(
      text
        .trimEnd()
        .split("\n")
        .map((line) => line.length),
    ).size,
  ).toBeLessThanOrEqual(3);
});
