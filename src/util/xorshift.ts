/**
 * A small repeatable generator for tests, fuzzing and deterministic machines (xorshift32,
 * Marsaglia 2003). Never a source of entropy.
 */
export class Xorshift {
  #state: number;

  /** @param seed any number; 0 is replaced, as the all-zero state never leaves itself */
  constructor(seed: number) {
    this.#state = seed | 0 || 0x9e3779b9 | 0;
  }

  /** Uniform over 0 to 2^32-1 (0 itself never comes). */
  u32(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return x >>> 0;
  }

  /** Uniform over 0 to `limit`-1. */
  below(limit: number): number {
    return this.u32() % limit;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  fill(target: Uint8Array): void {
    for (let i = 0; i < target.length; i++) target[i] = this.u32() >>> 24;
  }
}
