/**
 * Values of the floating-point instruction being lowered: its operands, the checks of its result,
 * and the way through the core when a check fails. f32 values live NaN-boxed in f64 locals
 * (unprivileged manual §21.2); boxes are opened and closed in vector registers, which costs no move
 * to the integer side.
 */
import { HART_JIT_FLOAT_BOUND } from "../generated/layout";
import { floatShape } from "../generated/emit";
import { byte, uleb } from "../wasm/sink";
import {
  F32X4_EXTRACT_LANE,
  F32X4_REPLACE_LANE,
  F64_REINTERPRET,
  F64X2_EXTRACT_LANE,
  F64X2_SPLAT,
  I32_EQZ,
  I32_GE_U,
  I32_OR,
  I32_REINTERPRET,
  I32_SHL,
  I32_SUB,
  I32_WRAP,
  I64_AND,
  I64_EXTEND_I32_U,
  I64_NE,
  I64_OR,
  I64_REINTERPRET,
  I64_SHR_S,
  I64_SHR_U,
  SIMD_PREFIX,
} from "../wasm/opcodes";
import { call, F_FLOAT, i32Const, i64Const, loadField } from "./code";
import { floatBound, get, getF, getX, L_HART, scratchF32, scratchF64, set, setF } from "./locals";
import { Site } from "./site";

/** How far arithmetic opcodes of f32 lie below those of f64. */
const ARITHMETIC_F32: u32 = 14;

/** Upper half of a boxed f32. */
const BOX: i64 = -0x1_0000_0000;

/** The record, and whether its format is f32. */
export let w: u32 = 0;
export let imm: u32 = 0;
export let single: bool = false;

let at: Site = changetype<Site>(0);

export function beginFloat(word: u32, immediate: u32, isSingle: bool, site: Site): void {
  w = word;
  imm = immediate;
  single = isSingle;
  at = site;
}

/** Byte offset of operand `index` (0–2) in HART.f. */
function operandAt(index: u32): u32 {
  return (index == 2 ? imm >> 12 : w >> (16 + 8 * index)) & 0xf8;
}

export function simd(opcode: u32): void {
  byte(SIMD_PREFIX);
  uleb(opcode);
}

export function lane0(opcode: u32): void {
  simd(opcode);
  byte(0);
}

/** Pushes operand `index` as a vector whose lane 0 is its value. */
export function pushVector(index: u32): void {
  getF(operandAt(index));
  simd(F64X2_SPLAT);
}

/** Pushes the register of operand `index` as it is, an f64. */
export function pushRegister(index: u32): void {
  getF(operandAt(index));
}

export function pushBits(index: u32): void {
  getF(operandAt(index));
  byte(I64_REINTERPRET);
}

/** Pushes the value of operand `index`: f64, or f32 when the format is. */
export function pushOperand(index: u32): void {
  if (single) {
    pushVector(index);
    lane0(F32X4_EXTRACT_LANE);
  } else {
    pushRegister(index);
  }
}

/** The scratch local for a value of the instruction's format. */
export function temporary(): u32 {
  return single ? scratchF32() : scratchF64();
}

/** Emits an f64 operation of two operands or one, or its f32 sibling when that is the format. */
export function emitArithmetic(opcode: u32): void {
  byte(single ? opcode - ARITHMETIC_F32 : opcode);
}

function isBoxed(index: u32): bool {
  return ((at.boxed >> (operandAt(index) >> 3)) & 1) != 0;
}

/** The i32 on the stack, true when something is wrong, also becomes true when an operand has no box. */
export function orUnboxed(operands: u32): void {
  if (!single) return;
  let unknown = false;
  for (let i: u32 = 0; i < operands; i++) {
    if (isBoxed(i)) continue;
    pushBits(i);
    if (unknown) byte(I64_AND);
    unknown = true;
  }
  if (!unknown) return;
  i64Const(32);
  byte(I64_SHR_S);
  i64Const(-1);
  byte(I64_NE);
  byte(I32_OR);
}

/** The i32 on the stack, true when something is right, becomes false when an operand has no box. */
export function andBoxed(operands: u32): void {
  if (!single) return;
  byte(I32_EQZ);
  orUnboxed(operands);
  byte(I32_EQZ);
}

/**
 * Turns the result on the stack into whether it may have raised more than NX, or the host's
 * arithmetic does not apply at all.
 *
 * @param normal a zero, and what may have been tiny before rounding, counts too
 */
export function pushUnusable(normal: bool): void {
  if (single) {
    byte(I32_REINTERPRET);
  } else {
    byte(I64_REINTERPRET);
    i64Const(32);
    byte(I64_SHR_U);
    byte(I32_WRAP);
  }
  i32Const(1);
  byte(I32_SHL);
  if (normal) {
    // Exponent field 2, as a number that rounded up to 2^emin was tiny.
    i32Const(single ? 0x0200_0000 : 0x0040_0000);
    byte(I32_SUB);
  }
  get(floatBound());
  byte(I32_GE_U);
}

/** Pushes what the core makes of the record: an i64. */
export function pushSlow(): void {
  const shape = floatShape(imm & 0xfff);
  get(L_HART);
  i32Const(<i32>w);
  i32Const(<i32>imm);
  if (shape & 8) getX((w >> 16) & 0xf8);
  else if (shape & 1) pushBits(0);
  else i64Const(0);
  if (shape & 2) pushBits(1);
  else i64Const(0);
  if (shape & 4) pushBits(2);
  else i64Const(0);
  call(F_FLOAT);
  loadField(HART_JIT_FLOAT_BOUND);
  set(floatBound());
}

export function pushSlowF(): void {
  pushSlow();
  byte(F64_REINTERPRET);
}

/** Pushes the f32 in `local` in the box of operand 0, which has one. */
export function pushReboxed(local: u32): void {
  pushVector(0);
  get(local);
  lane0(F32X4_REPLACE_LANE);
  lane0(F64X2_EXTRACT_LANE);
}

/** Boxes the f32 on the stack. */
export function box(): void {
  byte(I32_REINTERPRET);
  byte(I64_EXTEND_I32_U);
  boxBits();
}

/** Boxes the low half of the i64 on the stack; its upper half must be clear or ones. */
export function boxBits(): void {
  i64Const(BOX);
  byte(I64_OR);
  byte(F64_REINTERPRET);
}

/** Pops the result into fd. */
export function setResult(): void {
  setF((w >> 8) & 0xf8);
}
