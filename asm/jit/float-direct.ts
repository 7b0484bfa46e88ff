/** Arithmetic and conversions on operands' bits, without the way through the hart's block. */
import { addF32, divF32, fmaF32, mulF32, sqrtF32, subF32 } from "../fp/f32-arith";
import { addF64, divF64, mulF64, sqrtF64, subF64 } from "../fp/f64-arith";
import { fusedF64 } from "../fp/f64-fma-host";
import { SIGN_F32, SIGN_F64 } from "../fp/format";
import { integerToF32, integerToF64 } from "../fp/from-integer";
import { f32ToF64, f64ToF32 } from "../fp/narrow";
import { toI32, toI64, toU32, toU64 } from "../fp/to-integer";
import {
  SLOW_FADD_D,
  SLOW_FADD_S,
  SLOW_FCVT_D_L,
  SLOW_FCVT_D_S,
  SLOW_FCVT_L_D,
  SLOW_FCVT_LU_D,
  SLOW_FCVT_S_D,
  SLOW_FCVT_S_L,
  SLOW_FCVT_S_W,
  SLOW_FCVT_W_D,
  SLOW_FCVT_WU_D,
  SLOW_FDIV_D,
  SLOW_FDIV_S,
  SLOW_FMADD_D,
  SLOW_FMADD_S,
  SLOW_FMSUB_D,
  SLOW_FMSUB_S,
  SLOW_FMUL_D,
  SLOW_FMUL_S,
  SLOW_FNMADD_D,
  SLOW_FNMADD_S,
  SLOW_FNMSUB_D,
  SLOW_FNMSUB_S,
  SLOW_FSQRT_D,
  SLOW_FSQRT_S,
  SLOW_FSUB_D,
  SLOW_FSUB_S,
} from "../generated/opcodes";
import { unboxF32 } from "../insn/fp-operands";

/** What `direct` returns for a record that is not here; none that is has this result. */
export const NOT_DIRECT: u64 = 0x7ff8_0000_0000_dead;

const BOX: u64 = 0xffff_ffff_0000_0000;

/**
 * Executes an arithmetic record or one of the commoner conversions in rounding mode `rm`, 0 to 4;
 * the flags it raises wait to be taken.
 *
 * @returns what goes to fd or rd
 */
export function direct(slow: u32, a: u64, b: u64, c: u64, rm: u32): u64 {
  if (slow - SLOW_FMADD_D <= SLOW_FSQRT_D - SLOW_FMADD_D) return inF64(slow, a, b, c, rm);
  if (slow - SLOW_FMADD_S <= SLOW_FSQRT_S - SLOW_FMADD_S) {
    return BOX | u64(inF32(slow, unboxF32(a), unboxF32(b), unboxF32(c), rm));
  }
  return converted(slow, a, rm);
}

function inF64(slow: u32, a: u64, b: u64, c: u64, rm: u32): u64 {
  switch (slow) {
    case SLOW_FADD_D:
      return addF64(a, b, rm);
    case SLOW_FSUB_D:
      return subF64(a, b, rm);
    case SLOW_FMUL_D:
      return mulF64(a, b, rm);
    case SLOW_FDIV_D:
      return divF64(a, b, rm);
    case SLOW_FMADD_D:
      return fusedF64(a, b, c, rm);
    case SLOW_FMSUB_D:
      return fusedF64(a, b, c ^ SIGN_F64, rm);
    case SLOW_FNMSUB_D:
      return fusedF64(a ^ SIGN_F64, b, c, rm);
    case SLOW_FNMADD_D:
      return fusedF64(a ^ SIGN_F64, b, c ^ SIGN_F64, rm);
    default:
      return sqrtF64(a, rm);
  }
}

function inF32(slow: u32, a: u32, b: u32, c: u32, rm: u32): u32 {
  switch (slow) {
    case SLOW_FADD_S:
      return addF32(a, b, rm);
    case SLOW_FSUB_S:
      return subF32(a, b, rm);
    case SLOW_FMUL_S:
      return mulF32(a, b, rm);
    case SLOW_FDIV_S:
      return divF32(a, b, rm);
    case SLOW_FMADD_S:
      return fmaF32(a, b, c, rm);
    case SLOW_FMSUB_S:
      return fmaF32(a, b, c ^ SIGN_F32, rm);
    case SLOW_FNMSUB_S:
      return fmaF32(a ^ SIGN_F32, b, c, rm);
    case SLOW_FNMADD_S:
      return fmaF32(a ^ SIGN_F32, b, c ^ SIGN_F32, rm);
    default:
      return sqrtF32(a, rm);
  }
}

function converted(slow: u32, a: u64, rm: u32): u64 {
  const word = u64(i64(i32(a)));
  switch (slow) {
    case SLOW_FCVT_S_D:
      return BOX | u64(f64ToF32(a, rm));
    case SLOW_FCVT_D_S:
      return f32ToF64(unboxF32(a));
    case SLOW_FCVT_W_D:
      return toI32(reinterpret<f64>(a), rm);
    case SLOW_FCVT_WU_D:
      return toU32(reinterpret<f64>(a), rm);
    case SLOW_FCVT_L_D:
      return toI64(reinterpret<f64>(a), rm);
    case SLOW_FCVT_LU_D:
      return toU64(reinterpret<f64>(a), rm);
    case SLOW_FCVT_D_L:
      return integerToF64(a >> 63, u64(abs<i64>(i64(a))), rm);
    case SLOW_FCVT_S_L:
      return BOX | u64(integerToF32(a >> 63, u64(abs<i64>(i64(a))), rm));
    case SLOW_FCVT_S_W:
      return BOX | u64(integerToF32(word >> 63, u64(abs<i64>(i64(word))), rm));
    default:
      return NOT_DIRECT;
  }
}
