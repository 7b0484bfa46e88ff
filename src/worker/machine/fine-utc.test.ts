import { expect, test } from "vitest";
import { FineUtc } from "./fine-utc.ts";

/** A host whose UTC is `aheadMs` before its monotonic clock, and tells whole milliseconds of it. */
class Host {
  nowMs = 5000.25;
  aheadMs = 1_700_000_000_000.7;
  readonly utc = new FineUtc({ nowMs: () => this.#look() }, () =>
    Math.floor(this.#look() + this.aheadMs),
  );

  /** A look at a clock takes a while. */
  #look(): number {
    this.nowMs += 0.0005;
    return this.nowMs;
  }

  /** Milliseconds that a reading is behind the truth. */
  lag(): number {
    const ns = this.utc.nowNs();
    const whole = Math.floor(this.nowMs + this.aheadMs);
    return this.nowMs + this.aheadMs - whole - Number(ns - BigInt(whole) * 1_000_000n) / 1e6;
  }
}

test("is exact from the first look on", () => {
  const host = new Host();
  for (let i = 0; i < 200; i++, host.nowMs += 0.713)
    expect(Math.abs(host.lag())).toBeLessThan(0.01);
});

test("never goes back while the clock is not set", () => {
  const host = new Host();
  let last = 0n;
  for (let i = 0; i < 2000; i++, host.nowMs += 0.0371) {
    const now = host.utc.nowNs();
    expect(now >= last).toBe(true);
    last = now;
  }
});

test.each([3_600_000, -3_600_000, 1.5, -1.5])("follows a clock that is set by %d ms", (ms) => {
  const host = new Host();
  host.lag();
  host.aheadMs += ms;
  expect(Math.abs(host.lag())).toBeLessThan(1);
});

test("a clock that stands does not hold anybody up", () => {
  const utc = new FineUtc({ nowMs: () => 7 }, () => 1_700_000_000_000);
  expect(utc.nowNs()).toBe(1_700_000_000_000_000_000n);
});
