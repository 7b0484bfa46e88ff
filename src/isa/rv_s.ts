/** Privileged instructions of S-mode (privileged manual, chapter "Supervisor-Level ISA"). */
import type { LongRow } from "./insn.ts";

// oxfmt-ignore
export const RV_S = [
  { name: "sret", bits: "000100000010 00000 000 00000 1110011", format: "none", sem: { slow: true } },
  { name: "sfence.vma", bits: "0001001 ..... ..... 000 00000 1110011", format: "sfence", sem: { slow: true } },
] as const satisfies readonly LongRow[];
