/**
 * f32 arithmetic in f64. The product of two f32 is exact in f64; quotients and square roots in f64
 * never fall on a number or a half-way point of f32 unless they are exact (53 ≥ 2 × 24 + 2); sums
 * are made so by rounding to odd. Each operation therefore rounds its f64 result once more, and
 * that rounding has the right value and flags in every mode.
 */
import { DZ, NV, raise } from "./flags";
import { NAN_F32, SIGN_F32, SIGN_F64, isNanF32, isSignalingF32, nanOfF32 } from "./format";
import { narrowToF32 } from "./narrow";
import { RDN } from "./round";

function wide(a: u32): f64 {
  return f64(reinterpret<f32>(a));
}

export function addF32(a: u32, b: u32, rm: u32): u32 {
  const x = wide(a);
  const y = wide(b);
  const sum = x + y;
  return sum == sum ? roundedSum(x, y, sum, rm) : nanOfF32(a, b);
}

export function subF32(a: u32, b: u32, rm: u32): u32 {
  return addF32(a, b ^ SIGN_F32, rm);
}

/** Rounds x + y to f32, given their f64 sum, which is not NaN. Both are far from f64's limits. */
function roundedSum(x: f64, y: f64, sum: f64, rm: u32): u32 {
  if (sum == 0) return zeroSum(x, y, rm);
  if (abs(sum) == Infinity) return reinterpret<u32>(f32(sum));
  // TwoSum: sum + error = x + y exactly.
  const t = sum - x;
  const error = x - (sum - t) + (y - t);
  return narrowToF32(error == 0 ? sum : roundToOdd(sum, error), rm);
}

/** A zero sum is exact: two zeros, or numbers that cancel (IEEE 754-2019 §6.3). */
function zeroSum(x: f64, y: f64, rm: u32): u32 {
  const a = reinterpret<u64>(x);
  const b = reinterpret<u64>(y);
  return u32(((rm == RDN ? a | b : a & b) & SIGN_F64) >> 32);
}

/** Of the two neighbours that enclose nearest + error, the one with an odd significand. */
function roundToOdd(nearest: f64, error: f64): f64 {
  const bits = reinterpret<u64>(nearest);
  if (bits & 1) return nearest;
  return reinterpret<f64>(error > 0 == nearest > 0 ? bits + 1 : bits - 1);
}

export function mulF32(a: u32, b: u32, rm: u32): u32 {
  const product = wide(a) * wide(b);
  return product == product ? narrowToF32(product, rm) : nanOfF32(a, b);
}

export function divF32(a: u32, b: u32, rm: u32): u32 {
  const y = wide(b);
  const quotient = wide(a) / y;
  if (quotient != quotient) return nanOfF32(a, b);
  if (y == 0 && (a & ~SIGN_F32) < 0x7f80_0000) raise(DZ);
  return narrowToF32(quotient, rm);
}

export function sqrtF32(a: u32, rm: u32): u32 {
  const root = sqrt<f64>(wide(a));
  return root == root ? narrowToF32(root, rm) : nanOfF32(a, a);
}

/** a × b + c, rounded once. */
export function fmaF32(a: u32, b: u32, c: u32, rm: u32): u32 {
  const product = wide(a) * wide(b);
  const z = wide(c);
  const sum = product + z;
  if (sum == sum) return roundedSum(product, z, sum, rm);
  // ∞ × 0 is invalid whatever the addend, a quiet NaN included (unprivileged manual §20.6).
  const invalidProduct = product != product && !isNanF32(a) && !isNanF32(b);
  const invalidSum = product == product && z == z;
  const signaling = isSignalingF32(a) || isSignalingF32(b) || isSignalingF32(c);
  if (invalidProduct || invalidSum || signaling) raise(NV);
  return NAN_F32;
}
