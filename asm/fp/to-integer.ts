/** Floating point to integers, as values of either kind. All sources are f64: f32 widens exactly. */
import { NV, NX, raise } from "./flags";
import { NAN_F32, NAN_F64, isNanF32, isNanF64, isSignalingF32, isSignalingF64 } from "./format";
import { RDN, RMM, RNE, RTZ } from "./round";

/** The nearest integer in the sense of `rm`, with the sign of `x` when zero. */
export function toIntegral(x: f64, rm: u32): f64 {
  if (rm == RNE) return nearest<f64>(x);
  const down = trunc<f64>(x);
  if (rm == RTZ) return down;
  if (rm == RDN) return floor<f64>(x);
  if (rm != RMM) return ceil<f64>(x);
  return abs(x - down) >= 0.5 ? down + copysign<f64>(1, x) : down;
}

/**
 * fround and froundnx on f64.
 *
 * @param exactness NX to have an inexact result raise it, 0 otherwise
 */
export function roundF64(a: u64, rm: u32, exactness: u32): u64 {
  if (isNanF64(a)) {
    if (isSignalingF64(a)) raise(NV);
    return NAN_F64;
  }
  const r = reinterpret<u64>(toIntegral(reinterpret<f64>(a), rm));
  if (r != a) raise(exactness);
  return r;
}

/** The f32 sibling of `roundF64`. */
export function roundF32(a: u32, rm: u32, exactness: u32): u32 {
  if (isNanF32(a)) {
    if (isSignalingF32(a)) raise(NV);
    return NAN_F32;
  }
  const r = reinterpret<u32>(f32(toIntegral(f64(reinterpret<f32>(a)), rm)));
  if (r != a) raise(exactness);
  return r;
}

function raiseUnlessEqual(rounded: f64, x: f64): void {
  if (rounded != x) raise(NX);
}

/** Out of range, or NaN, which counts as too large (unprivileged manual §20.7): invalid only. */
function isTooLarge(x: f64): bool {
  raise(NV);
  return !(x < 0);
}

/** fcvt.w: the result extends to 64 bits. */
export function toI32(x: f64, rm: u32): u64 {
  const r = toIntegral(x, rm);
  if (!(r >= -2147483648 && r <= 2147483647)) return isTooLarge(x) ? i32.MAX_VALUE : i32.MIN_VALUE;
  raiseUnlessEqual(r, x);
  return u64(i64(r));
}

/** fcvt.wu: the result extends to 64 bits from bit 31, as every word result does. */
export function toU32(x: f64, rm: u32): u64 {
  const r = toIntegral(x, rm);
  if (!(r >= 0 && r <= 4294967295)) return isTooLarge(x) ? -1 : 0;
  raiseUnlessEqual(r, x);
  return u64(i64(i32(u32(r))));
}

/** fcvt.l */
export function toI64(x: f64, rm: u32): u64 {
  const r = toIntegral(x, rm);
  if (!(r >= -9223372036854775808.0 && r < 9223372036854775808.0)) {
    return isTooLarge(x) ? i64.MAX_VALUE : i64.MIN_VALUE;
  }
  raiseUnlessEqual(r, x);
  return u64(i64(r));
}

/** fcvt.lu */
export function toU64(x: f64, rm: u32): u64 {
  const r = toIntegral(x, rm);
  if (!(r >= 0 && r < 18446744073709551616.0)) return isTooLarge(x) ? -1 : 0;
  raiseUnlessEqual(r, x);
  return u64(r);
}

/**
 * fcvtmod.w.d: the truncated value modulo 2^32, extended; zero for infinities and NaN. The flags
 * are those of fcvt.w.d (unprivileged manual, Zfa, "Modular Convert-to-Integer Instruction").
 */
export function toI32Modular(a: u64): u64 {
  const x = reinterpret<f64>(a);
  const r = trunc<f64>(x);
  if (r >= -2147483648 && r <= 2147483647) {
    raiseUnlessEqual(r, x);
    return u64(i64(r));
  }
  raise(NV);
  const exp = i32((a >> 52) & 0x7ff) - 1075;
  // From 2^84 on the low 32 bits are zero; infinities and NaN have the largest exponent field.
  if (exp > 31) return 0;
  const sig = (a & 0x000f_ffff_ffff_ffff) | 0x0010_0000_0000_0000;
  const size = exp < 0 ? sig >> -exp : sig << exp;
  return u64(i64(i32(i64(a) < 0 ? 0 - size : size)));
}
