/** A: load-reserved, store-conditional and atomic memory operations (unprivileged manual, chapter "A"). */
import type { LongRow } from "./insn.ts";

// oxfmt-ignore
export const RV_A = [
  { name: "lr.w", bits: "00010 .. 00000 ..... 010 ..... 0101111", format: "lr", sem: { slow: true } },
  { name: "sc.w", bits: "00011 .. ..... ..... 010 ..... 0101111", format: "amo", sem: { slow: true } },
  { name: "amoswap.w", bits: "00001 .. ..... ..... 010 ..... 0101111", format: "amo", sem: { slow: true } },
  { name: "amoadd.w", bits: "00000 .. ..... ..... 010 ..... 0101111", format: "amo", sem: { slow: true } },
  { name: "amoxor.w", bits: "00100 .. ..... ..... 010 ..... 0101111", format: "amo", sem: { slow: true } },
  { name: "amoand.w", bits: "01100 .. ..... ..... 010 ..... 0101111", format: "amo", sem: { slow: true } },
  { name: "amoor.w", bits: "01000 .. ..... ..... 010 ..... 0101111", format: "amo", sem: { slow: true } },
  { name: "amomin.w", bits: "10000 .. ..... ..... 010 ..... 0101111", format: "amo", sem: { slow: true } },
  { name: "amomax.w", bits: "10100 .. ..... ..... 010 ..... 0101111", format: "amo", sem: { slow: true } },
  { name: "amominu.w", bits: "11000 .. ..... ..... 010 ..... 0101111", format: "amo", sem: { slow: true } },
  { name: "amomaxu.w", bits: "11100 .. ..... ..... 010 ..... 0101111", format: "amo", sem: { slow: true } },
  { name: "lr.d", bits: "00010 .. 00000 ..... 011 ..... 0101111", format: "lr", sem: { slow: true } },
  { name: "sc.d", bits: "00011 .. ..... ..... 011 ..... 0101111", format: "amo", sem: { slow: true } },
  { name: "amoswap.d", bits: "00001 .. ..... ..... 011 ..... 0101111", format: "amo", sem: { slow: true } },
  { name: "amoadd.d", bits: "00000 .. ..... ..... 011 ..... 0101111", format: "amo", sem: { slow: true } },
  { name: "amoxor.d", bits: "00100 .. ..... ..... 011 ..... 0101111", format: "amo", sem: { slow: true } },
  { name: "amoand.d", bits: "01100 .. ..... ..... 011 ..... 0101111", format: "amo", sem: { slow: true } },
  { name: "amoor.d", bits: "01000 .. ..... ..... 011 ..... 0101111", format: "amo", sem: { slow: true } },
  { name: "amomin.d", bits: "10000 .. ..... ..... 011 ..... 0101111", format: "amo", sem: { slow: true } },
  { name: "amomax.d", bits: "10100 .. ..... ..... 011 ..... 0101111", format: "amo", sem: { slow: true } },
  { name: "amominu.d", bits: "11000 .. ..... ..... 011 ..... 0101111", format: "amo", sem: { slow: true } },
  { name: "amomaxu.d", bits: "11100 .. ..... ..... 011 ..... 0101111", format: "amo", sem: { slow: true } },
] as const satisfies readonly LongRow[];
