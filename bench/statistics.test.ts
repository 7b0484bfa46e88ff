import { expect, test } from "vitest";
import { geometricMean, median } from "./statistics.ts";

test("the median of an odd and an even number of values", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test("the geometric mean of a ratio and its inverse is one", () => {
  expect(geometricMean([4, 0.25])).toBeCloseTo(1);
  expect(geometricMean([])).toBeNaN();
});
