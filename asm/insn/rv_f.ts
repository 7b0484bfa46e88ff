/** F: single-precision arithmetic, conversions and moves (unprivileged manual §20). */
import { classifyF32, eqF32, leF32, ltF32, maxF32, minF32 } from "../fp/compare";
import { addF32, divF32, fmaF32, mulF32, sqrtF32, subF32 } from "../fp/f32-arith";
import { SIGN_F32 } from "../fp/format";
import { integerToF32 } from "../fp/from-integer";
import { toI32, toI64, toU32, toU64 } from "../fp/to-integer";
import { rs1Of, fs1Of, setFd, setRd } from "../hart/operands";
import { finishS, finishX, fs1S, fs2S, fs3S, hostRounds, isPlainS } from "./fp-operands";

/** rs1 as an f64 of the same value: the conversions to integers have one source. */
function wide1(hs: usize, w: u32): f64 {
  return f64(reinterpret<f32>(fs1S(hs, w)));
}

export function execFaddS(hs: usize, w: u32, _imm: u32, rm: u32): void {
  const a = fs1S(hs, w);
  const b = fs2S(hs, w);
  if (hostRounds(hs, rm)) {
    const r = reinterpret<f32>(a) + reinterpret<f32>(b);
    // Sums are never both tiny and inexact, so that every finite one stands.
    if (abs(r) < Infinity) return finishS(hs, w, reinterpret<u32>(r));
  }
  finishS(hs, w, addF32(a, b, rm));
}

export function execFsubS(hs: usize, w: u32, _imm: u32, rm: u32): void {
  const a = fs1S(hs, w);
  const b = fs2S(hs, w);
  if (hostRounds(hs, rm)) {
    const r = reinterpret<f32>(a) - reinterpret<f32>(b);
    // Sums are never both tiny and inexact, so that every finite one stands.
    if (abs(r) < Infinity) return finishS(hs, w, reinterpret<u32>(r));
  }
  finishS(hs, w, subF32(a, b, rm));
}

export function execFmulS(hs: usize, w: u32, _imm: u32, rm: u32): void {
  const a = fs1S(hs, w);
  const b = fs2S(hs, w);
  if (hostRounds(hs, rm)) {
    const r = reinterpret<u32>(reinterpret<f32>(a) * reinterpret<f32>(b));
    if (isPlainS(r)) return finishS(hs, w, r);
  }
  finishS(hs, w, mulF32(a, b, rm));
}

export function execFdivS(hs: usize, w: u32, _imm: u32, rm: u32): void {
  const a = fs1S(hs, w);
  const b = fs2S(hs, w);
  if (hostRounds(hs, rm)) {
    const r = reinterpret<u32>(reinterpret<f32>(a) / reinterpret<f32>(b));
    if (isPlainS(r)) return finishS(hs, w, r);
  }
  finishS(hs, w, divF32(a, b, rm));
}

export function execFsqrtS(hs: usize, w: u32, _imm: u32, rm: u32): void {
  finishS(hs, w, sqrtF32(fs1S(hs, w), rm));
}

/** rs1 × rs2 + rs3 */
export function execFmaddS(hs: usize, w: u32, imm: u32, rm: u32): void {
  finishS(hs, w, fmaF32(fs1S(hs, w), fs2S(hs, w), fs3S(hs, imm), rm));
}

/** rs1 × rs2 − rs3 */
export function execFmsubS(hs: usize, w: u32, imm: u32, rm: u32): void {
  finishS(hs, w, fmaF32(fs1S(hs, w), fs2S(hs, w), fs3S(hs, imm) ^ SIGN_F32, rm));
}

/** −(rs1 × rs2) + rs3 */
export function execFnmsubS(hs: usize, w: u32, imm: u32, rm: u32): void {
  finishS(hs, w, fmaF32(fs1S(hs, w) ^ SIGN_F32, fs2S(hs, w), fs3S(hs, imm), rm));
}

/** −(rs1 × rs2) − rs3 */
export function execFnmaddS(hs: usize, w: u32, imm: u32, rm: u32): void {
  finishS(hs, w, fmaF32(fs1S(hs, w) ^ SIGN_F32, fs2S(hs, w), fs3S(hs, imm) ^ SIGN_F32, rm));
}

export function execFsgnjS(hs: usize, w: u32, _imm: u32): void {
  finishS(hs, w, (fs1S(hs, w) & ~SIGN_F32) | (fs2S(hs, w) & SIGN_F32));
}

export function execFsgnjnS(hs: usize, w: u32, _imm: u32): void {
  finishS(hs, w, (fs1S(hs, w) & ~SIGN_F32) | (~fs2S(hs, w) & SIGN_F32));
}

export function execFsgnjxS(hs: usize, w: u32, _imm: u32): void {
  finishS(hs, w, fs1S(hs, w) ^ (fs2S(hs, w) & SIGN_F32));
}

export function execFminS(hs: usize, w: u32, _imm: u32): void {
  finishS(hs, w, minF32(fs1S(hs, w), fs2S(hs, w)));
}

export function execFmaxS(hs: usize, w: u32, _imm: u32): void {
  finishS(hs, w, maxF32(fs1S(hs, w), fs2S(hs, w)));
}

export function execFeqS(hs: usize, w: u32, _imm: u32): void {
  finishX(hs, w, u64(eqF32(fs1S(hs, w), fs2S(hs, w))));
}

export function execFltS(hs: usize, w: u32, _imm: u32): void {
  finishX(hs, w, u64(ltF32(fs1S(hs, w), fs2S(hs, w))));
}

export function execFleS(hs: usize, w: u32, _imm: u32): void {
  finishX(hs, w, u64(leF32(fs1S(hs, w), fs2S(hs, w))));
}

export function execFclassS(hs: usize, w: u32, _imm: u32): void {
  setRd(hs, w, classifyF32(fs1S(hs, w)));
}

export function execFcvtWS(hs: usize, w: u32, _imm: u32, rm: u32): void {
  finishX(hs, w, toI32(wide1(hs, w), rm));
}

export function execFcvtWuS(hs: usize, w: u32, _imm: u32, rm: u32): void {
  finishX(hs, w, toU32(wide1(hs, w), rm));
}

export function execFcvtLS(hs: usize, w: u32, _imm: u32, rm: u32): void {
  finishX(hs, w, toI64(wide1(hs, w), rm));
}

export function execFcvtLuS(hs: usize, w: u32, _imm: u32, rm: u32): void {
  finishX(hs, w, toU64(wide1(hs, w), rm));
}

export function execFcvtSW(hs: usize, w: u32, _imm: u32, rm: u32): void {
  const v = i64(i32(rs1Of(hs, w)));
  finishS(hs, w, integerToF32(u64(v < 0), u64(abs<i64>(v)), rm));
}

export function execFcvtSWu(hs: usize, w: u32, _imm: u32, rm: u32): void {
  finishS(hs, w, integerToF32(0, u64(u32(rs1Of(hs, w))), rm));
}

export function execFcvtSL(hs: usize, w: u32, _imm: u32, rm: u32): void {
  const v = i64(rs1Of(hs, w));
  finishS(hs, w, integerToF32(u64(v < 0), u64(abs<i64>(v)), rm));
}

export function execFcvtSLu(hs: usize, w: u32, _imm: u32, rm: u32): void {
  finishS(hs, w, integerToF32(0, rs1Of(hs, w), rm));
}

/** The low word as it is, boxed or not, extended from bit 31. */
export function execFmvXW(hs: usize, w: u32, _imm: u32): void {
  setRd(hs, w, u64(i64(i32(fs1Of(hs, w)))));
}

export function execFmvWX(hs: usize, w: u32, _imm: u32): void {
  setFd(hs, w, 0xffff_ffff_0000_0000 | rs1Of(hs, w));
}
