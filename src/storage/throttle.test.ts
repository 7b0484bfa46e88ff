import { describe, expect, test } from "vitest";
import type { ThrottleLimits } from "../util/throttle-limits.ts";
import { Throttle } from "./throttle.ts";

/** A clock that a test winds; waits end in order. */
class HandClock {
  ms = 0;
  #waits: { readonly at: number; readonly done: () => void }[] = [];

  nowMs(): number {
    return this.ms;
  }

  after(ms: number): Promise<void> {
    return new Promise((done) => this.#waits.push({ at: this.ms + ms, done }));
  }

  async run(untilMs: number): Promise<void> {
    for (;;) {
      for (let i = 0; i < 20; i++) await Promise.resolve();
      const [next] = this.#waits.toSorted((a, b) => a.at - b.at);
      if (next === undefined || next.at > untilMs) break;
      this.#waits = this.#waits.filter((wait) => wait !== next);
      this.ms = next.at;
      next.done();
    }
    this.ms = untilMs;
  }
}

/** How many of many requests pass in some seconds. */
async function passed(
  limits: ThrottleLimits,
  seconds: number,
  { isWrite = true, bytes = 512 } = {},
): Promise<number> {
  const clock = new HandClock();
  const throttle = new Throttle(limits, clock);
  let count = 0;
  const requests = Array.from({ length: 2000 }, async () => {
    await throttle.take(isWrite, bytes);
    count++;
  });
  await clock.run(seconds * 1000);
  throttle.lift();
  const found = count;
  await Promise.all(requests);
  return found;
}

describe("a throttle", () => {
  test.each<[string, ThrottleLimits, number, number]>([
    ["requests a second", { iopsTotal: 50 }, 10, 500],
    ["bytes a second", { bpsWrite: 51_200 }, 10, 1000],
    ["the stricter of two", { bpsTotal: 51_200, iopsWrite: 20 }, 10, 200],
    ["a burst, then the rate", { iopsTotal: 10, iopsTotalMax: 300 }, 10, 400],
    [
      "a burst of some seconds",
      { iopsTotal: 10, iopsTotalMax: 100, iopsTotalMaxLength: 4 },
      3,
      300,
    ],
    ["long requests as several", { iopsTotal: 100, iopsSize: 128 }, 10, 250],
  ])("allows %s", async (_, limits, seconds, expected) => {
    const found = await passed(limits, seconds);
    expect(Math.abs(found - expected)).toBeLessThanOrEqual(expected * 0.1 + 12);
  });

  test("leaves the other direction alone", async () => {
    expect(await passed({ iopsWrite: 1 }, 1, { isWrite: false })).toBe(2000);
  });

  test("lets requests pass in their order, and all when it is lifted", async () => {
    const clock = new HandClock();
    const throttle = new Throttle({ iopsTotal: 10 }, clock);
    const seen: number[] = [];
    const requests = Array.from({ length: 30 }, async (_, i) => {
      await throttle.take(true, 1);
      seen.push(i);
    });
    await clock.run(1000);
    expect(seen).toEqual(seen.map((_, i) => i));
    expect(seen.length).toBeLessThan(15);
    throttle.lift();
    await Promise.all(requests);
    expect(seen).toHaveLength(30);
  });
});
