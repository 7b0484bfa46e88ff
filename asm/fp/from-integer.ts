/** Integers to f32 and f64. Widths and signs are resolved by the caller into sign and magnitude. */
import { NX, raise } from "./flags";
import { F32_EXP_MAX, F32_FRACTION, F64_EXP_MAX, F64_FRACTION, RNE, roundPack } from "./round";

/** Bits between the leading and the last one, both included; 0 for 0. */
function significantBits(size: u64): u64 {
  return size ? 64 - clz(size) - ctz(size) : 0;
}

/** fcvt.d.l, and the other conversions to f64 with `sign` 0 or 1 and the absolute value. */
export function integerToF64(sign: u64, size: u64, rm: u32): u64 {
  const exact = significantBits(size) <= 53;
  if (exact || rm == RNE) {
    if (!exact) raise(NX);
    return reinterpret<u64>(f64(size)) | (size ? sign << 63 : 0);
  }
  const n = clz(size);
  return roundPack(sign, 1023 + 63 - i32(n), size << n, rm, F64_FRACTION, F64_EXP_MAX);
}

/** fcvt.s.l, and the other conversions to f32. */
export function integerToF32(sign: u64, size: u64, rm: u32): u32 {
  const exact = significantBits(size) <= 24;
  if (exact || rm == RNE) {
    if (!exact) raise(NX);
    return reinterpret<u32>(f32(size)) | (size ? u32(sign) << 31 : 0);
  }
  const n = clz(size);
  return u32(roundPack(sign, 127 + 63 - i32(n), size << n, rm, F32_FRACTION, F32_EXP_MAX));
}
