/**
 * Multiply-add to nearest even where the engine's rounds twice or does not exist. Each pushes whether
 * the result that it leaves in the temporary may be rounded wrongly, next to never; the check of its
 * range comes on top.
 */
import { byte } from "../wasm/sink";
import {
  F32_DEMOTE,
  F64_ABS,
  F64_ADD,
  F64_EQ,
  F64_GT,
  F64_MUL,
  F64_NE,
  F64_NEG,
  F64_PROMOTE,
  F64_SUB,
  I32_AND,
  I32_EQZ,
  I32_OR,
  I64_AND,
  I64_EQ,
  I64_REINTERPRET,
} from "../wasm/opcodes";
import { f64Const, i64Const } from "./code";
import { AMPLE } from "./float-exact";
import { pushOperand, pushRegister, temporary } from "./float-value";
import { get, partF64, set, tee } from "./locals";

/** The bits of an f64 that f32 lacks, and their pattern half-way between two f32. */
const BEYOND_F32: i64 = 0x1fff_ffff;
const HALF_WAY: i64 = 0x1000_0000;

function pushWide(index: u32, negated: bool): void {
  pushOperand(index);
  byte(F64_PROMOTE);
  if (negated) byte(F64_NEG);
}

/**
 * f32: the product is exact in f64, so that its sum is rounded there, and once more. The second
 * rounding goes wrong only when the first ended half-way.
 */
export function fuseSingle(productNegated: bool, addendNegated: bool): void {
  const sum = partF64(0);
  pushWide(0, productNegated);
  pushWide(1, false);
  byte(F64_MUL);
  pushWide(2, addendNegated);
  byte(F64_ADD);
  tee(sum);
  byte(F32_DEMOTE);
  set(temporary());
  get(sum);
  byte(I64_REINTERPRET);
  i64Const(BEYOND_F32);
  byte(I64_AND);
  i64Const(HALF_WAY);
  byte(I64_EQ);
}

/** 2^27 + 1: splits a significand into halves (Veltkamp). */
const SPLITTER: f64 = 134217729;

/** Locals of fuseDouble. */
const PRODUCT: u32 = 0;
const PART: u32 = 1;
const HIGH_A: u32 = 2;
const LOW_A: u32 = 3;
const HIGH_B: u32 = 4;
const LOW_B: u32 = 5;
const ADDEND: u32 = 6;
const SUM: u32 = 7;
const REST: u32 = 8;
const ERROR: u32 = 9;

/** Pushes x, y and takes them to x ∘ y, for locals of this file. */
function operate(x: u32, y: u32, opcode: u32): void {
  get(partF64(x));
  get(partF64(y));
  byte(opcode);
}

/** high + low = the operand; NaN when that is huge. */
function split(operand: u32, negated: bool, high: u32, low: u32): void {
  pushRegister(operand);
  if (negated) byte(F64_NEG);
  tee(partF64(low));
  f64Const(SPLITTER);
  byte(F64_MUL);
  tee(partF64(high));
  operate(high, low, F64_SUB);
  byte(F64_SUB);
  set(partF64(high));
  operate(low, high, F64_SUB);
  set(partF64(low));
}

/** ERROR = the product − PRODUCT, exactly (Dekker). */
function productError(): void {
  operate(HIGH_A, HIGH_B, F64_MUL);
  get(partF64(PRODUCT));
  byte(F64_SUB);
  operate(HIGH_A, LOW_B, F64_MUL);
  byte(F64_ADD);
  operate(LOW_A, HIGH_B, F64_MUL);
  byte(F64_ADD);
  operate(LOW_A, LOW_B, F64_MUL);
  byte(F64_ADD);
  set(partF64(ERROR));
}

/** Pushes x + y − sum, exactly, sum being x + y rounded (TwoSum, Knuth). */
function pushSumError(x: u32, y: u32, sum: u32): void {
  operate(sum, x, F64_SUB);
  set(partF64(PART));
  get(partF64(x));
  operate(sum, PART, F64_SUB);
  byte(F64_SUB);
  operate(y, PART, F64_SUB);
  byte(F64_ADD);
}

/** Pushes whether what REST added to SUM left in the temporary's rounding is half an ulp, or nothing. */
function pushHalfWay(): void {
  const twice = partF64(PART);
  get(partF64(REST));
  get(temporary());
  get(partF64(SUM));
  byte(F64_SUB);
  byte(F64_SUB);
  f64Const(2);
  byte(F64_MUL);
  tee(twice);
  get(temporary());
  byte(F64_ADD);
  get(temporary());
  byte(F64_SUB);
  get(twice);
  byte(F64_EQ);
}

/**
 * f64: product and sum with their errors, which are then added. That is rounded right but when the
 * last addition ends half-way and the one of the errors was not exact.
 */
export function fuseDouble(productNegated: bool, addendNegated: bool): void {
  split(0, productNegated, HIGH_A, LOW_A);
  split(1, false, HIGH_B, LOW_B);
  pushRegister(0);
  pushRegister(1);
  byte(F64_MUL);
  if (productNegated) byte(F64_NEG);
  set(partF64(PRODUCT));
  productError();
  get(partF64(PRODUCT));
  pushRegister(2);
  if (addendNegated) byte(F64_NEG);
  tee(partF64(ADDEND));
  byte(F64_ADD);
  set(partF64(SUM));
  // From here on HIGH_A is the sum's error, LOW_A what adding the errors leaves over.
  pushSumError(PRODUCT, ADDEND, SUM);
  set(partF64(HIGH_A));
  operate(HIGH_A, ERROR, F64_ADD);
  set(partF64(REST));
  pushSumError(HIGH_A, ERROR, REST);
  set(partF64(LOW_A));
  operate(SUM, REST, F64_ADD);
  set(temporary());
  pushHalfWay();
  get(partF64(LOW_A));
  f64Const(0);
  byte(F64_NE);
  byte(I32_AND);
  get(partF64(PRODUCT));
  byte(F64_ABS);
  f64Const(AMPLE);
  byte(F64_GT);
  byte(I32_EQZ);
  byte(I32_OR);
}
