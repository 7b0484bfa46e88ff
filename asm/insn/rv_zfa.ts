/**
 * Zfa: additional floating-point instructions (unprivileged manual, Zfa). Its half-precision forms
 * need Zfh or Zvfh; the moves of register halves are RV32's.
 */
import {
  leQuietF32,
  leQuietF64,
  ltQuietF32,
  ltQuietF64,
  maximumF32,
  maximumF64,
  minimumF32,
  minimumF64,
} from "../fp/compare";
import { NX } from "../fp/flags";
import { roundF32, roundF64, toI32Modular } from "../fp/to-integer";
import { fs1Of, fs2Of, setFd } from "../hart/operands";
import { finishD, finishS, finishX, fs1S, fs2S } from "./fp-operands";

/** Values of fli as f32; entry 1 stands for the least positive normal number of the format. */
// oxfmt-ignore
const FLI_VALUES: usize = memory.data<u32>([
  0xbf800000, 0x00800000, 0x37800000, 0x38000000, 0x3b800000, 0x3c000000, 0x3d800000, 0x3e000000,
  0x3e800000, 0x3ea00000, 0x3ec00000, 0x3ee00000, 0x3f000000, 0x3f200000, 0x3f400000, 0x3f600000,
  0x3f800000, 0x3fa00000, 0x3fc00000, 0x3fe00000, 0x40000000, 0x40200000, 0x40400000, 0x40800000,
  0x41000000, 0x41800000, 0x43000000, 0x43800000, 0x47000000, 0x47800000, 0x7f800000, 0x7fc00000,
]);

const FLI_MIN_NORMAL: u32 = 1;
const FLI_NAN: u32 = 31;

/** The rs1 field, which fli takes as the index of a constant. */
function fliIndex(w: u32): u32 {
  return (w >> 19) & 31;
}

function fliF32(index: u32): u32 {
  return load<u32>(FLI_VALUES + (usize(index) << 2));
}

export function execFliS(hs: usize, w: u32, _imm: u32): void {
  finishS(hs, w, fliF32(fliIndex(w)));
}

export function execFliD(hs: usize, w: u32, _imm: u32): void {
  const index = fliIndex(w);
  let value = reinterpret<u64>(f64(reinterpret<f32>(fliF32(index))));
  if (index == FLI_MIN_NORMAL) value = 0x0010_0000_0000_0000;
  // The host chooses a NaN's bits when it widens one.
  if (index == FLI_NAN) value = 0x7ff8_0000_0000_0000;
  setFd(hs, w, value);
}

export function execFminmS(hs: usize, w: u32, _imm: u32): void {
  finishS(hs, w, minimumF32(fs1S(hs, w), fs2S(hs, w)));
}

export function execFmaxmS(hs: usize, w: u32, _imm: u32): void {
  finishS(hs, w, maximumF32(fs1S(hs, w), fs2S(hs, w)));
}

export function execFminmD(hs: usize, w: u32, _imm: u32): void {
  finishD(hs, w, minimumF64(fs1Of(hs, w), fs2Of(hs, w)));
}

export function execFmaxmD(hs: usize, w: u32, _imm: u32): void {
  finishD(hs, w, maximumF64(fs1Of(hs, w), fs2Of(hs, w)));
}

export function execFroundS(hs: usize, w: u32, _imm: u32, rm: u32): void {
  finishS(hs, w, roundF32(fs1S(hs, w), rm, 0));
}

export function execFroundnxS(hs: usize, w: u32, _imm: u32, rm: u32): void {
  finishS(hs, w, roundF32(fs1S(hs, w), rm, NX));
}

export function execFroundD(hs: usize, w: u32, _imm: u32, rm: u32): void {
  finishD(hs, w, roundF64(fs1Of(hs, w), rm, 0));
}

export function execFroundnxD(hs: usize, w: u32, _imm: u32, rm: u32): void {
  finishD(hs, w, roundF64(fs1Of(hs, w), rm, NX));
}

export function execFcvtmodWD(hs: usize, w: u32, _imm: u32): void {
  finishX(hs, w, toI32Modular(fs1Of(hs, w)));
}

export function execFleqS(hs: usize, w: u32, _imm: u32): void {
  finishX(hs, w, u64(leQuietF32(fs1S(hs, w), fs2S(hs, w))));
}

export function execFltqS(hs: usize, w: u32, _imm: u32): void {
  finishX(hs, w, u64(ltQuietF32(fs1S(hs, w), fs2S(hs, w))));
}

export function execFleqD(hs: usize, w: u32, _imm: u32): void {
  finishX(hs, w, u64(leQuietF64(fs1Of(hs, w), fs2Of(hs, w))));
}

export function execFltqD(hs: usize, w: u32, _imm: u32): void {
  finishX(hs, w, u64(ltQuietF64(fs1Of(hs, w), fs2Of(hs, w))));
}
