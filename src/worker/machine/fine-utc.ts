import type { Monotonic } from "../../protocol/platform.ts";

/**
 * UTC in steps finer than the host's milliseconds: the monotonic clock carries it through each of
 * them. It is never outside the millisecond that the host says, so a clock that is set, or goes on
 * after the computer slept, is followed at once.
 */
export class FineUtc {
  readonly #clock: Monotonic;
  readonly #utcMs: () => number;
  /** UTC minus the monotonic clock. */
  #offsetMs = -Infinity;

  /** @param utcMs the host's UTC in whole milliseconds since 1970, rounded down */
  constructor(clock: Monotonic, utcMs: () => number) {
    this.#clock = clock;
    this.#utcMs = utcMs;
  }

  /** Nanoseconds since 1970. */
  nowNs(): bigint {
    const nowMs = this.#clock.nowMs();
    const wholeMs = this.#utcMs();
    const fraction = nowMs + this.#offsetMs - wholeMs;
    // The first look, a new estimate, or a clock that was set.
    if (!(fraction >= 0 && fraction < 1)) {
      this.#offsetMs = wholeMs - nowMs + (fraction >= 1 && fraction < 2 ? LAST_NS_MS : 0);
    }
    const ns = Math.floor((nowMs + this.#offsetMs - wholeMs) * NS_PER_MS);
    return BigInt(wholeMs) * BigInt(NS_PER_MS) + BigInt(Math.min(Math.max(ns, 0), NS_PER_MS - 1));
  }
}

const NS_PER_MS = 1_000_000;
/** What of a millisecond its last nanosecond is. */
const LAST_NS_MS = 1 - 1 / NS_PER_MS;
