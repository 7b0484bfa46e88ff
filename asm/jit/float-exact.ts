/**
 * The way of a result that failed its check (float-value.ts): before the core is called, whether it
 * stands all the same. It does when it is exact, as exact results raise nothing, subnormal ones and
 * zeros included (IEEE 754-2019 §7.5, §7.6); and when NX and UF are set already and it is finite.
 * Programs that compute with integers, or with many zeros, come here all the time.
 */
import { HART_JIT_FLOAT } from "../generated/layout";
import { byte } from "../wasm/sink";
import {
  ELSE,
  END,
  F64_ABS,
  F64_ADD,
  F64_EQ,
  F64_GT,
  F64_LT,
  F64_MUL,
  F64_NEG,
  F64_PROMOTE,
  F64_SUB,
  F64X2_EXTRACT_LANE,
  F64X2_RELAXED_MADD,
  F64X2_RELAXED_NMADD,
  F64X2_SPLAT,
  I32_AND,
  I32_OR,
  I32_SHR_U,
  IF,
  TYPE_I32,
} from "../wasm/opcodes";
import { f64Const, i32Const, loadField } from "./code";
import { fusedMadd, STATE_UNDERFLOWN } from "./float-state";
import {
  emitArithmetic,
  lane0,
  pushOperand,
  pushRegister,
  pushVector,
  simd,
  single,
  temporary,
} from "./float-value";
import { get, partF32, partF64, set, tee } from "./locals";

/** What the temporary is of the operands. */
export const SUM: u32 = 0;
export const DIFFERENCE: u32 = 1;
export const PRODUCT: u32 = 2;
export const QUOTIENT: u32 = 3;
export const ROOT: u32 = 4;
export const NARROWED: u32 = 5;
/** ±(fs1 × fs2) ± fs3: a bit each for what is negated. */
export const FUSED: u32 = 8;
export const PRODUCT_NEGATED: u32 = 1;
export const ADDEND_NEGATED: u32 = 2;

/** STATE_NEAREST as a shift. */
const NEAREST_SHIFT: i32 = 2;

/** From here on what an f64 product or dividend leaves over has a bit in range: 2^-960. */
export const AMPLE: f64 = reinterpret<f64>(0x03f0_0000_0000_0000);

/** Pushes whether the result in the temporary stands though its check failed; operands are boxed. */
export function pushStands(what: u32): void {
  if (what & FUSED && !fusedMadd) {
    exactHere(what);
    return;
  }
  loadField(HART_JIT_FLOAT);
  i32Const(STATE_UNDERFLOWN);
  byte(I32_AND);
  byte(IF);
  byte(TYPE_I32);
  pushWideResult();
  byte(F64_ABS);
  f64Const(Infinity);
  byte(F64_LT);
  byte(ELSE);
  exactHere(what);
  byte(END);
}

/** Pushes whether the result is exact, and the mode and state are such that this is enough. */
function exactHere(what: u32): void {
  pushExact(what);
  loadField(HART_JIT_FLOAT);
  i32Const(NEAREST_SHIFT);
  byte(I32_SHR_U);
  byte(I32_AND);
}

function pushExact(what: u32): void {
  if (what & FUSED) {
    exactFused((what & PRODUCT_NEGATED) != 0, (what & ADDEND_NEGATED) != 0);
  } else if (what == SUM || what == DIFFERENCE) {
    exactSum(what == DIFFERENCE);
  } else if (what == NARROWED) {
    pushWideResult();
    pushRegister(0);
    byte(F64_EQ);
  } else if (single) {
    exactSingle(what);
  } else if (what == PRODUCT) {
    exactProduct(temporary(), false);
  } else if (what == QUOTIENT) {
    exactQuotient();
  } else {
    exactRoot();
  }
}

function pushWideResult(): void {
  get(temporary());
  if (single) byte(F64_PROMOTE);
}

/** Pushes operand `index` as an f64. */
function pushWide(index: u32): void {
  pushOperand(index);
  if (single) byte(F64_PROMOTE);
}

function isZero(): void {
  f64Const(0);
  byte(F64_EQ);
}

function isAmple(): void {
  byte(F64_ABS);
  f64Const(AMPLE);
  byte(F64_GT);
}

/** TwoSum (Knuth): what the sum leaves over. It is NaN where anything is not finite. */
function exactSum(difference: bool): void {
  const part = single ? partF32() : partF64(0);
  get(temporary());
  pushOperand(0);
  emitArithmetic(F64_SUB);
  set(part);
  pushOperand(0);
  get(temporary());
  get(part);
  emitArithmetic(F64_SUB);
  emitArithmetic(F64_SUB);
  pushOperand(1);
  get(part);
  emitArithmetic(difference ? F64_ADD : F64_SUB);
  emitArithmetic(difference ? F64_SUB : F64_ADD);
  if (single) byte(F64_PROMOTE);
  isZero();
}

/** Products of f32 are exact in f64. */
function exactSingle(what: u32): void {
  if (what == PRODUCT) pushWide(0);
  else pushWideResult();
  if (what == ROOT) pushWideResult();
  else pushWide(1);
  byte(F64_MUL);
  if (what == PRODUCT) pushWideResult();
  else pushWide(0);
  byte(F64_EQ);
}

/** Whether `product`, of fs1 and fs2 and perhaps negated, leaves nothing over. */
function exactProduct(product: u32, negated: bool): void {
  get(product);
  isZero();
  pushRegister(0);
  isZero();
  pushRegister(1);
  isZero();
  byte(I32_OR);
  byte(I32_AND);
  if (!fusedMadd) return;
  get(product);
  isAmple();
  pushVector(0);
  pushVector(1);
  get(product);
  leftover(negated);
  byte(I32_AND);
  byte(I32_OR);
}

/** Pushes whether the f64 on the stack and ∓ the product of the two vectors below it add up to 0. */
function leftover(added: bool): void {
  simd(F64X2_SPLAT);
  simd(added ? F64X2_RELAXED_MADD : F64X2_RELAXED_NMADD);
  lane0(F64X2_EXTRACT_LANE);
  isZero();
}

function exactQuotient(): void {
  get(temporary());
  isZero();
  pushRegister(0);
  isZero();
  byte(I32_AND);
  if (!fusedMadd) return;
  pushRegister(0);
  isAmple();
  get(temporary());
  simd(F64X2_SPLAT);
  pushVector(1);
  pushRegister(0);
  leftover(false);
  byte(I32_AND);
  byte(I32_OR);
}

function exactRoot(): void {
  get(temporary());
  isZero();
  if (!fusedMadd) return;
  pushRegister(0);
  isAmple();
  get(temporary());
  simd(F64X2_SPLAT);
  get(temporary());
  simd(F64X2_SPLAT);
  pushRegister(0);
  leftover(false);
  byte(I32_AND);
  byte(I32_OR);
}

function pushAddend(negated: bool): void {
  pushWide(2);
  if (negated) byte(F64_NEG);
}

/** The temporary becomes what is right if the product is exact, the sign of zero included. */
function settleExactSum(product: u32, addendNegated: bool): void {
  get(product);
  pushAddend(addendNegated);
  byte(F64_ADD);
  set(temporary());
}

/** An exact product, which TwoSum then takes as one of two numbers. */
function exactFused(productNegated: bool, addendNegated: bool): void {
  const product = partF64(0);
  const part = partF64(1);
  pushWide(0);
  pushWide(1);
  byte(F64_MUL);
  if (productNegated) byte(F64_NEG);
  set(product);
  if (single) {
    get(product);
    pushAddend(addendNegated);
    byte(F64_ADD);
    pushWideResult();
    byte(F64_EQ);
  } else {
    if (!fusedMadd) settleExactSum(product, addendNegated);
    exactProduct(product, productNegated);
  }
  get(product);
  pushWideResult();
  pushWideResult();
  get(product);
  byte(F64_SUB);
  tee(part);
  byte(F64_SUB);
  byte(F64_SUB);
  pushAddend(addendNegated);
  get(part);
  byte(F64_SUB);
  byte(F64_ADD);
  isZero();
  byte(I32_AND);
}
