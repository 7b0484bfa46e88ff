/** Zbs: single-bit operations; the immediate forms share their function (unprivileged manual, chapter "B"). */
import type { LongRow } from "./insn.ts";

// oxfmt-ignore
export const RV_ZBS = [
  { name: "bclr", bits: "0100100 ..... ..... 001 ..... 0110011", format: "R", sem: { fn: "Bclr" }, hot: true },
  { name: "bclri", bits: "010010 ...... ..... 001 ..... 0010011", format: "I6", sem: { fn: "Bclr" }, hot: true },
  { name: "bext", bits: "0100100 ..... ..... 101 ..... 0110011", format: "R", sem: { fn: "Bext" }, hot: true },
  { name: "bexti", bits: "010010 ...... ..... 101 ..... 0010011", format: "I6", sem: { fn: "Bext" }, hot: true },
  { name: "binv", bits: "0110100 ..... ..... 001 ..... 0110011", format: "R", sem: { fn: "Binv" }, hot: true },
  { name: "binvi", bits: "011010 ...... ..... 001 ..... 0010011", format: "I6", sem: { fn: "Binv" }, hot: true },
  { name: "bset", bits: "0010100 ..... ..... 001 ..... 0110011", format: "R", sem: { fn: "Bset" }, hot: true },
  { name: "bseti", bits: "001010 ...... ..... 001 ..... 0010011", format: "I6", sem: { fn: "Bset" }, hot: true },
] as const satisfies readonly LongRow[];
