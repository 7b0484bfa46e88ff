/** Conversions of the record in float-value.ts. */
import { byte, eightBytes } from "../wasm/sink";
import {
  ELSE,
  END,
  F32_CONVERT_I32_S,
  F32_DEMOTE,
  F64_ABS,
  F64_CEIL,
  F64_CONST,
  F64_CONVERT_I32_S,
  F64_FLOOR,
  F64_GE,
  F64_LT,
  F64_NE,
  F64_NEAREST,
  F64_PROMOTE,
  I32_AND,
  I32_EQZ,
  I32_OR,
  I32_TRUNC_F64_S,
  I32_WRAP,
  I64_EXTEND_I32_S,
  I64_TRUNC_F64_S,
  TYPE_F64,
  TYPE_I64,
} from "../wasm/opcodes";
import { RDN, RMM, RTZ, RUP } from "../fp/round";
import { setResultX } from "./float-arithmetic";
import {
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
import { unlikelyIf } from "./hints";
import { floatBound, get, getX, scratchF64, set, tee } from "./locals";
import { markFloatDirty, Site } from "./lower-memory";

function f64Const(value: f64): void {
  byte(F64_CONST);
  eightBytes(reinterpret<u64>(value));
}

/** fcvt.s.d */
export function narrow(site: Site): bool {
  pushRegister(0);
  byte(F32_DEMOTE);
  tee(temporary());
  pushUnusable(true);
  unlikelyIf(TYPE_F64);
  pushSlowF();
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
  get(floatBound());
  byte(I32_EQZ);
  byte(I32_OR);
  orUnboxed(1);
  unlikelyIf(TYPE_I64);
  pushSlow();
  byte(ELSE);
  get(value);
  byte((word ? I32_TRUNC_F64_S : I64_TRUNC_F64_S) + (signed ? 0 : 1));
  if (word) byte(I64_EXTEND_I32_S);
  byte(END);
  setResultX();
  return true;
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
  get(floatBound());
  byte(I32_EQZ);
  unlikelyIf(TYPE_F64);
  pushSlowF();
  byte(ELSE);
  convert(word, signed);
  byte(END);
  setResult();
  site.floatDirty = true;
  return true;
}
