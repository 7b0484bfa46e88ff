import { expect, test } from "vitest";
import { Report } from "./report.ts";

function reported(add: (report: Report) => void): { lines: string[]; ok: boolean } {
  const lines: string[] = [];
  const report = new Report({ "s/known": "a reason" }, (line) => lines.push(line));
  add(report);
  return { ok: report.finish(), lines };
}

test("figures come by suite, the sum last", () => {
  const { lines, ok } = reported((report) => {
    report.add("s/a", "s", { kind: "pass" });
    report.add("t/b", "t", { kind: "pass" });
    report.add("s/known", "s", { kind: "fail", detail: "as ever" });
  });
  expect(ok).toBe(true);
  expect(lines).toEqual([
    "s: 1 passed, 0 failed, 1 failed as listed",
    "t: 1 passed, 0 failed",
    "2 passed, 0 failed",
  ]);
});

test("an unexpected failure and an unexpected pass both fail", () => {
  const { lines, ok } = reported((report) => {
    report.add("s/known", "s", { kind: "pass" });
    report.add("s/a", "s", { kind: "timeout", detail: "no end" });
  });
  expect(ok).toBe(false);
  expect(lines).toEqual([
    "FAIL s/known: passes although it is listed as failing",
    "FAIL s/a: timeout: no end",
    "s: 0 passed, 2 failed",
    "0 passed, 2 failed",
  ]);
});
