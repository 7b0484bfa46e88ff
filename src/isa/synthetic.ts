/**
 * Opcodes of the interpreter that no instruction has. The decoder makes FIXED, LI, J and JR; the
 * rest are made from decoded records when it is known where they lie.
 */

/** The first opcodes, with their numbers. */
export const FIXED_OPS = ["undecoded", "illegal", "slow", "page.end", "cross", "nop"] as const;

/** Opcodes after those of the table. */
export const SYNTHETIC_OPS = [
  /** addi or lui with a constant result: rd = imm. */
  "li",
  /** jal with rd = x0. */
  "j",
  /** jalr with rd = x0. */
  "jr",
  /** Branches and jumps whose target lies in the same page. */
  "j.near",
  "beq.near",
  "bne.near",
  "blt.near",
  "bge.near",
  "bltu.near",
  "bgeu.near",
] as const;
