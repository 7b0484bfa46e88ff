/** Zcd: compressed loads and stores of doubles (unprivileged manual, chapter "C"). */
import type { ShortRow } from "./insn.ts";

// oxfmt-ignore
export const RV_C_D = [
  { name: "c.fld", bits: "001 ... ... .. ... 00", format: "CL_fld", expand: "fld" },
  { name: "c.fsd", bits: "101 ... ... .. ... 00", format: "CS_fsd", expand: "fsd" },
  { name: "c.fldsp", bits: "001 . ..... ..... 10", format: "CI_fldsp", expand: "fld" },
  { name: "c.fsdsp", bits: "101 ...... ..... 10", format: "CSS_fsdsp", expand: "fsd" },
] as const satisfies readonly ShortRow[];
