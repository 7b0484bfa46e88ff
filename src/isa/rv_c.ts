/**
 * Zca: the compressed instructions of RV64 without floating point (unprivileged manual, chapter
 * "C"). Every one stands for a 4-byte instruction. Encodings that are hints need no rows: their
 * expansions write x0 or change nothing. C.NOP and the locality hints have rows for their names.
 */
import type { ShortRow } from "./insn.ts";

// oxfmt-ignore
export const RV_C = [
  { name: "c.addi4spn", bits: "000 ........ ... 00", format: "CIW", expand: "addi", nonzero: "imm" },
  { name: "c.lw", bits: "010 ... ... .. ... 00", format: "CL_lw", expand: "lw" },
  { name: "c.ld", bits: "011 ... ... .. ... 00", format: "CL_ld", expand: "ld" },
  { name: "c.sw", bits: "110 ... ... .. ... 00", format: "CS_sw", expand: "sw" },
  { name: "c.sd", bits: "111 ... ... .. ... 00", format: "CS_sd", expand: "sd" },

  { name: "c.nop", bits: "000 0 00000 00000 01", format: "CI_nop", expand: "addi", within: "c.addi" },
  { name: "c.addi", bits: "000 . ..... ..... 01", format: "CI", expand: "addi" },
  { name: "c.addiw", bits: "001 . ..... ..... 01", format: "CI", expand: "addiw", nonzero: "rd" },
  { name: "c.li", bits: "010 . ..... ..... 01", format: "CI_li", expand: "addi" },
  { name: "c.addi16sp", bits: "011 . 00010 ..... 01", format: "CI_sp", expand: "addi", nonzero: "imm", within: "c.lui" },
  { name: "c.lui", bits: "011 . ..... ..... 01", format: "CI_lui", expand: "lui", nonzero: "imm" },
  { name: "c.srli", bits: "100 . 00 ... ..... 01", format: "CB_shift", expand: "srli" },
  { name: "c.srai", bits: "100 . 01 ... ..... 01", format: "CB_shift", expand: "srai" },
  { name: "c.andi", bits: "100 . 10 ... ..... 01", format: "CB_andi", expand: "andi" },
  { name: "c.sub", bits: "100 0 11 ... 00 ... 01", format: "CA", expand: "sub" },
  { name: "c.xor", bits: "100 0 11 ... 01 ... 01", format: "CA", expand: "xor" },
  { name: "c.or", bits: "100 0 11 ... 10 ... 01", format: "CA", expand: "or" },
  { name: "c.and", bits: "100 0 11 ... 11 ... 01", format: "CA", expand: "and" },
  { name: "c.subw", bits: "100 1 11 ... 00 ... 01", format: "CA", expand: "subw" },
  { name: "c.addw", bits: "100 1 11 ... 01 ... 01", format: "CA", expand: "addw" },
  { name: "c.j", bits: "101 ........... 01", format: "CJ", expand: "jal" },
  { name: "c.beqz", bits: "110 ... ... ..... 01", format: "CB", expand: "beq" },
  { name: "c.bnez", bits: "111 ... ... ..... 01", format: "CB", expand: "bne" },

  { name: "c.slli", bits: "000 . ..... ..... 10", format: "CI_shift", expand: "slli" },
  { name: "c.lwsp", bits: "010 . ..... ..... 10", format: "CI_lwsp", expand: "lw", nonzero: "rd" },
  { name: "c.ldsp", bits: "011 . ..... ..... 10", format: "CI_ldsp", expand: "ld", nonzero: "rd" },
  { name: "c.jr", bits: "100 0 ..... 00000 10", format: "CR_jr", expand: "jalr", nonzero: "rs1", within: "c.mv" },
  { name: "c.mv", bits: "100 0 ..... ..... 10", format: "CR_mv", expand: "addi" },
  { name: "c.ebreak", bits: "100 1 00000 00000 10", format: "none", expand: "ebreak", within: "c.jalr" },
  { name: "c.jalr", bits: "100 1 ..... 00000 10", format: "CR_jalr", expand: "jalr", within: "c.add" },
  { name: "c.add", bits: "100 1 ..... ..... 10", format: "CR", expand: "add" },
  // Zihintntl.
  { name: "c.ntl.p1", bits: "100 1 00000 00010 10", format: "CR_ntl", expand: "add", within: "c.add" },
  { name: "c.ntl.pall", bits: "100 1 00000 00011 10", format: "CR_ntl", expand: "add", within: "c.add" },
  { name: "c.ntl.s1", bits: "100 1 00000 00100 10", format: "CR_ntl", expand: "add", within: "c.add" },
  { name: "c.ntl.all", bits: "100 1 00000 00101 10", format: "CR_ntl", expand: "add", within: "c.add" },
  { name: "c.swsp", bits: "110 ...... ..... 10", format: "CSS_swsp", expand: "sw" },
  { name: "c.sdsp", bits: "111 ...... ..... 10", format: "CSS_sdsp", expand: "sd" },
] as const satisfies readonly ShortRow[];
