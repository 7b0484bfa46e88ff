/** Arithmetic, comparisons, sign injections and moves of the record in float-value.ts. */
import { byte } from "../wasm/sink";
import {
  DROP,
  ELSE,
  END,
  F32X4_EXTRACT_LANE,
  F32X4_NEG,
  F32X4_RELAXED_MADD,
  F32X4_RELAXED_NMADD,
  F64_ABS,
  F64_COPYSIGN,
  F64_EQ,
  F64_GE,
  F64_GT,
  F64_LE,
  F64_LT,
  F64_NE,
  F64_NEG,
  F64_REINTERPRET,
  F64X2_EXTRACT_LANE,
  F64X2_RELAXED_MADD,
  F64X2_RELAXED_NMADD,
  F64X2_SPLAT,
  I32_AND,
  I32_EQZ,
  I32_OR,
  I32_REINTERPRET,
  I32_WRAP,
  I64_AND,
  I64_EXTEND_I32_S,
  I64_EXTEND_I32_U,
  I64_GE_U,
  I64_LT_S,
  I64_LT_U,
  I64_OR,
  I64_SHL,
  I64_SUB,
  I64_XOR,
  IF,
  SELECT,
  TYPE_F64,
  TYPE_I64,
  TYPE_VOID,
} from "../wasm/opcodes";
import { HART_JIT_FLOAT } from "../generated/layout";
import { i32Const, i64Const, loadField } from "./code";
import { fusedMadd, STATE_INVALID } from "./float-state";
import { fuseDouble, fuseSingle } from "./float-unfused";
import { ADDEND_NEGATED, FUSED, PRODUCT_NEGATED, pushStands } from "./float-exact";
import {
  andBoxed,
  boxBits,
  emitArithmetic,
  lane0,
  orUnboxed,
  pushBits,
  pushOperand,
  pushReboxed,
  pushRegister,
  pushSlow,
  pushSlowF,
  pushUnusable,
  pushVector,
  setResult,
  simd,
  single,
  temporary,
  w,
} from "./float-value";
import { unlikelyIf } from "./hints";
import { get, getX, scratch, scratchI32, set, setX, tee } from "./locals";
import { markFloatDirty } from "./lower-memory";
import { Site } from "./site";

/** How far comparisons of f32 lie below those of f64. */
const COMPARISON_F32: u32 = 6;

function emitComparison(opcode: u32): void {
  byte(single ? opcode - COMPARISON_F32 : opcode);
}

/** Pushes the value in the temporary as fd holds it. */
function pushResult(): void {
  if (single) pushReboxed(temporary());
  else get(temporary());
}

/** fd = the value in the temporary, or the core's when the i32 on the stack is true. */
function choose(): void {
  unlikelyIf(TYPE_F64);
  pushSlowF();
  byte(ELSE);
  pushResult();
  byte(END);
  setResult();
}

/** The same, where the core is not asked either if the result stands as what it is. */
function chooseUnlessStands(what: u32, operands: u32): void {
  unlikelyIf(TYPE_F64);
  pushStands(what);
  andBoxed(operands);
  byte(IF);
  byte(TYPE_F64);
  pushResult();
  byte(ELSE);
  pushSlowF();
  byte(END);
  byte(ELSE);
  pushResult();
  byte(END);
  setResult();
}

/**
 * @param what see float-exact.ts
 * @param normal see `pushUnusable`
 */
export function arithmetic(opcode: u32, operands: u32, what: u32, normal: bool, site: Site): bool {
  for (let i: u32 = 0; i < operands; i++) pushOperand(i);
  emitArithmetic(opcode);
  tee(temporary());
  pushUnusable(normal);
  orUnboxed(operands);
  chooseUnlessStands(what, operands);
  site.floatDirty = true;
  return true;
}

/** ±(fs1 × fs2) ± fs3. */
export function fuse(negateProduct: bool, negateAddend: bool, site: Site): bool {
  if (fusedMadd) fuseByEngine(negateProduct, negateAddend);
  else if (single) fuseSingle(negateProduct, negateAddend);
  else fuseDouble(negateProduct, negateAddend);
  get(temporary());
  pushUnusable(true);
  if (!fusedMadd) byte(I32_OR);
  orUnboxed(3);
  const signs = (negateProduct ? PRODUCT_NEGATED : 0) | (negateAddend ? ADDEND_NEGATED : 0);
  chooseUnlessStands(FUSED | signs, 3);
  site.floatDirty = true;
  return true;
}

/** The temporary = ±(fs1 × fs2) ± fs3 by the engine's multiply-add. */
function fuseByEngine(negateProduct: bool, negateAddend: bool): void {
  pushVector(0);
  pushVector(1);
  if (single) {
    pushVector(2);
    if (negateAddend) simd(F32X4_NEG);
    simd(negateProduct ? F32X4_RELAXED_NMADD : F32X4_RELAXED_MADD);
    lane0(F32X4_EXTRACT_LANE);
  } else {
    pushRegister(2);
    if (negateAddend) byte(F64_NEG);
    simd(F64X2_SPLAT);
    simd(negateProduct ? F64X2_RELAXED_NMADD : F64X2_RELAXED_MADD);
    lane0(F64X2_EXTRACT_LANE);
  }
  set(temporary());
}

/** fmin, fmax: Wasm's order −0 below +0 too, and give NaN for any NaN. */
export function minMax(opcode: u32, site: Site): bool {
  pushOperand(0);
  pushOperand(1);
  emitArithmetic(opcode);
  tee(temporary());
  get(temporary());
  emitComparison(F64_NE);
  orUnboxed(2);
  choose();
  markFloatDirty(site);
  return true;
}

/** Exponent fields of 1, as above, and fclass's bits of normal numbers. */
const EXPONENT_D: i64 = 0x20_0000_0000_0000;
const EXPONENT_S: i64 = 0x100_0000_0000_0000;
const CLASS_NEGATIVE: i64 = 1 << 1;
const CLASS_POSITIVE: i64 = 1 << 6;

export const EQUAL: u32 = 0;
export const LESS: u32 = 1;
export const LESS_OR_EQUAL: u32 = 2;

function pushComparison(opcode: u32): void {
  pushOperand(0);
  pushOperand(1);
  emitComparison(opcode);
}

/** Pushes whether the operands are in no order, given in `local` whether the comparison holds. */
function pushUnordered(kind: u32, local: u32): void {
  if (kind == EQUAL) pushComparison(F64_LE);
  else get(local);
  pushComparison(kind == LESS ? F64_GE : F64_GT);
  byte(I32_OR);
  byte(I32_EQZ);
}

/** Local that takes rd's new value. */
function resultX(): u32 {
  return scratch(0);
}

export function setResultX(): void {
  if ((w >> 8) & 0xf8) setX((w >> 8) & 0xf8);
  else byte(DROP);
}

/** Pushes whether operand `index` is a signaling NaN, which even quiet comparisons report. */
function pushSignaling(index: u32): void {
  if (single) {
    pushOperand(index);
    byte(I32_REINTERPRET);
    byte(I64_EXTEND_I32_U);
    i64Const(33);
  } else {
    pushBits(index);
    i64Const(1);
  }
  byte(I64_SHL);
  // Behind infinity's pattern, as long as the fraction's first bit is clear.
  i64Const(single ? INFINITY_S + 1 : INFINITY_D + 1);
  byte(I64_SUB);
  i64Const(single ? (QUIET_S << 1) - 1 : (QUIET_D << 1) - 1);
  byte(I64_LT_U);
}

/** Pushes whether a comparison of operands in no order raises something new. */
function pushReported(quiet: bool): void {
  loadField(HART_JIT_FLOAT);
  i32Const(STATE_INVALID);
  byte(I32_AND);
  byte(I32_EQZ);
  if (!quiet) return;
  pushSignaling(0);
  pushSignaling(1);
  byte(I32_OR);
  byte(I32_AND);
}

/** @param quiet raises NV for signaling NaN only */
export function compare(kind: u32, quiet: bool): bool {
  const holds = scratchI32();
  pushComparison(kind == EQUAL ? F64_EQ : kind == LESS ? F64_LT : F64_LE);
  tee(holds);
  byte(I64_EXTEND_I32_U);
  set(resultX());
  pushUnordered(kind, holds);
  orUnboxed(2);
  unlikelyIf(TYPE_VOID);
  pushReported(quiet);
  orUnboxed(2);
  byte(IF);
  byte(TYPE_VOID);
  pushSlow();
  set(resultX());
  byte(END);
  byte(END);
  get(resultX());
  setResultX();
  return true;
}

/** Patterns shifted to the top of 64 bits, the sign shifted out: infinity, a fraction's first bit. */
const INFINITY_D: i64 = -0x20_0000_0000_0000;
const QUIET_D: i64 = 0x8_0000_0000_0000;
const INFINITY_S: i64 = -0x100_0000_0000_0000;
const QUIET_S: i64 = 0x40_0000_0000_0000;

/** fclass of a normal number: which bit, by its sign; the others are the core's. */
export function classify(): bool {
  if (!((w >> 8) & 0xf8)) return true;
  const bits = scratch(0);
  if (single) {
    pushOperand(0);
    byte(I32_REINTERPRET);
    byte(I64_EXTEND_I32_U);
    i64Const(32);
    byte(I64_SHL);
  } else {
    pushBits(0);
  }
  tee(bits);
  i64Const(1);
  byte(I64_SHL);
  i64Const(single ? EXPONENT_S : EXPONENT_D);
  byte(I64_SUB);
  i64Const(single ? INFINITY_S - EXPONENT_S : INFINITY_D - EXPONENT_D);
  byte(I64_GE_U);
  orUnboxed(1);
  unlikelyIf(TYPE_I64);
  pushSlow();
  byte(ELSE);
  i64Const(CLASS_NEGATIVE);
  i64Const(CLASS_POSITIVE);
  get(bits);
  i64Const(0);
  byte(I64_LT_S);
  byte(SELECT);
  byte(END);
  setResultX();
  return true;
}

const SIGN_D: i64 = i64.MIN_VALUE;
const SIGN_S: i64 = 0x8000_0000;

/** Pushes fd's f64 for fsgnj (0), fsgnjn (1) and fsgnjx (2) on f64. */
function pushInjectedD(kind: u32): void {
  const same = ((w >> 24) & 0xf8) == ((w >> 16) & 0xf8);
  if (kind == 2 && !same) {
    pushBits(0);
    pushBits(1);
    i64Const(SIGN_D);
    byte(I64_AND);
    byte(I64_XOR);
    byte(F64_REINTERPRET);
    return;
  }
  pushRegister(0);
  if (same) {
    if (kind == 1) byte(F64_NEG);
    if (kind == 2) byte(F64_ABS);
    return;
  }
  pushRegister(1);
  if (kind == 1) byte(F64_NEG);
  byte(F64_COPYSIGN);
}

/** The same on boxed f32, whose boxes stay. */
function pushInjectedS(kind: u32): void {
  pushBits(0);
  if (kind != 2) {
    i64Const(~SIGN_S);
    byte(I64_AND);
  }
  pushBits(1);
  if (kind == 1) {
    i64Const(-1);
    byte(I64_XOR);
  }
  i64Const(SIGN_S);
  byte(I64_AND);
  byte(kind == 2 ? I64_XOR : I64_OR);
  byte(F64_REINTERPRET);
}

export function injectSign(kind: u32, site: Site): bool {
  if (single) {
    i32Const(0);
    orUnboxed(2);
    unlikelyIf(TYPE_F64);
    pushSlowF();
    byte(ELSE);
    pushInjectedS(kind);
    byte(END);
  } else {
    pushInjectedD(kind);
  }
  setResult();
  markFloatDirty(site);
  return true;
}

/** fmv.x.d, fmv.x.w: bits, boxed or not. */
export function moveToInteger(): bool {
  if (!((w >> 8) & 0xf8)) return true;
  pushBits(0);
  if (single) {
    byte(I32_WRAP);
    byte(I64_EXTEND_I32_S);
  }
  setResultX();
  return true;
}

/** fmv.d.x, fmv.w.x. */
export function moveToFloat(site: Site): bool {
  getX((w >> 16) & 0xf8);
  if (single) boxBits();
  else byte(F64_REINTERPRET);
  setResult();
  markFloatDirty(site);
  return true;
}
