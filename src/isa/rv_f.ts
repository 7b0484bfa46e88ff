/** F: single-precision floating point (unprivileged manual, chapter "F"). */
import type { LongRow } from "./insn.ts";

const FP = { slow: true, fp: true } as const;
const FP_RM = { slow: true, fp: true, rm: true } as const;

// oxfmt-ignore
export const RV_F = [
  { name: "flw", bits: "............ ..... 010 ..... 0000111", format: "fL", sem: { fload: 4 }, hot: true },
  { name: "fsw", bits: "....... ..... ..... 010 ..... 0100111", format: "fS", sem: { fstore: 4 }, hot: true },
  { name: "fmadd.s", bits: "..... 00 ..... ..... ... ..... 1000011", format: "ffffm", sem: FP_RM },
  { name: "fmsub.s", bits: "..... 00 ..... ..... ... ..... 1000111", format: "ffffm", sem: FP_RM },
  { name: "fnmsub.s", bits: "..... 00 ..... ..... ... ..... 1001011", format: "ffffm", sem: FP_RM },
  { name: "fnmadd.s", bits: "..... 00 ..... ..... ... ..... 1001111", format: "ffffm", sem: FP_RM },
  { name: "fadd.s", bits: "0000000 ..... ..... ... ..... 1010011", format: "fffm", sem: FP_RM },
  { name: "fsub.s", bits: "0000100 ..... ..... ... ..... 1010011", format: "fffm", sem: FP_RM },
  { name: "fmul.s", bits: "0001000 ..... ..... ... ..... 1010011", format: "fffm", sem: FP_RM },
  { name: "fdiv.s", bits: "0001100 ..... ..... ... ..... 1010011", format: "fffm", sem: FP_RM },
  { name: "fsqrt.s", bits: "0101100 00000 ..... ... ..... 1010011", format: "ffm", sem: FP_RM },
  { name: "fsgnj.s", bits: "0010000 ..... ..... 000 ..... 1010011", format: "fff", sem: FP },
  { name: "fsgnjn.s", bits: "0010000 ..... ..... 001 ..... 1010011", format: "fff", sem: FP },
  { name: "fsgnjx.s", bits: "0010000 ..... ..... 010 ..... 1010011", format: "fff", sem: FP },
  { name: "fmin.s", bits: "0010100 ..... ..... 000 ..... 1010011", format: "fff", sem: FP },
  { name: "fmax.s", bits: "0010100 ..... ..... 001 ..... 1010011", format: "fff", sem: FP },
  { name: "feq.s", bits: "1010000 ..... ..... 010 ..... 1010011", format: "xff", sem: FP },
  { name: "flt.s", bits: "1010000 ..... ..... 001 ..... 1010011", format: "xff", sem: FP },
  { name: "fle.s", bits: "1010000 ..... ..... 000 ..... 1010011", format: "xff", sem: FP },
  { name: "fclass.s", bits: "1110000 00000 ..... 001 ..... 1010011", format: "xf", sem: FP },
  { name: "fcvt.w.s", bits: "1100000 00000 ..... ... ..... 1010011", format: "xfm", sem: FP_RM },
  { name: "fcvt.wu.s", bits: "1100000 00001 ..... ... ..... 1010011", format: "xfm", sem: FP_RM },
  { name: "fcvt.l.s", bits: "1100000 00010 ..... ... ..... 1010011", format: "xfm", sem: FP_RM },
  { name: "fcvt.lu.s", bits: "1100000 00011 ..... ... ..... 1010011", format: "xfm", sem: FP_RM },
  { name: "fcvt.s.w", bits: "1101000 00000 ..... ... ..... 1010011", format: "fxm", sem: FP_RM },
  { name: "fcvt.s.wu", bits: "1101000 00001 ..... ... ..... 1010011", format: "fxm", sem: FP_RM },
  { name: "fcvt.s.l", bits: "1101000 00010 ..... ... ..... 1010011", format: "fxm", sem: FP_RM },
  { name: "fcvt.s.lu", bits: "1101000 00011 ..... ... ..... 1010011", format: "fxm", sem: FP_RM },
  { name: "fmv.x.w", bits: "1110000 00000 ..... 000 ..... 1010011", format: "xf", sem: FP },
  { name: "fmv.w.x", bits: "1111000 00000 ..... 000 ..... 1010011", format: "fx", sem: FP },
] as const satisfies readonly LongRow[];
