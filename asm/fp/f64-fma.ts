/**
 * f64 fused multiply-add in integers, exact in every rounding mode. Besides the FMA instructions
 * it is the slow path of addition and multiplication.
 */
import { NV, raise } from "./flags";
import { NAN_F64, SIGN_F64, isNanF64, isSignalingF64 } from "./format";
import { F64_EXP_MAX, F64_FRACTION, RDN, roundPack } from "./round";
import { low, mul128, shiftRightJam128 } from "./u128";

const FRACTION_MASK: u64 = 0x000f_ffff_ffff_ffff;
const HIDDEN: u64 = 0x0010_0000_0000_0000;
const INF: u64 = 0x7ff0_0000_0000_0000;

/** Significand of a finite non-zero number, its leading one moved to bit 63. */
export function significandF64(a: u64): u64 {
  const fraction = a & FRACTION_MASK;
  if (a & INF) return (fraction | HIDDEN) << 11;
  return fraction << clz(fraction);
}

/** Biased exponent that goes with `significandF64`: below 1 for subnormal numbers. */
export function exponentF64(a: u64): i32 {
  const exp = i32((a & INF) >> 52);
  return exp ? exp : 12 - i32(clz(a & FRACTION_MASK));
}

/** Zero as the exact sum of two numbers with signs `a` and `b` (IEEE 754-2019 §6.3). */
export function zeroSumF64(a: u64, b: u64, rm: u32): u64 {
  return (rm == RDN ? a | b : a & b) & SIGN_F64;
}

/** a × b + c, rounded once. */
export function fmaF64(a: u64, b: u64, c: u64, rm: u32): u64 {
  const signP = (a ^ b) & SIGN_F64;
  if ((a & INF) == INF || (b & INF) == INF || (c & INF) == INF) return fmaSpecial(a, b, c, signP);
  if (a << 1 == 0 || b << 1 == 0) {
    return c << 1 == 0 ? zeroSumF64(signP, c, rm) : c;
  }
  // The product p = (hi, lo) as a 128-bit significand with bit 127 set.
  let hi = mul128(significandF64(a), significandF64(b));
  let lo = low();
  let exp = exponentF64(a) + exponentF64(b) - 1022;
  if (i64(hi) >= 0) {
    hi = (hi << 1) | (lo >> 63);
    lo <<= 1;
    --exp;
  }
  if (c << 1 == 0) return pack(signP, exp, hi | u64(lo != 0), rm);
  if ((signP ^ c) & SIGN_F64) return fmaSubtract(signP, exp, hi, lo, c, rm);
  return fmaAdd(signP, exp, hi, lo, c, rm);
}

function pack(sign: u64, exp: i32, sig: u64, rm: u32): u64 {
  return roundPack(sign >> 63, exp, sig, rm, F64_FRACTION, F64_EXP_MAX);
}

/** Some operand is infinite or NaN. */
function fmaSpecial(a: u64, b: u64, c: u64, signP: u64): u64 {
  const invalidProduct =
    ((a & ~SIGN_F64) == INF && b << 1 == 0) || ((b & ~SIGN_F64) == INF && a << 1 == 0);
  // ∞ × 0 is invalid whatever the addend, a quiet NaN included (unprivileged manual §20.6).
  if (invalidProduct || isSignalingF64(a) || isSignalingF64(b) || isSignalingF64(c)) {
    raise(NV);
    return NAN_F64;
  }
  if (isNanF64(a) || isNanF64(b) || isNanF64(c)) return NAN_F64;
  const infiniteProduct = (a & INF) == INF || (b & INF) == INF;
  if (!infiniteProduct) return c;
  if ((c & INF) == INF && (c ^ signP) & SIGN_F64) {
    raise(NV);
    return NAN_F64;
  }
  return signP | INF;
}

function fmaAdd(sign: u64, expP: i32, hiP: u64, loP: u64, c: u64, rm: u32): u64 {
  const expC = exponentF64(c);
  let exp = expP;
  let hi: u64;
  let lo: u64;
  if (expP >= expC) {
    const h = shiftRightJam128(significandF64(c), 0, u32(expP - expC));
    lo = loP + low();
    hi = hiP + h + u64(lo < loP);
    if (hi >= hiP) return pack(sign, exp, hi | u64(lo != 0), rm);
  } else {
    exp = expC;
    const sigC = significandF64(c);
    hi = sigC + shiftRightJam128(hiP, loP, u32(expC - expP));
    lo = low();
    if (hi >= sigC) return pack(sign, exp, hi | u64(lo != 0), rm);
  }
  // The sum carried out of bit 127.
  return pack(sign, exp + 1, SIGN_F64 | shiftRightJam128(hi, lo, 1) | u64(low() != 0), rm);
}

function fmaSubtract(signP: u64, expP: i32, hiP: u64, loP: u64, c: u64, rm: u32): u64 {
  const expC = exponentF64(c);
  const sigC = significandF64(c);
  let sign = signP;
  let exp = expP;
  let hi: u64;
  let lo: u64;
  if (expP > expC || (expP == expC && hiP >= sigC)) {
    const h = shiftRightJam128(sigC, 0, u32(expP - expC));
    const l = low();
    lo = loP - l;
    hi = hiP - h - u64(loP < l);
    if ((hi | lo) == 0) return rm == RDN ? SIGN_F64 : 0;
  } else {
    sign ^= SIGN_F64;
    exp = expC;
    const h = shiftRightJam128(hiP, loP, u32(expC - expP));
    const l = low();
    lo = 0 - l;
    hi = sigC - h - u64(l != 0);
  }
  if (hi == 0) {
    hi = lo;
    lo = 0;
    exp -= 64;
  }
  const n = u64(clz(hi));
  if (n) {
    hi = (hi << n) | (lo >> (64 - n));
    lo <<= n;
  }
  return pack(sign, exp - i32(n), hi | u64(lo != 0), rm);
}
