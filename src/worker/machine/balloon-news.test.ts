import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BalloonNews } from "./balloon-news.ts";

let told: number[];
let news: BalloonNews;

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  news = new BalloonNews((bytes) => told.push(bytes));
});
afterEach(() => vi.useRealTimers());

test("the first change is told at once, of the others the last one in a second", () => {
  for (const bytes of [1, 2, 3]) news.changed(bytes);
  expect(told).toEqual([1]);
  vi.advanceTimersByTime(999);
  expect(told).toEqual([1]);
  vi.advanceTimersByTime(1);
  expect(told).toEqual([1, 3]);
  news.changed(4);
  expect(told).toEqual([1, 3]);
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([1, 3, 4]);
  vi.advanceTimersByTime(1000);
  news.changed(5);
  expect(told).toEqual([1, 3, 4, 5]);
});

test("nothing is told after the end", () => {
  for (const bytes of [1, 2]) news.changed(bytes);
  news.close();
  vi.advanceTimersByTime(5000);
  expect(told).toEqual([1]);
  expect(vi.getTimerCount()).toBe(0);
});
