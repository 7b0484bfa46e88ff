/** Operands for floating-point tests: special values, and random ones near the edges. */
import { F32, F64, type Format, fractionBits, infinity, nan, zero } from "./exact.ts";

/** A seeded generator of 64-bit numbers (xorshift64*), the same in every run. */
export class Random {
  #state: bigint;

  constructor(seed: bigint) {
    this.#state = BigInt.asUintN(64, seed | 1n);
  }

  next(): bigint {
    let x = this.#state;
    x ^= x >> 12n;
    x ^= BigInt.asUintN(64, x << 25n);
    x ^= x >> 27n;
    this.#state = x;
    return BigInt.asUintN(64, x * 0x2545_f491_4f6c_dd1dn);
  }

  /** From 0 to `limit` − 1. */
  below(limit: number): number {
    return Number((this.next() >> 11n) % BigInt(limit));
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }
}

/** Values at which a format or an operation changes its behaviour, with both signs. */
export function specials(f: Format): bigint[] {
  const fraction = BigInt(fractionBits(f));
  const power = (e: number): bigint => BigInt(e + f.emax) << fraction;
  const hidden = 1n << fraction;
  const sizes = [
    0n,
    1n,
    2n,
    hidden - 1n,
    hidden,
    hidden + 1n,
    power(0),
    power(0) + 1n,
    power(0) - 1n,
    power(1),
    power(-1),
    power(0) | (hidden >> 1n),
    infinity(f) - 1n,
    infinity(f) - hidden,
    infinity(f),
    nan(f),
    nan(f) | 1n,
    infinity(f) | 1n,
    ...[15, 16, 31, 32, 53, 63, 64, 84].filter((e) => e <= f.emax).map(power),
  ];
  return sizes.flatMap((size) => [size, size | zero(f, 1n)]);
}

/** Exponent fields worth meeting often: both ends, around one, and where f64 meets f32 and f16. */
function exponentField(f: Format, random: Random): number {
  const top = 2 * f.emax + 1;
  const near = (centre: number, spread: number): number =>
    Math.min(top, Math.max(0, centre - spread + random.below(2 * spread + 1)));
  switch (random.below(8)) {
    case 0:
      return near(0, 3);
    case 1:
      return near(top, 3);
    case 2:
      return near(f.emax + 31, 40);
    case 3:
      return f === F64 ? near(f.emax + random.pick([-F32.emax, F32.emax]), 26) : near(0, 26);
    case 4:
      return near(random.pick([f.emax - 15, f.emax + 15, f.emax >> 1, f.emax * 1.5]) | 0, 14);
    case 5:
      return random.below(top + 1);
    default:
      return near(f.emax, 3);
  }
}

/** Random bits, or a few ones or zeros at one end, which make ties and exact results likely. */
function fractionField(f: Format, random: Random): bigint {
  const bits = fractionBits(f);
  const all = (1n << BigInt(bits)) - 1n;
  const some = (1n << BigInt(random.below(bits + 1))) - 1n;
  const value = random.next() & all;
  switch (random.below(6)) {
    case 0:
      return all & ~some;
    case 1:
      return some;
    case 2:
      return value & ~some;
    case 3:
      return (1n << BigInt(random.below(bits))) ^ (random.below(2) === 0 ? all : 0n);
    default:
      return value;
  }
}

/** One operand; a special one in eight times. */
export function sample(f: Format, random: Random, known: readonly bigint[]): bigint {
  if (random.below(8) === 0) return random.pick(known);
  const exp = BigInt(exponentField(f, random)) << BigInt(fractionBits(f));
  return zero(f, BigInt(random.below(2))) | exp | fractionField(f, random);
}

/** An integer of at most `width` bits, its length spread evenly. */
export function integerSample(width: number, random: Random): bigint {
  const length = BigInt(random.below(width + 1));
  const top = (1n << length) - 1n;
  const value = random.next() & top;
  return random.below(3) === 0 ? top - (value & 7n & top) : value;
}
