import { describe, expect, it } from "vitest";
import type { Clock } from "../ports.ts";

export interface ClockUnderTest {
  readonly clock: Clock;
  /** Lets at least this much guest time pass and due callbacks run. */
  readonly advance: (ns: bigint) => void;
}

/** What every Clock does; each implementation's test runs it. */
export function clockContract(name: string, make: () => ClockUnderTest): void {
  describe(`${name} keeps the contract of a clock`, () => {
    it("never goes back", () => {
      const { clock, advance } = make();
      let last = clock.monotonicNs();
      for (let i = 0; i < 10; i++) {
        advance(1000n);
        expect(clock.monotonicNs()).toBeGreaterThanOrEqual(last + 1000n);
        last = clock.monotonicNs();
      }
    });

    it("tells a UTC of this century", () => {
      const { clock } = make();
      expect(clock.realtimeNs()).toBeGreaterThan(946_684_800_000_000_000n);
    });

    it("calls back once, not before its time", () => {
      const { clock, advance } = make();
      const calls: bigint[] = [];
      const due = clock.monotonicNs() + 1_000_000n;
      clock.at(due, () => calls.push(clock.monotonicNs()));
      advance(500_000n);
      expect(calls).toEqual([]);
      advance(600_000n);
      advance(2_000_000n);
      expect(calls).toHaveLength(1);
      expect(calls[0]).toBeGreaterThanOrEqual(due);
    });

    it("calls back in the order of time", () => {
      const { clock, advance } = make();
      const calls: string[] = [];
      const now = clock.monotonicNs();
      clock.at(now + 2000n, () => calls.push("second"));
      clock.at(now + 1000n, () => calls.push("first"));
      advance(10_000n);
      expect(calls).toEqual(["first", "second"]);
    });

    it("calls back soon for a time in the past, never from inside at", () => {
      const { clock, advance } = make();
      let called = false;
      clock.at(0n, () => (called = true));
      expect(called).toBe(false);
      advance(1000n);
      expect(called).toBe(true);
    });

    it("forgets what was cancelled, also twice and from a callback", () => {
      const { clock, advance } = make();
      const calls: string[] = [];
      const now = clock.monotonicNs();
      const cancelB = clock.at(now + 2000n, () => calls.push("b"));
      clock.at(now + 1000n, () => {
        calls.push("a");
        cancelB();
      });
      advance(10_000n);
      cancelB();
      expect(calls).toEqual(["a"]);
    });

    it("lets a callback set the next one", () => {
      const { clock, advance } = make();
      let calls = 0;
      const again = (): void => {
        if (++calls < 3) clock.at(clock.monotonicNs() + 100n, again);
      };
      clock.at(0n, again);
      for (let i = 0; i < 5; i++) advance(1000n);
      expect(calls).toBe(3);
    });
  });
}
