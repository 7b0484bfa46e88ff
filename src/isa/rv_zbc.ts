/** Zbc: carry-less multiplication (unprivileged manual, chapter "B"). */
import type { LongRow } from "./insn.ts";

// oxfmt-ignore
export const RV_ZBC = [
  { name: "clmul", bits: "0000101 ..... ..... 001 ..... 0110011", format: "R", sem: { slow: true } },
  { name: "clmulh", bits: "0000101 ..... ..... 011 ..... 0110011", format: "R", sem: { slow: true } },
  { name: "clmulr", bits: "0000101 ..... ..... 010 ..... 0110011", format: "R", sem: { slow: true } },
] as const satisfies readonly LongRow[];
