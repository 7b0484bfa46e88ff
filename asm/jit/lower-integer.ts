/** Multiplications' high halves and divisions: what Wasm has no one operation for. */
import { byte } from "../wasm/sink";
import {
  ELSE,
  END,
  I32_ADD,
  I32_GT_U,
  I32_WRAP,
  I64_ADD,
  I64_AND,
  I64_EXTEND_I32_S,
  I64_GT_U,
  I64_MUL,
  I64_SHR_S,
  I64_SHR_U,
  I64_SUB,
  TYPE_I64,
} from "../wasm/opcodes";
import { call, F_PURE, i32Const, i64Const } from "./code";
import { likelyIf } from "./hints";
import { get, getX, scratch, set, setX, tee } from "./locals";

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
  likelyIf(TYPE_I64);
  get(scratch(A));
  if (word) byte(I32_WRAP);
  get(scratch(B));
  if (word) byte(I32_WRAP);
  byte(opcode);
  if (word) byte(I64_EXTEND_I32_S);
  byte(ELSE);
  i32Const(<i32>op);
  get(scratch(A));
  get(scratch(B));
  call(F_PURE);
  byte(END);
  setX((w >> 8) & 0xf8);
}
