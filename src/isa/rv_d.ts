/** D: double-precision floating point (unprivileged manual, chapter "D"). */
import type { LongRow } from "./insn.ts";

const FP = { slow: true, fp: true } as const;
const FP_RM = { slow: true, fp: true, rm: true } as const;

// oxfmt-ignore
export const RV_D = [
  { name: "fld", bits: "............ ..... 011 ..... 0000111", format: "fL", sem: { fload: 8 }, hot: true },
  { name: "fsd", bits: "....... ..... ..... 011 ..... 0100111", format: "fS", sem: { fstore: 8 }, hot: true },
  { name: "fmadd.d", bits: "..... 01 ..... ..... ... ..... 1000011", format: "ffffm", sem: FP_RM },
  { name: "fmsub.d", bits: "..... 01 ..... ..... ... ..... 1000111", format: "ffffm", sem: FP_RM },
  { name: "fnmsub.d", bits: "..... 01 ..... ..... ... ..... 1001011", format: "ffffm", sem: FP_RM },
  { name: "fnmadd.d", bits: "..... 01 ..... ..... ... ..... 1001111", format: "ffffm", sem: FP_RM },
  { name: "fadd.d", bits: "0000001 ..... ..... ... ..... 1010011", format: "fffm", sem: FP_RM },
  { name: "fsub.d", bits: "0000101 ..... ..... ... ..... 1010011", format: "fffm", sem: FP_RM },
  { name: "fmul.d", bits: "0001001 ..... ..... ... ..... 1010011", format: "fffm", sem: FP_RM },
  { name: "fdiv.d", bits: "0001101 ..... ..... ... ..... 1010011", format: "fffm", sem: FP_RM },
  { name: "fsqrt.d", bits: "0101101 00000 ..... ... ..... 1010011", format: "ffm", sem: FP_RM },
  { name: "fsgnj.d", bits: "0010001 ..... ..... 000 ..... 1010011", format: "fff", sem: FP },
  { name: "fsgnjn.d", bits: "0010001 ..... ..... 001 ..... 1010011", format: "fff", sem: FP },
  { name: "fsgnjx.d", bits: "0010001 ..... ..... 010 ..... 1010011", format: "fff", sem: FP },
  { name: "fmin.d", bits: "0010101 ..... ..... 000 ..... 1010011", format: "fff", sem: FP },
  { name: "fmax.d", bits: "0010101 ..... ..... 001 ..... 1010011", format: "fff", sem: FP },
  { name: "fcvt.s.d", bits: "0100000 00001 ..... ... ..... 1010011", format: "ffm", sem: FP_RM },
  { name: "fcvt.d.s", bits: "0100001 00000 ..... ... ..... 1010011", format: "ffm", sem: FP_RM },
  { name: "feq.d", bits: "1010001 ..... ..... 010 ..... 1010011", format: "xff", sem: FP },
  { name: "flt.d", bits: "1010001 ..... ..... 001 ..... 1010011", format: "xff", sem: FP },
  { name: "fle.d", bits: "1010001 ..... ..... 000 ..... 1010011", format: "xff", sem: FP },
  { name: "fclass.d", bits: "1110001 00000 ..... 001 ..... 1010011", format: "xf", sem: FP },
  { name: "fcvt.w.d", bits: "1100001 00000 ..... ... ..... 1010011", format: "xfm", sem: FP_RM },
  { name: "fcvt.wu.d", bits: "1100001 00001 ..... ... ..... 1010011", format: "xfm", sem: FP_RM },
  { name: "fcvt.l.d", bits: "1100001 00010 ..... ... ..... 1010011", format: "xfm", sem: FP_RM },
  { name: "fcvt.lu.d", bits: "1100001 00011 ..... ... ..... 1010011", format: "xfm", sem: FP_RM },
  { name: "fcvt.d.w", bits: "1101001 00000 ..... ... ..... 1010011", format: "fxm", sem: FP_RM },
  { name: "fcvt.d.wu", bits: "1101001 00001 ..... ... ..... 1010011", format: "fxm", sem: FP_RM },
  { name: "fcvt.d.l", bits: "1101001 00010 ..... ... ..... 1010011", format: "fxm", sem: FP_RM },
  { name: "fcvt.d.lu", bits: "1101001 00011 ..... ... ..... 1010011", format: "fxm", sem: FP_RM },
  { name: "fmv.x.d", bits: "1110001 00000 ..... 000 ..... 1010011", format: "xf", sem: FP },
  { name: "fmv.d.x", bits: "1111001 00000 ..... 000 ..... 1010011", format: "fx", sem: FP },
] as const satisfies readonly LongRow[];
