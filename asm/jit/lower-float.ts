/**
 * Floating-point instructions of translated code: the host's operation where a cheap check shows that
 * value and flags are right (asm/jit/float-state.ts), else the interpreter's function.
 */
import {
  SLOW_FADD_D,
  SLOW_FADD_S,
  SLOW_FCLASS_D,
  SLOW_FCLASS_S,
  SLOW_FCVT_D_L,
  SLOW_FCVT_D_LU,
  SLOW_FCVT_D_S,
  SLOW_FCVT_D_W,
  SLOW_FCVT_D_WU,
  SLOW_FCVT_L_D,
  SLOW_FCVT_L_S,
  SLOW_FCVT_LU_D,
  SLOW_FCVT_LU_S,
  SLOW_FCVT_S_D,
  SLOW_FCVT_S_L,
  SLOW_FCVT_S_LU,
  SLOW_FCVT_S_W,
  SLOW_FCVT_S_WU,
  SLOW_FCVT_W_D,
  SLOW_FCVT_W_S,
  SLOW_FCVT_WU_D,
  SLOW_FCVT_WU_S,
  SLOW_FDIV_D,
  SLOW_FDIV_S,
  SLOW_FEQ_D,
  SLOW_FEQ_S,
  SLOW_FLE_D,
  SLOW_FLE_S,
  SLOW_FLEQ_D,
  SLOW_FLEQ_S,
  SLOW_FLT_D,
  SLOW_FLT_S,
  SLOW_FLTQ_D,
  SLOW_FLTQ_S,
  SLOW_FMADD_D,
  SLOW_FMADD_S,
  SLOW_FMAX_D,
  SLOW_FMAX_S,
  SLOW_FMAXM_D,
  SLOW_FMAXM_S,
  SLOW_FMIN_D,
  SLOW_FMIN_S,
  SLOW_FMINM_D,
  SLOW_FMINM_S,
  SLOW_FMSUB_D,
  SLOW_FMSUB_S,
  SLOW_FMUL_D,
  SLOW_FMUL_S,
  SLOW_FMV_D_X,
  SLOW_FMV_W_X,
  SLOW_FMV_X_D,
  SLOW_FMV_X_W,
  SLOW_FNMADD_D,
  SLOW_FNMADD_S,
  SLOW_FNMSUB_D,
  SLOW_FNMSUB_S,
  SLOW_FSGNJ_D,
  SLOW_FSGNJ_S,
  SLOW_FSGNJN_D,
  SLOW_FSGNJN_S,
  SLOW_FSGNJX_D,
  SLOW_FSGNJX_S,
  SLOW_FSQRT_D,
  SLOW_FSQRT_S,
  SLOW_FSUB_D,
  SLOW_FSUB_S,
} from "../generated/opcodes";
import { floatShape } from "../generated/emit";
import { HART_JIT_FLOAT, HART_JIT_FLOAT_BOUND } from "../generated/layout";
import { RNE } from "../fp/round";
import { byte } from "../wasm/sink";
import {
  DROP,
  END,
  F64_ADD,
  F64_DIV,
  F64_MAX,
  F64_MIN,
  F64_MUL,
  F64_SQRT,
  F64_SUB,
  I32_AND,
  I32_EQZ,
  RETURN,
  TYPE_VOID,
} from "../wasm/opcodes";
import { i32Const, loadField, pushPc } from "./code";
import {
  arithmetic,
  classify,
  compare,
  fuse,
  injectSign,
  LESS,
  LESS_OR_EQUAL,
  EQUAL,
  minMax,
  moveToFloat,
  moveToInteger,
} from "./float-arithmetic";
import { fromInteger, narrow, toInteger, widen } from "./float-convert";
import { DIFFERENCE, PRODUCT, QUOTIENT, ROOT, SUM } from "./float-exact";
import { spreadFloatDirty } from "./float-flow";
import { isSingle } from "./float-format";
import { beginFloat, pushSlow, pushSlowF, setResult } from "./float-value";
import { unlikelyIf } from "./hints";
import { floatBound, set, setX } from "./locals";
import { Site } from "./site";

const DYNAMIC: u32 = 7;

/** At a region's entry, which starts at `offset`: leaves when floating point is illegal. */
export function enterFloat(offset: i32): void {
  const needed = spreadFloatDirty();
  loadField(HART_JIT_FLOAT);
  i32Const(<i32>needed);
  byte(I32_AND);
  byte(I32_EQZ);
  unlikelyIf(TYPE_VOID);
  pushPc(offset | 1);
  byte(RETURN);
  byte(END);
  loadField(HART_JIT_FLOAT_BOUND);
  set(floatBound());
}

/** The record by the interpreter's function. */
function lowerByCore(w: u32, imm: u32, site: Site): void {
  if (floatShape(imm & 0xfff) & 16) {
    pushSlow();
    if ((w >> 8) & 0xf8) setX((w >> 8) & 0xf8);
    else byte(DROP);
  } else {
    pushSlowF();
    setResult();
    site.floatDirty = true;
  }
}

/** An f32 or f64 arithmetic record. @returns whether it is one with a lowering here */
function lowerArithmetic(slow: u32, site: Site): bool {
  switch (slow) {
    case SLOW_FADD_D:
    case SLOW_FADD_S:
      return arithmetic(F64_ADD, 2, SUM, false, site);
    case SLOW_FSUB_D:
    case SLOW_FSUB_S:
      return arithmetic(F64_SUB, 2, DIFFERENCE, false, site);
    case SLOW_FMUL_D:
    case SLOW_FMUL_S:
      return arithmetic(F64_MUL, 2, PRODUCT, true, site);
    case SLOW_FDIV_D:
    case SLOW_FDIV_S:
      return arithmetic(F64_DIV, 2, QUOTIENT, true, site);
    case SLOW_FSQRT_D:
    case SLOW_FSQRT_S:
      return arithmetic(F64_SQRT, 1, ROOT, false, site);
    case SLOW_FMADD_D:
    case SLOW_FMADD_S:
      return fuse(false, false, site);
    case SLOW_FMSUB_D:
    case SLOW_FMSUB_S:
      return fuse(false, true, site);
    case SLOW_FNMSUB_D:
    case SLOW_FNMSUB_S:
      return fuse(true, false, site);
    case SLOW_FNMADD_D:
    case SLOW_FNMADD_S:
      return fuse(true, true, site);
    case SLOW_FCVT_S_D:
      return narrow(site);
    default:
      return false;
  }
}

/** Records whose rounding mode, if any, makes no difference. */
function lowerExact(slow: u32, site: Site): bool {
  switch (slow) {
    case SLOW_FSGNJ_D:
    case SLOW_FSGNJ_S:
      return injectSign(0, site);
    case SLOW_FSGNJN_D:
    case SLOW_FSGNJN_S:
      return injectSign(1, site);
    case SLOW_FSGNJX_D:
    case SLOW_FSGNJX_S:
      return injectSign(2, site);
    case SLOW_FMIN_D:
    case SLOW_FMIN_S:
    case SLOW_FMINM_D:
    case SLOW_FMINM_S:
      return minMax(F64_MIN, site);
    case SLOW_FMAX_D:
    case SLOW_FMAX_S:
    case SLOW_FMAXM_D:
    case SLOW_FMAXM_S:
      return minMax(F64_MAX, site);
    case SLOW_FEQ_D:
    case SLOW_FEQ_S:
      return compare(EQUAL, true);
    case SLOW_FLT_D:
    case SLOW_FLT_S:
      return compare(LESS, false);
    case SLOW_FLTQ_D:
    case SLOW_FLTQ_S:
      return compare(LESS, true);
    case SLOW_FLE_D:
    case SLOW_FLE_S:
      return compare(LESS_OR_EQUAL, false);
    case SLOW_FLEQ_D:
    case SLOW_FLEQ_S:
      return compare(LESS_OR_EQUAL, true);
    case SLOW_FCLASS_D:
    case SLOW_FCLASS_S:
      return classify();
    case SLOW_FMV_X_D:
    case SLOW_FMV_X_W:
      return moveToInteger();
    case SLOW_FMV_D_X:
    case SLOW_FMV_W_X:
      return moveToFloat(site);
    case SLOW_FCVT_D_S:
      return widen(site);
    case SLOW_FCVT_D_W:
      return fromInteger(true, true, site);
    case SLOW_FCVT_D_WU:
      return fromInteger(true, false, site);
    default:
      return false;
  }
}

/** Conversions to integers, for rounding mode `rm`, and rounding ones from integers. */
function lowerConversion(slow: u32, rm: u32, site: Site): bool {
  const nearest = rm == RNE || rm == DYNAMIC;
  switch (slow) {
    case SLOW_FCVT_W_D:
    case SLOW_FCVT_W_S:
      return toInteger(true, true, rm);
    case SLOW_FCVT_WU_D:
    case SLOW_FCVT_WU_S:
      return toInteger(true, false, rm);
    case SLOW_FCVT_L_D:
    case SLOW_FCVT_L_S:
      return toInteger(false, true, rm);
    case SLOW_FCVT_LU_D:
    case SLOW_FCVT_LU_S:
      return toInteger(false, false, rm);
    case SLOW_FCVT_S_W:
      return nearest && fromInteger(true, true, site);
    case SLOW_FCVT_S_WU:
      return nearest && fromInteger(true, false, site);
    case SLOW_FCVT_D_L:
    case SLOW_FCVT_S_L:
      return nearest && fromInteger(false, true, site);
    case SLOW_FCVT_D_LU:
    case SLOW_FCVT_S_LU:
      return nearest && fromInteger(false, false, site);
    default:
      return false;
  }
}

export function lowerFloat(w: u32, imm: u32, site: Site): void {
  const slow = imm & 0xfff;
  const rm = (imm >> 12) & 7;
  beginFloat(w, imm, isSingle(slow), site);
  if (lowerExact(slow, site) || lowerConversion(slow, rm, site)) return;
  if ((rm == RNE || rm == DYNAMIC) && lowerArithmetic(slow, site)) return;
  lowerByCore(w, imm, site);
}
