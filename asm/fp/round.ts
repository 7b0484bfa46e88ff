/** The one place where a significand of any length is rounded and packed into a format. */
import { NX, OF, UF, raise } from "./flags";

/** Rounding modes as frm and the rm field encode them (unprivileged manual §20.2). */
export const RNE: u32 = 0;
export const RTZ: u32 = 1;
export const RDN: u32 = 2;
export const RUP: u32 = 3;
export const RMM: u32 = 4;

/** A format: stored fraction bits, and the all-ones exponent field. */
export const F64_FRACTION: u32 = 52;
export const F64_EXP_MAX: i32 = 0x7ff;
export const F32_FRACTION: u32 = 23;
export const F32_EXP_MAX: i32 = 0xff;
export const F16_FRACTION: u32 = 10;
export const F16_EXP_MAX: i32 = 0x1f;

/** Shifts right, keeping in bit 0 whether a one was lost. `n` is any count from 0. */
export function shiftRightJam(value: u64, n: u32): u64 {
  if (n == 0) return value;
  if (n > 63) return u64(value != 0);
  return (value >> n) | u64(value << (64 - n) != 0);
}

/**
 * Rounds a non-zero number to a format, raising NX, UF and OF.
 *
 * @param sign 0 or 1
 * @param exp biased exponent of the format, unbounded; the number is sig × 2^(exp − bias − 63)
 * @param sig significand with bit 63 set; bit 0 is sticky for whatever lies below
 * @param fraction stored fraction bits of the format, 10 to 52
 * @param expMax the format's all-ones exponent field
 */
export function roundPack(sign: u64, exp: i32, sig: u64, rm: u32, fraction: u32, expMax: i32): u64 {
  const drop: u32 = 63 - fraction;
  const signBit = sign << u64(32 - clz(expMax) + fraction);
  const mask = (u64(1) << drop) - 1;
  const half = u64(1) << (drop - 1);
  let add: u64 = 0;
  if (rm == RNE || rm == RMM) add = half;
  else if (rm == (sign ? RDN : RUP)) add = mask;

  let tiny = false;
  let base: u64 = 0;
  if (exp <= 0) {
    // Tiny after rounding: rounded as if the exponent were unbounded, it stays below 2^emin
    // (IEEE 754-2019 §7.5; the unprivileged manual §20.2 chooses this of the two definitions).
    tiny = exp < 0 || (sig >> drop) + (((sig & mask) + add) >> drop) < u64(2) << fraction;
    sig = shiftRightJam(sig, u32(1 - exp));
  } else {
    base = u64(exp - 1) << fraction;
  }

  const lost = sig & mask;
  let out = base + (sig >> drop) + ((lost + add) >> drop);
  if (rm == RNE && lost == half) out &= ~u64(1);
  const infinity = u64(expMax) << fraction;
  if (exp >= expMax || out >= infinity) {
    raise(OF | NX);
    // Rounding that goes towards zero here stops at the largest finite number.
    return signBit | (add ? infinity : infinity - 1);
  }
  if (lost) raise(tiny ? UF | NX : NX);
  return signBit | out;
}
