import { expect, test } from "vitest";
import { FineUtc } from "./fine-utc.ts";

/** A host whose UTC is `aheadMs` before its monotonic clock, and tells whole milliseconds of it. */
class Host {
  nowMs = 5000.25;
  aheadMs = 1_700_000_000_000.7;
  readonly utc = new FineUtc({ nowMs: () => this.nowMs }, () =>
    Math.floor(this.nowMs + this.aheadMs),
  );

  /** Milliseconds that the reading is behind the truth. */
  lag(): number {
    const whole = Math.floor(this.nowMs + this.aheadMs);
    const fraction = this.nowMs + this.aheadMs - whole;
    return fraction - Number(this.utc.nowNs() - BigInt(whole) * 1_000_000n) / 1e6;
  }

  pass(ms: number): void {
    this.nowMs += ms;
  }
}

test("is exact to the time between two looks, once it has seen a millisecond change", () => {
  const host = new Host();
  for (let i = 0; i < 200; i++, host.pass(0.013)) expect(Math.abs(host.lag())).toBeLessThan(1);
  for (let i = 0; i < 200; i++, host.pass(0.713)) expect(Math.abs(host.lag())).toBeLessThan(0.02);
});

test("never goes back while the clock is not set", () => {
  const host = new Host();
  let last = 0n;
  for (let i = 0; i < 2000; i++, host.pass(0.0371)) {
    const now = host.utc.nowNs();
    expect(now >= last).toBe(true);
    last = now;
  }
});

test.each([3_600_000, -3_600_000, 0.4, -0.4])("follows a clock that is set by %d ms", (ms) => {
  const host = new Host();
  for (let i = 0; i < 100; i++, host.pass(0.013)) host.lag();
  host.aheadMs += ms;
  expect(Math.abs(host.lag())).toBeLessThan(1);
});
