/** Zfa: additional floating point; its half-precision forms belong to Zfh (unprivileged manual, chapter "Zfa"). */
import type { LongRow } from "./insn.ts";

const FP = { slow: true, fp: true } as const;
const FP_RM = { slow: true, fp: true, rm: true } as const;

// oxfmt-ignore
export const RV_ZFA = [
  { name: "fli.s", bits: "1111000 00001 ..... 000 ..... 1010011", format: "fli", sem: FP },
  { name: "fminm.s", bits: "0010100 ..... ..... 010 ..... 1010011", format: "fff", sem: FP },
  { name: "fmaxm.s", bits: "0010100 ..... ..... 011 ..... 1010011", format: "fff", sem: FP },
  { name: "fround.s", bits: "0100000 00100 ..... ... ..... 1010011", format: "ffm", sem: FP_RM },
  { name: "froundnx.s", bits: "0100000 00101 ..... ... ..... 1010011", format: "ffm", sem: FP_RM },
  { name: "fleq.s", bits: "1010000 ..... ..... 100 ..... 1010011", format: "xff", sem: FP },
  { name: "fltq.s", bits: "1010000 ..... ..... 101 ..... 1010011", format: "xff", sem: FP },
  { name: "fli.d", bits: "1111001 00001 ..... 000 ..... 1010011", format: "fli", sem: FP },
  { name: "fminm.d", bits: "0010101 ..... ..... 010 ..... 1010011", format: "fff", sem: FP },
  { name: "fmaxm.d", bits: "0010101 ..... ..... 011 ..... 1010011", format: "fff", sem: FP },
  { name: "fround.d", bits: "0100001 00100 ..... ... ..... 1010011", format: "ffm", sem: FP_RM },
  { name: "froundnx.d", bits: "0100001 00101 ..... ... ..... 1010011", format: "ffm", sem: FP_RM },
  { name: "fcvtmod.w.d", bits: "1100001 01000 ..... 001 ..... 1010011", format: "xfz", sem: FP },
  { name: "fleq.d", bits: "1010001 ..... ..... 100 ..... 1010011", format: "xff", sem: FP },
  { name: "fltq.d", bits: "1010001 ..... ..... 101 ..... 1010011", format: "xff", sem: FP },
] as const satisfies readonly LongRow[];
