/** The hand-written part of asm/generated/decode.ts: how leaves of the tree build records. */
export const DECODE_PRELUDE = `
/** The instruction has 4 bytes. */
const LONG: u32 = 0x1000000;

/** rd and rs1 of a 4-byte instruction lie next to each other in the record too. */
const RD: u32 = 0xf800;
const RD_RS1: u32 = 0xf8f800;
const RS1: u32 = 0xf80000;
const RS2: u32 = 0xf8000000;

function record(op: u32, regs: u32, imm: u32): u64 {
  return (<u64>imm << 32) | <u64>(regs | op);
}

function illegal32(insn: u32): u64 {
  return record(OP_ILLEGAL, LONG, insn);
}

function illegal16(insn: u32): u64 {
  return record(OP_ILLEGAL, 0, insn);
}

/** Pure operations to x0 are hints or useless: nothing happens. */
function pure(op: u32, regs: u32, imm: u32): u64 {
  return regs & RD ? record(op, regs, imm) : record(OP_NOP, regs & LONG, 0);
}

function pureR(insn: u32, op: u32): u64 {
  return pure(op, LONG | ((insn << 4) & RD_RS1) | ((insn << 7) & RS2), 0);
}

function pureI(insn: u32, op: u32, imm: u32): u64 {
  return pure(op, LONG | ((insn << 4) & RD_RS1), imm);
}

function addi(insn: u32, imm: u32): u64 {
  return pureI(insn, insn & 0xf8000 ? OP_ADDI : OP_LI, imm);
}

/** Stores and branches, which have no rd. */
function source2(insn: u32, op: u32, imm: u32): u64 {
  return record(op, LONG | ((insn << 4) & RS1) | ((insn << 7) & RS2), imm);
}

/** Floating-point loads and jumps: rd is written whatever its number. */
function target(insn: u32, op: u32, imm: u32): u64 {
  return record(op, LONG | ((insn << 4) & RD_RS1), imm);
}

/** imm packs csr/aux, rs3, rm and the number of the slow operation (asm/hart/operands.ts). */
function slow(insn: u32, op: u32): u64 {
  const imm = (insn & 0xfff00000) | ((insn >> 12) & 0xf8000) | (insn & 0x7000) | op;
  return record(OP_SLOW, LONG | ((insn << 4) & RD_RS1) | ((insn << 7) & RS2), imm);
}

/** Rounding modes 5 and 6 are reserved (unprivileged manual, chapter "F"). */
function slowRm(insn: u32, op: u32): u64 {
  return ((insn >> 12) & 7) - 5 < 2 ? illegal32(insn) : slow(insn, op);
}

/** A load to x0 accesses memory and writes nothing. */
function loadTo(insn: u32, op: u32, slowOp: u32): u64 {
  return insn & 0xf80 ? target(insn, op, <u32>(<i32>insn >> 20)) : slow(insn, slowOp);
}

function jal(insn: u32, imm: u32): u64 {
  const rd = (insn << 4) & RD;
  return record(rd ? OP_JAL : OP_J, LONG | rd, imm);
}

function jalr(insn: u32, imm: u32): u64 {
  return target(insn, insn & 0xf80 ? OP_JALR : OP_JR, imm);
}
`;
