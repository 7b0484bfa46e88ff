/** Zawrs: wait on a reservation set (unprivileged manual, chapter "Zawrs"). */
import type { LongRow } from "./insn.ts";

// oxfmt-ignore
export const RV_ZAWRS = [
  { name: "wrs.nto", bits: "000000001101 00000 000 00000 1110011", format: "none", sem: { slow: true } },
  { name: "wrs.sto", bits: "000000011101 00000 000 00000 1110011", format: "none", sem: { slow: true } },
] as const satisfies readonly LongRow[];
