import type { Monotonic } from "../../protocol/platform.ts";

const NS_PER_MS = 1_000_000;
/** Looks at UTC while waiting for its next millisecond: several of them, should the clock stand. */
const LOOKS = 50_000;

/**
 * UTC in steps finer than the host's milliseconds: the monotonic clock carries it through each of
 * them. It is never outside the millisecond that the host says, so a clock that is set, or goes on
 * after the computer slept, is followed at once.
 */
export class FineUtc {
  readonly #clock: Monotonic;
  readonly #utcMs: () => number;
  /** UTC minus the monotonic clock; too little at first, if anything, and then corrected. */
  #offsetMs = -Infinity;

  /** @param utcMs the host's UTC in whole milliseconds since 1970, rounded down */
  constructor(clock: Monotonic, utcMs: () => number) {
    this.#clock = clock;
    this.#utcMs = utcMs;
  }

  /** Nanoseconds since 1970. The first look, and one after the clock was set, takes up to 1 ms. */
  nowNs(): bigint {
    const guess = this.#clock.nowMs() + this.#offsetMs - this.#utcMs();
    if (!(guess > -1 && guess < 2)) this.#synchronize();
    const nowMs = this.#clock.nowMs();
    const wholeMs = this.#utcMs();
    const fraction = nowMs + this.#offsetMs - wholeMs;
    if (fraction < 0) this.#offsetMs -= fraction;
    else if (fraction >= 1) this.#offsetMs -= fraction - 1;
    const ns = Math.floor(Math.max(0, fraction) * NS_PER_MS);
    return BigInt(wholeMs) * BigInt(NS_PER_MS) + BigInt(Math.min(ns, NS_PER_MS - 1));
  }

  /** Waits for the next millisecond, to know where it begins. */
  #synchronize(): void {
    const before = this.#utcMs();
    for (let look = 0; look < LOOKS && this.#utcMs() === before; look++);
    const wholeMs = this.#utcMs();
    this.#offsetMs = wholeMs - this.#clock.nowMs();
  }
}
