/** Zbb: basic bit manipulation (unprivileged manual, chapter "B"). */
import type { LongRow } from "./insn.ts";

// oxfmt-ignore
export const RV_ZBB = [
  { name: "andn", bits: "0100000 ..... ..... 111 ..... 0110011", format: "R", sem: { fn: "Andn" }, hot: true },
  { name: "orn", bits: "0100000 ..... ..... 110 ..... 0110011", format: "R", sem: { fn: "Orn" }, hot: true },
  { name: "xnor", bits: "0100000 ..... ..... 100 ..... 0110011", format: "R", sem: { fn: "Xnor" }, hot: true },
  { name: "clz", bits: "011000000000 ..... 001 ..... 0010011", format: "R1", sem: { wasm: "i64.clz" }, hot: true },
  { name: "clzw", bits: "011000000000 ..... 001 ..... 0011011", format: "R1", sem: { wasm: "i32.clz", word: true }, hot: true },
  { name: "ctz", bits: "011000000001 ..... 001 ..... 0010011", format: "R1", sem: { wasm: "i64.ctz" }, hot: true },
  { name: "ctzw", bits: "011000000001 ..... 001 ..... 0011011", format: "R1", sem: { wasm: "i32.ctz", word: true }, hot: true },
  { name: "cpop", bits: "011000000010 ..... 001 ..... 0010011", format: "R1", sem: { wasm: "i64.popcnt" }, hot: true },
  { name: "cpopw", bits: "011000000010 ..... 001 ..... 0011011", format: "R1", sem: { wasm: "i32.popcnt", word: true }, hot: true },
  { name: "max", bits: "0000101 ..... ..... 110 ..... 0110011", format: "R", sem: { fn: "Max" }, hot: true },
  { name: "maxu", bits: "0000101 ..... ..... 111 ..... 0110011", format: "R", sem: { fn: "Maxu" }, hot: true },
  { name: "min", bits: "0000101 ..... ..... 100 ..... 0110011", format: "R", sem: { fn: "Min" }, hot: true },
  { name: "minu", bits: "0000101 ..... ..... 101 ..... 0110011", format: "R", sem: { fn: "Minu" }, hot: true },
  { name: "sext.b", bits: "011000000100 ..... 001 ..... 0010011", format: "R1", sem: { wasm: "i64.extend8_s" }, hot: true },
  { name: "sext.h", bits: "011000000101 ..... 001 ..... 0010011", format: "R1", sem: { wasm: "i64.extend16_s" }, hot: true },
  { name: "zext.h", bits: "000010000000 ..... 100 ..... 0111011", format: "R1", sem: { fn: "ZextH" }, hot: true },
  { name: "rol", bits: "0110000 ..... ..... 001 ..... 0110011", format: "R", sem: { wasm: "i64.rotl" }, hot: true },
  { name: "rolw", bits: "0110000 ..... ..... 001 ..... 0111011", format: "R", sem: { wasm: "i32.rotl", word: true }, hot: true },
  { name: "ror", bits: "0110000 ..... ..... 101 ..... 0110011", format: "R", sem: { wasm: "i64.rotr" }, hot: true },
  { name: "rori", bits: "011000 ...... ..... 101 ..... 0010011", format: "I6", sem: { wasm: "i64.rotr" }, hot: true },
  { name: "roriw", bits: "0110000 ..... ..... 101 ..... 0011011", format: "I5", sem: { wasm: "i32.rotr", word: true }, hot: true },
  { name: "rorw", bits: "0110000 ..... ..... 101 ..... 0111011", format: "R", sem: { wasm: "i32.rotr", word: true }, hot: true },
  { name: "orc.b", bits: "001010000111 ..... 101 ..... 0010011", format: "R1", sem: { fn: "OrcB" }, hot: true },
  { name: "rev8", bits: "011010111000 ..... 101 ..... 0010011", format: "R1", sem: { fn: "Rev8" }, hot: true },
] as const satisfies readonly LongRow[];
