import { Xorshift } from "../src/util/xorshift.ts";

/** Values at which arithmetic tends to go wrong. */
const CORNERS: readonly bigint[] = [
  0n,
  1n,
  2n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0x8000n,
  0xffffn,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x7fff_ffff_ffff_ffffn,
  0x8000_0000_0000_0000n,
  0xffff_ffff_8000_0000n,
  0xffff_ffff_7fff_ffffn,
  0xffff_ffff_ffff_ff80n,
  0xffff_ffff_ffff_fffen,
  0xffff_ffff_ffff_ffffn,
];

const ALL_ONES = 0xffff_ffff_ffff_ffffn;

/** The fuzzer's source of choices: everything follows from the seed. */
export class Random extends Xorshift {
  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  /** Uniform over `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  u64(): bigint {
    return (BigInt(this.u32()) << 32n) | BigInt(this.u32());
  }

  /** A 64-bit integer: a corner, few bits, a small number or anything. */
  integer(): bigint {
    switch (this.below(6)) {
      case 0:
        return this.pick(CORNERS);
      case 1:
        return BigInt.asUintN(64, BigInt(this.between(-2048, 2047)));
      case 2:
        return 1n << BigInt(this.below(64));
      case 3:
        return BigInt.asUintN(64, (1n << BigInt(this.below(64))) - 1n);
      case 4:
        return BigInt.asUintN(64, BigInt.asIntN(32, BigInt(this.u32())));
      default:
        return this.u64();
    }
  }

  /** Bits of a floating-point register: doubles, boxed singles and halves, broken boxes. */
  float(): bigint {
    switch (this.below(8)) {
      case 0:
      case 1:
      case 2:
        return this.#number(11, 52);
      case 3:
      case 4:
      case 5:
        return 0xffff_ffff_0000_0000n | this.#number(8, 23);
      case 6:
        return 0xffff_ffff_ffff_0000n | this.#number(5, 10);
      default:
        return this.chance(50) ? this.integer() : this.#number(8, 23);
    }
  }

  /** A bit pattern of a format with these many exponent and fraction bits. */
  #number(exponentBits: number, fractionBits: number): bigint {
    const top = 2 ** exponentBits - 1;
    const bias = top >> 1;
    const exponent = this.pick([
      0,
      0,
      1,
      2,
      bias - fractionBits,
      bias - 1,
      bias,
      bias + 1,
      bias + this.below(12),
      bias + Math.min(fractionBits, bias),
      bias + Math.min(31, bias),
      Math.min(bias + 63, top),
      top - 1,
      top,
      this.below(top + 1),
      bias - this.below(Math.min(bias, fractionBits + 3)),
    ]);
    const sign = BigInt(this.below(2));
    const fraction = this.#fraction(fractionBits);
    return (((sign << BigInt(exponentBits)) | BigInt(exponent)) << BigInt(fractionBits)) | fraction;
  }

  #fraction(width: number): bigint {
    const mask = (1n << BigInt(width)) - 1n;
    switch (this.below(6)) {
      case 0:
        return 0n;
      case 1:
        return mask;
      case 2:
        return 1n << BigInt(this.below(width));
      case 3:
        return mask ^ (1n << BigInt(this.below(width)));
      case 4:
        return (ALL_ONES << BigInt(this.below(width))) & mask;
      default:
        return this.u64() & mask;
    }
  }
}

/** Mixes two numbers into a seed so that neighbours give unrelated streams (murmur3's finaliser). */
export function mixSeed(a: number, b: number): number {
  let h = Math.imul(a, 0x9e37_79b1) ^ Math.imul(b + 0x7f4a_7c15, 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
