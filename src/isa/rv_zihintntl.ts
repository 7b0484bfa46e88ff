/** Zihintntl: non-temporal locality hints, which are ADD to x0 (unprivileged manual, chapter "Zihintntl"). */
import type { LongRow } from "./insn.ts";

// oxfmt-ignore
export const RV_ZIHINTNTL = [
  { name: "ntl.p1", bits: "0000000 00010 00000 000 00000 0110011", format: "none", sem: { nop: true }, within: "add" },
  { name: "ntl.pall", bits: "0000000 00011 00000 000 00000 0110011", format: "none", sem: { nop: true }, within: "add" },
  { name: "ntl.s1", bits: "0000000 00100 00000 000 00000 0110011", format: "none", sem: { nop: true }, within: "add" },
  { name: "ntl.all", bits: "0000000 00101 00000 000 00000 0110011", format: "none", sem: { nop: true }, within: "add" },
] as const satisfies readonly LongRow[];
