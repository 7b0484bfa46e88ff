/** Zacas: atomic compare-and-swap; the pairs of .q are even-numbered (unprivileged manual, chapter "Zacas"). */
import type { LongRow } from "./insn.ts";

// oxfmt-ignore
export const RV_ZACAS = [
  { name: "amocas.w", bits: "00101 .. ..... ..... 010 ..... 0101111", format: "amo", sem: { slow: true } },
  { name: "amocas.d", bits: "00101 .. ..... ..... 011 ..... 0101111", format: "amo", sem: { slow: true } },
  { name: "amocas.q", bits: "00101 .. ....0 ..... 100 ....0 0101111", format: "amo", sem: { slow: true } },
] as const satisfies readonly LongRow[];
