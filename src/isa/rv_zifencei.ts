/** Zifencei: the instruction-fetch fence; its other fields are ignored (unprivileged manual, chapter "Zifencei"). */
import type { LongRow } from "./insn.ts";

// oxfmt-ignore
export const RV_ZIFENCEI = [
  { name: "fence.i", bits: "............ ..... 001 ..... 0001111", format: "none", sem: { slow: true } },
] as const satisfies readonly LongRow[];
