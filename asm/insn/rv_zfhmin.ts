/** Zfhmin: half-precision conversions and moves (unprivileged manual, Zfhmin). */
import { f16ToF32, f16ToF64, f32ToF16, f64ToF16 } from "../fp/narrow";
import { fs1Of, rs1Of, setFd, setRd } from "../hart/operands";
import { finishD, finishH, finishS, fs1H, fs1S } from "./fp-operands";

export function execFcvtSH(hs: usize, w: u32, _imm: u32, _rm: u32): void {
  finishS(hs, w, f16ToF32(fs1H(hs, w)));
}

export function execFcvtHS(hs: usize, w: u32, _imm: u32, rm: u32): void {
  finishH(hs, w, f32ToF16(fs1S(hs, w), rm));
}

export function execFcvtDH(hs: usize, w: u32, _imm: u32, _rm: u32): void {
  finishD(hs, w, f16ToF64(fs1H(hs, w)));
}

export function execFcvtHD(hs: usize, w: u32, _imm: u32, rm: u32): void {
  finishH(hs, w, f64ToF16(fs1Of(hs, w), rm));
}

/** The low 16 bits as they are, boxed or not, extended from bit 15. */
export function execFmvXH(hs: usize, w: u32, _imm: u32): void {
  setRd(hs, w, u64(i64(i16(fs1Of(hs, w)))));
}

export function execFmvHX(hs: usize, w: u32, _imm: u32): void {
  setFd(hs, w, 0xffff_ffff_ffff_0000 | rs1Of(hs, w));
}
