import { expect, test } from "vitest";
import { progressTo } from "./progress.ts";

function recorder(isTTY: boolean): {
  output: Parameters<typeof progressTo>[0];
  text: () => string;
} {
  let text = "";
  const output = { isTTY, columns: 40, write: (piece: string) => void (text += piece) };
  return { output, text: () => text };
}

test("a terminal has one line that is drawn over", () => {
  const { output, text } = recorder(true);
  let now = 0;
  const progress = progressTo(output, () => now);
  progress.step("Fetching");
  progress.bytes(1_000_000, 10_000_000);
  now = 200;
  progress.bytes(2_500_000, 10_000_000);
  progress.end();
  expect(text()).toBe("\r\x1b[KFetching\r\x1b[KFetching 2.5 of 10 MB (25 %)\r\x1b[K");
});

test("a line never wraps", () => {
  const { output, text } = recorder(true);
  progressTo(output).step("x".repeat(100));
  expect(text()).toBe(`\r\x1b[K${"x".repeat(39)}`);
});

test("a log has a line a step and few of the progress", () => {
  const { output, text } = recorder(false);
  let now = 0;
  const progress = progressTo(output, () => now);
  progress.step("Fetching");
  for (now = 0; now < 12_000; now += 100) {
    progress.bytes(now, 12_000);
  }
  progress.warn("something.");
  expect(text().split("\n")).toHaveLength(5);
});
