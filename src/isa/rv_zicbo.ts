/** Zicbom, Zicboz and Zicbop: cache-block operations; prefetches are ORI hints (unprivileged manual, chapter "CMO"). */
import type { LongRow } from "./insn.ts";

// oxfmt-ignore
export const RV_ZICBO = [
  { name: "cbo.inval", bits: "000000000000 ..... 010 00000 0001111", format: "cbo", sem: { slow: true } },
  { name: "cbo.clean", bits: "000000000001 ..... 010 00000 0001111", format: "cbo", sem: { slow: true } },
  { name: "cbo.flush", bits: "000000000010 ..... 010 00000 0001111", format: "cbo", sem: { slow: true } },
  { name: "cbo.zero", bits: "000000000100 ..... 010 00000 0001111", format: "cbo", sem: { slow: true } },
  { name: "prefetch.i", bits: "....... 00000 ..... 110 00000 0010011", format: "prefetch", sem: { nop: true }, within: "ori" },
  { name: "prefetch.r", bits: "....... 00001 ..... 110 00000 0010011", format: "prefetch", sem: { nop: true }, within: "ori" },
  { name: "prefetch.w", bits: "....... 00011 ..... 110 00000 0010011", format: "prefetch", sem: { nop: true }, within: "ori" },
] as const satisfies readonly LongRow[];
