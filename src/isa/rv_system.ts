/** Privileged instructions of M-mode and WFI (privileged manual §3.3). */
import type { LongRow } from "./insn.ts";

// oxfmt-ignore
export const RV_SYSTEM = [
  { name: "mret", bits: "001100000010 00000 000 00000 1110011", format: "none", sem: { slow: true } },
  { name: "wfi", bits: "000100000101 00000 000 00000 1110011", format: "none", sem: { slow: true } },
] as const satisfies readonly LongRow[];
