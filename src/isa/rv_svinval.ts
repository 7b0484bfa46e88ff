/** Svinval: fine-grained translation invalidation (privileged manual, chapter "Svinval"). */
import type { LongRow } from "./insn.ts";

// oxfmt-ignore
export const RV_SVINVAL = [
  { name: "sinval.vma", bits: "0001011 ..... ..... 000 00000 1110011", format: "sfence", sem: { slow: true } },
  { name: "sfence.w.inval", bits: "000110000000 00000 000 00000 1110011", format: "none", sem: { slow: true } },
  { name: "sfence.inval.ir", bits: "000110000001 00000 000 00000 1110011", format: "none", sem: { slow: true } },
] as const satisfies readonly LongRow[];
