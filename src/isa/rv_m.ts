/** M: multiplication and division (unprivileged manual, chapter "M"). */
import type { LongRow } from "./insn.ts";

// oxfmt-ignore
export const RV_M = [
  { name: "mul", bits: "0000001 ..... ..... 000 ..... 0110011", format: "R", sem: { wasm: "i64.mul" }, hot: true },
  { name: "mulh", bits: "0000001 ..... ..... 001 ..... 0110011", format: "R", sem: { fn: "Mulh" }, hot: true },
  { name: "mulhsu", bits: "0000001 ..... ..... 010 ..... 0110011", format: "R", sem: { fn: "Mulhsu" }, hot: true },
  { name: "mulhu", bits: "0000001 ..... ..... 011 ..... 0110011", format: "R", sem: { fn: "Mulhu" }, hot: true },
  { name: "div", bits: "0000001 ..... ..... 100 ..... 0110011", format: "R", sem: { fn: "Div" }, hot: true },
  { name: "divu", bits: "0000001 ..... ..... 101 ..... 0110011", format: "R", sem: { fn: "Divu" }, hot: true },
  { name: "rem", bits: "0000001 ..... ..... 110 ..... 0110011", format: "R", sem: { fn: "Rem" }, hot: true },
  { name: "remu", bits: "0000001 ..... ..... 111 ..... 0110011", format: "R", sem: { fn: "Remu" }, hot: true },
  { name: "mulw", bits: "0000001 ..... ..... 000 ..... 0111011", format: "R", sem: { wasm: "i32.mul", word: true }, hot: true },
  { name: "divw", bits: "0000001 ..... ..... 100 ..... 0111011", format: "R", sem: { fn: "Divw" }, hot: true },
  { name: "divuw", bits: "0000001 ..... ..... 101 ..... 0111011", format: "R", sem: { fn: "Divuw" }, hot: true },
  { name: "remw", bits: "0000001 ..... ..... 110 ..... 0111011", format: "R", sem: { fn: "Remw" }, hot: true },
  { name: "remuw", bits: "0000001 ..... ..... 111 ..... 0111011", format: "R", sem: { fn: "Remuw" }, hot: true },
] as const satisfies readonly LongRow[];
