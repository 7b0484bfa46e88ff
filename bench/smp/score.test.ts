import { expect, test } from "vitest";
import { averagePiece, cpuSpeedup, speedup, type Mark } from "./score.ts";

/** A hart that finishes a piece every `ms` from `from` on. */
function marksOf(hart: number, from: number, ms: number, count: number): Mark[] {
  return Array.from({ length: count }, (_, i) => {
    const wallMs = from + ms * i;
    return { hart, wallMs, cpuMs: 2 * wallMs };
  });
}

const byTime = (marks: Mark[]): Mark[] => marks.toSorted((a, b) => a.wallMs - b.wallMs);

test("two harts that do not disturb each other do twice the work of one", () => {
  const one = averagePiece(
    marksOf(0, 50, 100, 8).map((mark) => ({ ...mark, cpuMs: mark.wallMs })),
    1,
  );
  expect(one).toEqual({ wallMs: 100, cpuMs: 100 });
  const two = averagePiece(byTime([...marksOf(0, 50, 100, 8), ...marksOf(1, 70, 100, 8)]), 2);
  expect(two.wallMs).toBeCloseTo(50);
  expect(two.cpuMs).toBeCloseTo(100);
  expect(speedup({ one, two })).toBeCloseTo(2);
  expect(cpuSpeedup({ one, two })).toBeCloseTo(2);
});

test("what one hart does alone, before and behind the other, does not count", () => {
  const marks = byTime([
    ...marksOf(0, 0, 50, 4),
    ...marksOf(1, 300, 100, 5),
    ...marksOf(0, 350, 100, 8),
  ]);
  expect(averagePiece(marks, 2).wallMs).toBeCloseTo(50);
});

test("too few pieces are no rate", () => {
  expect(() => averagePiece(marksOf(0, 0, 100, 2), 1)).toThrow("too few repetitions");
  expect(() => averagePiece(marksOf(0, 0, 100, 9), 2)).toThrow();
});
