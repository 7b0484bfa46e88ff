/** Zba: address generation (unprivileged manual, chapter "B"). */
import type { LongRow } from "./insn.ts";

// oxfmt-ignore
export const RV_ZBA = [
  { name: "sh1add", bits: "0010000 ..... ..... 010 ..... 0110011", format: "R", sem: { fn: "Sh1add" }, hot: true },
  { name: "sh2add", bits: "0010000 ..... ..... 100 ..... 0110011", format: "R", sem: { fn: "Sh2add" }, hot: true },
  { name: "sh3add", bits: "0010000 ..... ..... 110 ..... 0110011", format: "R", sem: { fn: "Sh3add" }, hot: true },
  { name: "add.uw", bits: "0000100 ..... ..... 000 ..... 0111011", format: "R", sem: { fn: "AddUw" }, hot: true },
  { name: "sh1add.uw", bits: "0010000 ..... ..... 010 ..... 0111011", format: "R", sem: { fn: "Sh1addUw" }, hot: true },
  { name: "sh2add.uw", bits: "0010000 ..... ..... 100 ..... 0111011", format: "R", sem: { fn: "Sh2addUw" }, hot: true },
  { name: "sh3add.uw", bits: "0010000 ..... ..... 110 ..... 0111011", format: "R", sem: { fn: "Sh3addUw" }, hot: true },
  { name: "slli.uw", bits: "000010 ...... ..... 001 ..... 0011011", format: "I6", sem: { fn: "SlliUw" }, hot: true },
] as const satisfies readonly LongRow[];
