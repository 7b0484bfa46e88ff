/** Conversions of the record in float-value.ts. */
import { byte } from "../wasm/sink";
import {
  ELSE,
  END,
  F32_CONVERT_I32_S,
  F32_DEMOTE,
  F64_ABS,
  F64_CEIL,
  F64_CONVERT_I32_S,
  F64_FLOOR,
  F64_GE,
  F64_EQ,
  F64_LT,
  F64_NE,
  F64_NEAREST,
  F64_PROMOTE,
  F64_TRUNC,
  I32_AND,
  I32_EQZ,
  I32_OR,
  I32_SHR_U,
  I32_TRUNC_F64_S,
  I32_WRAP,
  I64_ADD,
  I64_EXTEND_I32_S,
  I64_EXTEND_I32_U,
  I64_LT_U,
  I64_TRUNC_F64_S,
  IF,
  TYPE_F64,
  TYPE_I64,
} from "../wasm/opcodes";
import { HART_JIT_FLOAT, HART_JIT_FLOAT_BOUND } from "../generated/layout";
import { RDN, RMM, RTZ, RUP } from "../fp/round";
import { f64Const, i32Const, i64Const, loadField } from "./code";
import { setResultX } from "./float-arithmetic";
import {
  andBoxed,
  box,
  orUnboxed,
  pushOperand,
  pushRegister,
  pushSlow,
  pushSlowF,
  pushUnusable,
  setResult,
  single,
  temporary,
  w,
} from "./float-value";
import { NARROWED, pushStands } from "./float-exact";
import { unlikelyIf } from "./hints";
import { get, getX, scratchF64, set, tee } from "./locals";
import { markFloatDirty } from "./lower-memory";
import { Site } from "./site";

/** STATE_DIRTY as a shift. */
const DIRTY_SHIFT: i32 = 1;

/** fcvt.s.d */
export function narrow(site: Site): bool {
  pushRegister(0);
  byte(F32_DEMOTE);
  tee(temporary());
  pushUnusable(true);
  unlikelyIf(TYPE_F64);
  pushStands(NARROWED);
  byte(IF);
  byte(TYPE_F64);
  get(temporary());
  box();
  byte(ELSE);
  pushSlowF();
  byte(END);
  byte(ELSE);
  get(temporary());
  box();
  byte(END);
  setResult();
  site.floatDirty = true;
  return true;
}

/** fcvt.d.s: exact, but for NaN, whose bits the host chooses. */
export function widen(site: Site): bool {
  pushOperand(0);
  byte(F64_PROMOTE);
  tee(scratchF64());
  get(scratchF64());
  byte(F64_NE);
  orUnboxed(1);
  unlikelyIf(TYPE_F64);
  pushSlowF();
  byte(ELSE);
  get(scratchF64());
  byte(END);
  setResult();
  markFloatDirty(site);
  return true;
}

/** Pushes the value to truncate: rounded first unless the mode is what truncation does. */
function pushRounded(rm: u32): void {
  pushOperand(0);
  if (single) byte(F64_PROMOTE);
  if (rm == RDN) byte(F64_FLOOR);
  else if (rm == RUP) byte(F64_CEIL);
  else if (rm != RTZ) byte(F64_NEAREST);
}

/** Pushes whether the value in `local` is NaN or may not fit. */
function pushOutOfRange(local: u32, word: bool, signed: bool): void {
  get(local);
  if (signed) {
    byte(F64_ABS);
    f64Const(word ? 2147483648.0 : 9223372036854775808.0);
    byte(F64_LT);
  } else {
    f64Const(0);
    byte(F64_GE);
    get(local);
    f64Const(word ? 4294967296.0 : 18446744073709551616.0);
    byte(F64_LT);
    byte(I32_AND);
  }
  byte(I32_EQZ);
}

/** To a word or doubleword. @returns false for rounding modes that the host lacks */
export function toInteger(word: bool, signed: bool, rm: u32): bool {
  if (rm == RMM) return false;
  const value = scratchF64();
  pushRounded(rm);
  set(value);
  pushOutOfRange(value, word, signed);
  loadField(HART_JIT_FLOAT_BOUND);
  byte(I32_EQZ);
  byte(I32_OR);
  orUnboxed(1);
  unlikelyIf(TYPE_I64);
  pushWhole(value, rm);
  pushOutOfRange(value, word, signed);
  byte(I32_EQZ);
  byte(I32_AND);
  andBoxed(1);
  byte(IF);
  byte(TYPE_I64);
  pushTruncated(value, word, signed);
  byte(ELSE);
  pushSlow();
  byte(END);
  byte(ELSE);
  pushTruncated(value, word, signed);
  byte(END);
  setResultX();
  return true;
}

/** Pushes whether the operand is the integer in `value`: converting it is exact. */
function pushWhole(value: u32, rm: u32): void {
  get(value);
  if (rm == RTZ) {
    get(value);
    byte(F64_TRUNC);
  } else {
    pushOperand(0);
    if (single) byte(F64_PROMOTE);
  }
  byte(F64_EQ);
}

function pushTruncated(value: u32, word: bool, signed: bool): void {
  get(value);
  byte((word ? I32_TRUNC_F64_S : I64_TRUNC_F64_S) + (signed ? 0 : 1));
  if (word) byte(I64_EXTEND_I32_S);
}

function convert(word: bool, signed: bool): void {
  getX((w >> 16) & 0xf8);
  if (word) byte(I32_WRAP);
  const first = single ? F32_CONVERT_I32_S : F64_CONVERT_I32_S;
  byte(first + (word ? 0 : 2) + (signed ? 0 : 1));
  if (single) box();
}

/** From a word or doubleword, to nearest even where that rounds at all. */
export function fromInteger(word: bool, signed: bool, site: Site): bool {
  if (word && !single) {
    convert(word, signed);
    setResult();
    markFloatDirty(site);
    return true;
  }
  loadField(HART_JIT_FLOAT_BOUND);
  byte(I32_EQZ);
  unlikelyIf(TYPE_F64);
  pushShort(word, signed);
  byte(IF);
  byte(TYPE_F64);
  convert(word, signed);
  byte(ELSE);
  pushSlowF();
  byte(END);
  byte(ELSE);
  convert(word, signed);
  byte(END);
  setResult();
  site.floatDirty = true;
  return true;
}

/** Pushes whether the integer fits the format's significand, and the state is dirty. */
function pushShort(word: bool, signed: bool): void {
  const limit: i64 = single ? 1 << 24 : 1 << 53;
  getX((w >> 16) & 0xf8);
  if (word) {
    byte(I32_WRAP);
    byte(signed ? I64_EXTEND_I32_S : I64_EXTEND_I32_U);
  }
  if (signed) {
    i64Const(limit);
    byte(I64_ADD);
  }
  i64Const(signed ? limit << 1 : limit);
  byte(I64_LT_U);
  loadField(HART_JIT_FLOAT);
  i32Const(DIRTY_SHIFT);
  byte(I32_SHR_U);
  byte(I32_AND);
}
