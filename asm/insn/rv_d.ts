/** D: double-precision arithmetic, conversions and moves (unprivileged manual §21). */
import { classifyF64, eqF64, leF64, ltF64, maxF64, minF64 } from "../fp/compare";
import { addF64, divF64, mulF64, sqrtF64, subF64 } from "../fp/f64-arith";
import { fusedF64 } from "../fp/f64-fma-host";
import { SIGN_F64 } from "../fp/format";
import { integerToF64 } from "../fp/from-integer";
import { f32ToF64, f64ToF32 } from "../fp/narrow";
import { toI32, toI64, toU32, toU64 } from "../fp/to-integer";
import { fs1Of, fs2Of, fs3Of, rs1Of, setFd, setRd } from "../hart/operands";
import { finishD, finishS, finishX, fs1S, hostRounds, isPlainD } from "./fp-operands";

function wide1(hs: usize, w: u32): f64 {
  return reinterpret<f64>(fs1Of(hs, w));
}

export function execFaddD(hs: usize, w: u32, _imm: u32, rm: u32): void {
  const a = fs1Of(hs, w);
  const b = fs2Of(hs, w);
  if (hostRounds(hs, rm)) {
    const r = reinterpret<f64>(a) + reinterpret<f64>(b);
    // Sums are never both tiny and inexact, so that every finite one stands.
    if (abs(r) < Infinity) return finishD(hs, w, reinterpret<u64>(r));
  }
  finishD(hs, w, addF64(a, b, rm));
}

export function execFsubD(hs: usize, w: u32, _imm: u32, rm: u32): void {
  const a = fs1Of(hs, w);
  const b = fs2Of(hs, w);
  if (hostRounds(hs, rm)) {
    const r = reinterpret<f64>(a) - reinterpret<f64>(b);
    // Sums are never both tiny and inexact, so that every finite one stands.
    if (abs(r) < Infinity) return finishD(hs, w, reinterpret<u64>(r));
  }
  finishD(hs, w, subF64(a, b, rm));
}

export function execFmulD(hs: usize, w: u32, _imm: u32, rm: u32): void {
  const a = fs1Of(hs, w);
  const b = fs2Of(hs, w);
  if (hostRounds(hs, rm)) {
    const r = reinterpret<u64>(reinterpret<f64>(a) * reinterpret<f64>(b));
    if (isPlainD(r)) return finishD(hs, w, r);
  }
  finishD(hs, w, mulF64(a, b, rm));
}

export function execFdivD(hs: usize, w: u32, _imm: u32, rm: u32): void {
  const a = fs1Of(hs, w);
  const b = fs2Of(hs, w);
  if (hostRounds(hs, rm)) {
    const r = reinterpret<u64>(reinterpret<f64>(a) / reinterpret<f64>(b));
    if (isPlainD(r)) return finishD(hs, w, r);
  }
  finishD(hs, w, divF64(a, b, rm));
}

export function execFsqrtD(hs: usize, w: u32, _imm: u32, rm: u32): void {
  finishD(hs, w, sqrtF64(fs1Of(hs, w), rm));
}

/** Writes a × b + c, rounded once. */
function fuse(hs: usize, w: u32, a: u64, b: u64, c: u64, rm: u32): void {
  finishD(hs, w, fusedF64(a, b, c, rm));
}

/** rs1 × rs2 + rs3 */
export function execFmaddD(hs: usize, w: u32, imm: u32, rm: u32): void {
  fuse(hs, w, fs1Of(hs, w), fs2Of(hs, w), fs3Of(hs, imm), rm);
}

/** rs1 × rs2 − rs3 */
export function execFmsubD(hs: usize, w: u32, imm: u32, rm: u32): void {
  fuse(hs, w, fs1Of(hs, w), fs2Of(hs, w), fs3Of(hs, imm) ^ SIGN_F64, rm);
}

/** −(rs1 × rs2) + rs3 */
export function execFnmsubD(hs: usize, w: u32, imm: u32, rm: u32): void {
  fuse(hs, w, fs1Of(hs, w) ^ SIGN_F64, fs2Of(hs, w), fs3Of(hs, imm), rm);
}

/** −(rs1 × rs2) − rs3 */
export function execFnmaddD(hs: usize, w: u32, imm: u32, rm: u32): void {
  fuse(hs, w, fs1Of(hs, w) ^ SIGN_F64, fs2Of(hs, w), fs3Of(hs, imm) ^ SIGN_F64, rm);
}

export function execFsgnjD(hs: usize, w: u32, _imm: u32): void {
  finishD(hs, w, (fs1Of(hs, w) & ~SIGN_F64) | (fs2Of(hs, w) & SIGN_F64));
}

export function execFsgnjnD(hs: usize, w: u32, _imm: u32): void {
  finishD(hs, w, (fs1Of(hs, w) & ~SIGN_F64) | (~fs2Of(hs, w) & SIGN_F64));
}

export function execFsgnjxD(hs: usize, w: u32, _imm: u32): void {
  finishD(hs, w, fs1Of(hs, w) ^ (fs2Of(hs, w) & SIGN_F64));
}

export function execFminD(hs: usize, w: u32, _imm: u32): void {
  finishD(hs, w, minF64(fs1Of(hs, w), fs2Of(hs, w)));
}

export function execFmaxD(hs: usize, w: u32, _imm: u32): void {
  finishD(hs, w, maxF64(fs1Of(hs, w), fs2Of(hs, w)));
}

export function execFeqD(hs: usize, w: u32, _imm: u32): void {
  finishX(hs, w, u64(eqF64(fs1Of(hs, w), fs2Of(hs, w))));
}

export function execFltD(hs: usize, w: u32, _imm: u32): void {
  finishX(hs, w, u64(ltF64(fs1Of(hs, w), fs2Of(hs, w))));
}

export function execFleD(hs: usize, w: u32, _imm: u32): void {
  finishX(hs, w, u64(leF64(fs1Of(hs, w), fs2Of(hs, w))));
}

export function execFclassD(hs: usize, w: u32, _imm: u32): void {
  setRd(hs, w, classifyF64(fs1Of(hs, w)));
}

export function execFcvtWD(hs: usize, w: u32, _imm: u32, rm: u32): void {
  finishX(hs, w, toI32(wide1(hs, w), rm));
}

export function execFcvtWuD(hs: usize, w: u32, _imm: u32, rm: u32): void {
  finishX(hs, w, toU32(wide1(hs, w), rm));
}

export function execFcvtLD(hs: usize, w: u32, _imm: u32, rm: u32): void {
  finishX(hs, w, toI64(wide1(hs, w), rm));
}

export function execFcvtLuD(hs: usize, w: u32, _imm: u32, rm: u32): void {
  finishX(hs, w, toU64(wide1(hs, w), rm));
}

export function execFcvtDW(hs: usize, w: u32, _imm: u32, rm: u32): void {
  const v = i64(i32(rs1Of(hs, w)));
  finishD(hs, w, integerToF64(u64(v < 0), u64(abs<i64>(v)), rm));
}

export function execFcvtDWu(hs: usize, w: u32, _imm: u32, rm: u32): void {
  finishD(hs, w, integerToF64(0, u64(u32(rs1Of(hs, w))), rm));
}

export function execFcvtDL(hs: usize, w: u32, _imm: u32, rm: u32): void {
  const v = i64(rs1Of(hs, w));
  finishD(hs, w, integerToF64(u64(v < 0), u64(abs<i64>(v)), rm));
}

export function execFcvtDLu(hs: usize, w: u32, _imm: u32, rm: u32): void {
  finishD(hs, w, integerToF64(0, rs1Of(hs, w), rm));
}

export function execFcvtSD(hs: usize, w: u32, _imm: u32, rm: u32): void {
  finishS(hs, w, f64ToF32(fs1Of(hs, w), rm));
}

export function execFcvtDS(hs: usize, w: u32, _imm: u32, _rm: u32): void {
  finishD(hs, w, f32ToF64(fs1S(hs, w)));
}

export function execFmvXD(hs: usize, w: u32, _imm: u32): void {
  setRd(hs, w, fs1Of(hs, w));
}

export function execFmvDX(hs: usize, w: u32, _imm: u32): void {
  setFd(hs, w, rs1Of(hs, w));
}
