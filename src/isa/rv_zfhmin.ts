/** Zfhmin: half-precision moves and conversions (unprivileged manual, chapter "Zfh and Zfhmin"). */
import type { LongRow } from "./insn.ts";

const FP = { slow: true, fp: true } as const;
const FP_RM = { slow: true, fp: true, rm: true } as const;

// oxfmt-ignore
export const RV_ZFHMIN = [
  { name: "flh", bits: "............ ..... 001 ..... 0000111", format: "fL", sem: { fload: 2 }, hot: true },
  { name: "fsh", bits: "....... ..... ..... 001 ..... 0100111", format: "fS", sem: { fstore: 2 }, hot: true },
  { name: "fcvt.s.h", bits: "0100000 00010 ..... ... ..... 1010011", format: "ffm", sem: FP_RM },
  { name: "fcvt.h.s", bits: "0100010 00000 ..... ... ..... 1010011", format: "ffm", sem: FP_RM },
  { name: "fcvt.d.h", bits: "0100001 00010 ..... ... ..... 1010011", format: "ffm", sem: FP_RM },
  { name: "fcvt.h.d", bits: "0100010 00001 ..... ... ..... 1010011", format: "ffm", sem: FP_RM },
  { name: "fmv.x.h", bits: "1110010 00000 ..... 000 ..... 1010011", format: "xf", sem: FP },
  { name: "fmv.h.x", bits: "1111010 00000 ..... 000 ..... 1010011", format: "fx", sem: FP },
] as const satisfies readonly LongRow[];
