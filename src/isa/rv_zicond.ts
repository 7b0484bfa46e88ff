/** Zicond: conditional zeroing (unprivileged manual, chapter "Zicond"). */
import type { LongRow } from "./insn.ts";

// oxfmt-ignore
export const RV_ZICOND = [
  { name: "czero.eqz", bits: "0000111 ..... ..... 101 ..... 0110011", format: "R", sem: { fn: "CzeroEqz" }, hot: true },
  { name: "czero.nez", bits: "0000111 ..... ..... 111 ..... 0110011", format: "R", sem: { fn: "CzeroNez" }, hot: true },
] as const satisfies readonly LongRow[];
