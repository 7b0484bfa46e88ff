/** Zicsr: CSR access (unprivileged manual, chapter "Zicsr"). */
import type { LongRow } from "./insn.ts";

// oxfmt-ignore
export const RV_ZICSR = [
  { name: "csrrw", bits: "............ ..... 001 ..... 1110011", format: "csr", sem: { slow: true } },
  { name: "csrrs", bits: "............ ..... 010 ..... 1110011", format: "csr", sem: { slow: true } },
  { name: "csrrc", bits: "............ ..... 011 ..... 1110011", format: "csr", sem: { slow: true } },
  { name: "csrrwi", bits: "............ ..... 101 ..... 1110011", format: "csri", sem: { slow: true } },
  { name: "csrrsi", bits: "............ ..... 110 ..... 1110011", format: "csri", sem: { slow: true } },
  { name: "csrrci", bits: "............ ..... 111 ..... 1110011", format: "csri", sem: { slow: true } },
] as const satisfies readonly LongRow[];
