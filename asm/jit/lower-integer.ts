/**
 * Integer operations that are more than one Wasm operation, or another one where operands are known
 * to be sign-extended words (asm/jit/words.ts).
 */
import { byte } from "../wasm/sink";
import {
  ELSE,
  END,
  I32_ADD,
  I32_GT_U,
  I32_WRAP,
  I64_ADD,
  I64_AND,
  I64_EXTEND_I32_U,
  I64_GT_U,
  I64_MUL,
  I64_SHL,
  I64_SHR_S,
  I64_SHR_U,
  I64_SUB,
  TYPE_I32,
  TYPE_I64,
} from "../wasm/opcodes";
import { OP_SLLI, OP_SRLI } from "../generated/opcodes";
import { call, F_PURE, i32Const, i64Const } from "./code";
import { lengthOf, recordAt } from "./discover";
import { likelyIf } from "./hints";
import { get, getW, getX, scratch, set, setW, setX, tee } from "./locals";
import { bothWords, hasWord, isExtended, markExtended } from "./words";

/** From Wasm's i64.and, or, xor to i32's; from its comparisons. */
const LOGIC_TO_I32: u32 = 0x12;
const COMPARISON_TO_I32: u32 = 0x0b;

/** rs2 of a register form; x0, which is a word, where the operand is an immediate. */
function second(w: u32, immediate: bool): u32 {
  return immediate ? 0 : (w >> 24) & 0xf8;
}

/** rs1 and the second operand on the stack: as i32 or as i64. */
function pushPair(w: u32, imm: i32, immediate: bool, words: bool): void {
  if (words) {
    getW((w >> 16) & 0xf8);
    if (immediate) i32Const(imm);
    else getW((w >> 24) & 0xf8);
  } else {
    getX((w >> 16) & 0xf8);
    if (immediate) i64Const(<i64>imm);
    else getX((w >> 24) & 0xf8);
  }
}

/** and, or, xor: `opcode` is the i64 operation. */
export function lowerLogic(w: u32, imm: i32, immediate: bool, opcode: u32): void {
  const a = (w >> 16) & 0xf8;
  const b = second(w, immediate);
  const words = bothWords(a, b);
  const mask = immediate && imm >= 0 && opcode == I64_AND;
  const extended = mask || (isExtended(a) && isExtended(b));
  pushPair(w, imm, immediate, words);
  byte(words ? opcode - LOGIC_TO_I32 : opcode);
  if (words) {
    setW((w >> 8) & 0xf8);
  } else {
    setX((w >> 8) & 0xf8);
    if (extended) markExtended((w >> 8) & 0xf8);
  }
}

/** slt and its kin: `opcode` is the i64 comparison. */
export function lowerComparison(w: u32, imm: i32, immediate: bool, opcode: u32): void {
  const words = bothWords((w >> 16) & 0xf8, second(w, immediate));
  pushPair(w, imm, immediate, words);
  byte(words ? opcode - COMPARISON_TO_I32 : opcode);
  setW((w >> 8) & 0xf8);
}

/** Pushes whether a branch is taken. */
export function pushCondition(w: u32, opcode: u32): void {
  const words = bothWords((w >> 16) & 0xf8, (w >> 24) & 0xf8);
  pushPair(w, 0, false, words);
  byte(words ? opcode - COMPARISON_TO_I32 : opcode);
}

/** addi, whose sum with 0 is a copy. */
export function lowerAddi(w: u32, imm: i32): void {
  const from = (w >> 16) & 0xf8;
  const to = (w >> 8) & 0xf8;
  if (imm) {
    getX(from);
    i64Const(<i64>imm);
    byte(I64_ADD);
    setX(to);
  } else if (hasWord(from)) {
    getW(from);
    setW(to);
  } else {
    const extended = isExtended(from);
    getX(from);
    setX(to);
    if (extended) markExtended(to);
  }
}

/** Whether `slli rd, rs, 32` at `offset` is followed by `srli rd, rd, n` with n at most 32. */
export function isUnsignedShift(w: u32, imm: u32, offset: i32): bool {
  if ((w & 0xff) != OP_SLLI || imm != 32) return false;
  const record = recordAt(offset + lengthOf(w));
  const next = load<u32>(record);
  const rd = (w >> 8) & 0xf8;
  if ((next & 0xff) != OP_SRLI || load<u32>(record, 4) > 32) return false;
  return ((next >> 16) & 0xf8) == rd && ((next >> 8) & 0xf8) == rd;
}

/** `slli rd, rs, 32; srli rd, rd, n`: the unsigned low half, shifted to its place. */
export function lowerUnsignedShift(w: u32, right: i32): void {
  getW((w >> 16) & 0xf8);
  byte(I64_EXTEND_I32_U);
  if (right < 32) {
    i64Const(<i64>(32 - right));
    byte(I64_SHL);
  }
  setX((w >> 8) & 0xf8);
}

const A: u32 = 0;
const B: u32 = 1;
const LOW_A: u32 = 2;
const LOW_B: u32 = 3;
const MIDDLE: u32 = 4;

function operands(w: u32): void {
  getX((w >> 16) & 0xf8);
  set(scratch(A));
  getX((w >> 24) & 0xf8);
  set(scratch(B));
}

function low(local: u32): void {
  get(scratch(local));
  i64Const(0xffff_ffff);
  byte(I64_AND);
}

function high(local: u32): void {
  get(scratch(local));
  i64Const(32);
  byte(I64_SHR_U);
}

/** Pushes bits 127–64 of the unsigned product of A and B, by halves. */
function highProduct(): void {
  high(A);
  low(B);
  tee(scratch(LOW_B));
  byte(I64_MUL);
  low(A);
  tee(scratch(LOW_A));
  get(scratch(LOW_B));
  byte(I64_MUL);
  i64Const(32);
  byte(I64_SHR_U);
  byte(I64_ADD);
  set(scratch(MIDDLE));
  high(A);
  high(B);
  byte(I64_MUL);
  high(MIDDLE);
  byte(I64_ADD);
  get(scratch(LOW_A));
  high(B);
  byte(I64_MUL);
  low(MIDDLE);
  byte(I64_ADD);
  i64Const(32);
  byte(I64_SHR_U);
  byte(I64_ADD);
}

/** Subtracts `other` from the product on the stack where `local` is negative. */
function correctSign(local: u32, other: u32): void {
  get(scratch(local));
  i64Const(63);
  byte(I64_SHR_S);
  get(scratch(other));
  byte(I64_AND);
  byte(I64_SUB);
}

/** mulhu, mulhsu or mulh by how many operands are signed. */
export function lowerHighProduct(w: u32, signed: u32): void {
  operands(w);
  highProduct();
  if (signed > 0) correctSign(A, B);
  if (signed > 1) correctSign(B, A);
  setX((w >> 8) & 0xf8);
}

/**
 * A division by anything but 0 and -1 is Wasm's own, which traps on those; they go to the core.
 *
 * @param op the record's opcode, for the core
 * @param opcode Wasm's division or remainder
 * @param word on 32 bits, result sign-extended
 */
export function lowerDivision(w: u32, op: u32, opcode: u32, word: bool): void {
  operands(w);
  get(scratch(B));
  if (word) {
    byte(I32_WRAP);
    i32Const(1);
    byte(I32_ADD);
    i32Const(1);
    byte(I32_GT_U);
  } else {
    i64Const(1);
    byte(I64_ADD);
    i64Const(1);
    byte(I64_GT_U);
  }
  likelyIf(word ? TYPE_I32 : TYPE_I64);
  get(scratch(A));
  if (word) byte(I32_WRAP);
  get(scratch(B));
  if (word) byte(I32_WRAP);
  byte(opcode);
  byte(ELSE);
  i32Const(<i32>op);
  get(scratch(A));
  get(scratch(B));
  call(F_PURE);
  if (word) byte(I32_WRAP);
  byte(END);
  if (word) setW((w >> 8) & 0xf8);
  else setX((w >> 8) & 0xf8);
}
