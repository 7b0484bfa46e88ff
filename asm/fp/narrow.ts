/** Rounding f64 values to the narrower formats, and widening, which is exact. */
import { NV, NX, raise } from "./flags";
import {
  NAN_F16,
  NAN_F32,
  NAN_F64,
  SIGN_F64,
  isNanF32,
  isNanF64,
  isSignalingF32,
  isSignalingF64,
} from "./format";
import { exponentF64, significandF64 } from "./f64-fma";
import { F16_EXP_MAX, F16_FRACTION, F32_EXP_MAX, F32_FRACTION, RNE, roundPack } from "./round";

const INF: u64 = 0x7ff0_0000_0000_0000;
const MIN_NORMAL_F32: f32 = 1.1754943508222875e-38; // 2^-126

/** Rounds to f32 a number that is not NaN. */
export function narrowToF32(x: f64, rm: u32): u32 {
  if (rm == RNE) {
    const r = f32(x);
    const size = abs(r);
    // Strictly between: neither tiny before rounding nor overflown.
    if (size > MIN_NORMAL_F32 && size < Infinity) {
      if (f64(r) != x) raise(NX);
      return reinterpret<u32>(r);
    }
  }
  return u32(narrow(reinterpret<u64>(x), rm, F32_FRACTION, F32_EXP_MAX));
}

/** Rounds a number that is not NaN to the format of `fraction` and `expMax` (see `roundPack`). */
function narrow(a: u64, rm: u32, fraction: u32, expMax: i32): u64 {
  const size = a & ~SIGN_F64;
  const signBit = (a >> 63) << u64(32 - clz(expMax) + fraction);
  if (size == 0) return signBit;
  if (size == INF) return signBit | (u64(expMax) << fraction);
  const exp = exponentF64(a) - 1023 + (expMax >> 1);
  return roundPack(a >> 63, exp, significandF64(a), rm, fraction, expMax);
}

/** fcvt.s.d */
export function f64ToF32(a: u64, rm: u32): u32 {
  if (!isNanF64(a)) return narrowToF32(reinterpret<f64>(a), rm);
  if (isSignalingF64(a)) raise(NV);
  return NAN_F32;
}

/** fcvt.h.d */
export function f64ToF16(a: u64, rm: u32): u32 {
  if (!isNanF64(a)) return u32(narrow(a, rm, F16_FRACTION, F16_EXP_MAX));
  if (isSignalingF64(a)) raise(NV);
  return NAN_F16;
}

/** fcvt.h.s */
export function f32ToF16(a: u32, rm: u32): u32 {
  if (isSignalingF32(a)) raise(NV);
  if (isNanF32(a)) return NAN_F16;
  const wide = reinterpret<u64>(f64(reinterpret<f32>(a)));
  return u32(narrow(wide, rm, F16_FRACTION, F16_EXP_MAX));
}

/** fcvt.d.s */
export function f32ToF64(a: u32): u64 {
  if (isSignalingF32(a)) raise(NV);
  return isNanF32(a) ? NAN_F64 : reinterpret<u64>(f64(reinterpret<f32>(a)));
}

/** fcvt.d.h */
export function f16ToF64(a: u32): u64 {
  const exp = (a >> 10) & 0x1f;
  const fraction = a & 0x3ff;
  const sign = u64(a >> 15) << 63;
  if (exp == 0x1f) {
    if (fraction == 0) return sign | INF;
    if (!(fraction & 0x200)) raise(NV);
    return NAN_F64;
  }
  // Subnormal numbers count units of 2^-24.
  if (exp == 0) return sign | reinterpret<u64>(f64(fraction) * 5.960464477539063e-8);
  return sign | (u64(exp + 1023 - 15) << 52) | (u64(fraction) << 42);
}

/** fcvt.s.h */
export function f16ToF32(a: u32): u32 {
  const wide = f16ToF64(a);
  return isNanF64(wide) ? NAN_F32 : reinterpret<u32>(f32(reinterpret<f64>(wide)));
}
