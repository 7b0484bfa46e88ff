/** Comparison, minimum and maximum, classification: native on everything but NaN. */
import { NV, raise } from "./flags";
import {
  NAN_F32,
  NAN_F64,
  SIGN_F32,
  SIGN_F64,
  isNanF32,
  isNanF64,
  isSignalingF32,
  isSignalingF64,
} from "./format";

/** Raises NV for a signaling NaN among the operands of a quiet operation. */
function quietF32(a: u32, b: u32): void {
  if (isSignalingF32(a) || isSignalingF32(b)) raise(NV);
}

function quietF64(a: u64, b: u64): void {
  if (isSignalingF64(a) || isSignalingF64(b)) raise(NV);
}

/** feq: quiet. */
export function eqF32(a: u32, b: u32): bool {
  quietF32(a, b);
  return reinterpret<f32>(a) == reinterpret<f32>(b);
}

/** flt: any NaN is invalid. */
export function ltF32(a: u32, b: u32): bool {
  if (isNanF32(a) || isNanF32(b)) raise(NV);
  return reinterpret<f32>(a) < reinterpret<f32>(b);
}

/** fle: any NaN is invalid. */
export function leF32(a: u32, b: u32): bool {
  if (isNanF32(a) || isNanF32(b)) raise(NV);
  return reinterpret<f32>(a) <= reinterpret<f32>(b);
}

/** fltq */
export function ltQuietF32(a: u32, b: u32): bool {
  quietF32(a, b);
  return reinterpret<f32>(a) < reinterpret<f32>(b);
}

/** fleq */
export function leQuietF32(a: u32, b: u32): bool {
  quietF32(a, b);
  return reinterpret<f32>(a) <= reinterpret<f32>(b);
}

export function eqF64(a: u64, b: u64): bool {
  quietF64(a, b);
  return reinterpret<f64>(a) == reinterpret<f64>(b);
}

export function ltF64(a: u64, b: u64): bool {
  if (isNanF64(a) || isNanF64(b)) raise(NV);
  return reinterpret<f64>(a) < reinterpret<f64>(b);
}

export function leF64(a: u64, b: u64): bool {
  if (isNanF64(a) || isNanF64(b)) raise(NV);
  return reinterpret<f64>(a) <= reinterpret<f64>(b);
}

export function ltQuietF64(a: u64, b: u64): bool {
  quietF64(a, b);
  return reinterpret<f64>(a) < reinterpret<f64>(b);
}

export function leQuietF64(a: u64, b: u64): bool {
  quietF64(a, b);
  return reinterpret<f64>(a) <= reinterpret<f64>(b);
}

/** What minimumNumber and maximumNumber give when a or b is NaN (unprivileged manual §20.6). */
function numberOfF32(a: u32, b: u32): u32 {
  quietF32(a, b);
  if (!isNanF32(a)) return a;
  return isNanF32(b) ? NAN_F32 : b;
}

function numberOfF64(a: u64, b: u64): u64 {
  quietF64(a, b);
  if (!isNanF64(a)) return a;
  return isNanF64(b) ? NAN_F64 : b;
}

/** fmin: IEEE 754-2019 minimumNumber, −0 below +0. */
export function minF32(a: u32, b: u32): u32 {
  if (isNanF32(a) || isNanF32(b)) return numberOfF32(a, b);
  return reinterpret<u32>(min<f32>(reinterpret<f32>(a), reinterpret<f32>(b)));
}

/** fmax: IEEE 754-2019 maximumNumber. */
export function maxF32(a: u32, b: u32): u32 {
  if (isNanF32(a) || isNanF32(b)) return numberOfF32(a, b);
  return reinterpret<u32>(max<f32>(reinterpret<f32>(a), reinterpret<f32>(b)));
}

export function minF64(a: u64, b: u64): u64 {
  if (isNanF64(a) || isNanF64(b)) return numberOfF64(a, b);
  return reinterpret<u64>(min<f64>(reinterpret<f64>(a), reinterpret<f64>(b)));
}

export function maxF64(a: u64, b: u64): u64 {
  if (isNanF64(a) || isNanF64(b)) return numberOfF64(a, b);
  return reinterpret<u64>(max<f64>(reinterpret<f64>(a), reinterpret<f64>(b)));
}

/** fminm: IEEE 754-2019 minimum, which hands a NaN on. */
export function minimumF32(a: u32, b: u32): u32 {
  const r = minF32(a, b);
  return isNanF32(a) || isNanF32(b) ? NAN_F32 : r;
}

/** fmaxm: IEEE 754-2019 maximum. */
export function maximumF32(a: u32, b: u32): u32 {
  const r = maxF32(a, b);
  return isNanF32(a) || isNanF32(b) ? NAN_F32 : r;
}

export function minimumF64(a: u64, b: u64): u64 {
  const r = minF64(a, b);
  return isNanF64(a) || isNanF64(b) ? NAN_F64 : r;
}

export function maximumF64(a: u64, b: u64): u64 {
  const r = maxF64(a, b);
  return isNanF64(a) || isNanF64(b) ? NAN_F64 : r;
}

/** fclass: one bit of ten (unprivileged manual §20.9, table "Format of result of FCLASS"). */
function classOf(negative: bool, zero: bool, subnormal: bool, infinite: bool): u64 {
  const k = zero ? 3 : subnormal ? 2 : infinite ? 0 : 1;
  return u64(1) << (negative ? k : 7 - k);
}

const CLASS_SIGNALING: u64 = 1 << 8;
const CLASS_QUIET: u64 = 1 << 9;

export function classifyF32(a: u32): u64 {
  if (isNanF32(a)) return isSignalingF32(a) ? CLASS_SIGNALING : CLASS_QUIET;
  const size = a & ~SIGN_F32;
  return classOf(i32(a) < 0, size == 0, size < 0x0080_0000, size == 0x7f80_0000);
}

export function classifyF64(a: u64): u64 {
  if (isNanF64(a)) return isSignalingF64(a) ? CLASS_SIGNALING : CLASS_QUIET;
  const size = a & ~SIGN_F64;
  const subnormal = size < 0x0010_0000_0000_0000;
  return classOf(i64(a) < 0, size == 0, subnormal, size == 0x7ff0_0000_0000_0000);
}
