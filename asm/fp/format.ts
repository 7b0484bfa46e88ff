/**
 * The three interchange formats as bit patterns: f16 and f32 in a u32, f64 in a u64. NaN results
 * are canonical: positive, quiet, payload zero (unprivileged manual §20.3).
 */
import { NV, raise } from "./flags";

export const NAN_F16: u32 = 0x7e00;
export const NAN_F32: u32 = 0x7fc0_0000;
export const NAN_F64: u64 = 0x7ff8_0000_0000_0000;

export const SIGN_F32: u32 = 0x8000_0000;
export const SIGN_F64: u64 = 0x8000_0000_0000_0000;

const QUIET_F32: u32 = 0x0040_0000;
const QUIET_F64: u64 = 0x0008_0000_0000_0000;
const INF_F32: u32 = 0x7f80_0000;
const INF_F64: u64 = 0x7ff0_0000_0000_0000;

export function isNanF32(a: u32): bool {
  return (a & ~SIGN_F32) > INF_F32;
}

export function isNanF64(a: u64): bool {
  return (a & ~SIGN_F64) > INF_F64;
}

export function isSignalingF32(a: u32): bool {
  return isNanF32(a) && (a & QUIET_F32) == 0;
}

export function isSignalingF64(a: u64): bool {
  return isNanF64(a) && (a & QUIET_F64) == 0;
}

/**
 * The result of an operation on `a` and `b` that the host computed as NaN: invalid when an operand
 * is signaling, or when no operand is NaN, so that the operation itself had no result.
 */
export function nanOfF32(a: u32, b: u32): u32 {
  const nanA = isNanF32(a);
  const nanB = isNanF32(b);
  if (isSignalingF32(a) || isSignalingF32(b) || !(nanA || nanB)) raise(NV);
  return NAN_F32;
}

/** The f64 sibling of `nanOfF32`. */
export function nanOfF64(a: u64, b: u64): u64 {
  const nanA = isNanF64(a);
  const nanB = isNanF64(b);
  if (isSignalingF64(a) || isSignalingF64(b) || !(nanA || nanB)) raise(NV);
  return NAN_F64;
}
