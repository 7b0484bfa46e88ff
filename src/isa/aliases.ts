/** Pseudoinstructions that are one instruction with some operands fixed (RISC-V assembly manual). */
import { csrAddress } from "./csr.ts";
import type { Values } from "./encoding.ts";
import type { OperandName } from "./operands.ts";

export interface Alias {
  readonly name: string;
  /** The operands that remain, as in FORMATS. */
  readonly syntax: string;
  readonly of: string;
  readonly fixed: Values;
  /** Two operands that are the same register: fmv.d reads one source twice. */
  readonly same?: readonly [OperandName, OperandName];
  /** Never printed: it swaps operands of something that has a plainer form. */
  readonly inputOnly?: true;
}

const RA = 1;

function csr(name: string): number {
  const address = csrAddress(name);
  if (address === undefined) throw new Error(`no CSR is named ${name}`);
  return address;
}

function readCsr(name: string, of: string): Alias {
  return { name, syntax: "rd", of: "csrrs", fixed: { csr: csr(of), rs1: 0 } };
}

/** Writes a floating-point CSR, with and without taking its old value. */
function writeCsr(name: string, of: string): Alias[] {
  return [
    { name, syntax: "rs1", of: "csrrw", fixed: { csr: csr(of), rd: 0 } },
    { name, syntax: "rd, rs1", of: "csrrw", fixed: { csr: csr(of) } },
  ];
}

function moves(width: string): Alias[] {
  const names = { fmv: "fsgnj", fneg: "fsgnjn", fabs: "fsgnjx" };
  return Object.entries(names).map(([name, of]) => ({
    name: `${name}.${width}`,
    syntax: "fd, fs1",
    of: `${of}.${width}`,
    fixed: {},
    same: ["fs1", "fs2"],
  }));
}

// oxfmt-ignore
const INTEGER: readonly Alias[] = [
  { name: "nop", syntax: "", of: "addi", fixed: { rd: 0, rs1: 0, i12: 0 } },
  { name: "li", syntax: "rd, i12", of: "addi", fixed: { rs1: 0 } },
  { name: "mv", syntax: "rd, rs1", of: "addi", fixed: { i12: 0 } },
  { name: "not", syntax: "rd, rs1", of: "xori", fixed: { i12: -1 } },
  { name: "neg", syntax: "rd, rs2", of: "sub", fixed: { rs1: 0 } },
  { name: "negw", syntax: "rd, rs2", of: "subw", fixed: { rs1: 0 } },
  { name: "sext.w", syntax: "rd, rs1", of: "addiw", fixed: { i12: 0 } },
  { name: "zext.b", syntax: "rd, rs1", of: "andi", fixed: { i12: 255 } },
  { name: "zext.w", syntax: "rd, rs1", of: "add.uw", fixed: { rs2: 0 } },
  { name: "seqz", syntax: "rd, rs1", of: "sltiu", fixed: { i12: 1 } },
  { name: "snez", syntax: "rd, rs2", of: "sltu", fixed: { rs1: 0 } },
  { name: "sltz", syntax: "rd, rs1", of: "slt", fixed: { rs2: 0 } },
  { name: "sgtz", syntax: "rd, rs2", of: "slt", fixed: { rs1: 0 } },
];

// oxfmt-ignore
const CONTROL: readonly Alias[] = [
  { name: "beqz", syntax: "rs1, b13", of: "beq", fixed: { rs2: 0 } },
  { name: "bnez", syntax: "rs1, b13", of: "bne", fixed: { rs2: 0 } },
  { name: "bltz", syntax: "rs1, b13", of: "blt", fixed: { rs2: 0 } },
  { name: "bgez", syntax: "rs1, b13", of: "bge", fixed: { rs2: 0 } },
  { name: "bgtz", syntax: "rs2, b13", of: "blt", fixed: { rs1: 0 } },
  { name: "blez", syntax: "rs2, b13", of: "bge", fixed: { rs1: 0 } },
  { name: "bgt", syntax: "rs2, rs1, b13", of: "blt", fixed: {}, inputOnly: true },
  { name: "ble", syntax: "rs2, rs1, b13", of: "bge", fixed: {}, inputOnly: true },
  { name: "bgtu", syntax: "rs2, rs1, b13", of: "bltu", fixed: {}, inputOnly: true },
  { name: "bleu", syntax: "rs2, rs1, b13", of: "bgeu", fixed: {}, inputOnly: true },
  { name: "j", syntax: "j21", of: "jal", fixed: { rd: 0 } },
  { name: "jal", syntax: "j21", of: "jal", fixed: { rd: RA } },
  { name: "ret", syntax: "", of: "jalr", fixed: { rd: 0, rs1: RA, i12: 0 } },
  { name: "jr", syntax: "rs1", of: "jalr", fixed: { rd: 0, i12: 0 } },
  { name: "jr", syntax: "i12(rs1)", of: "jalr", fixed: { rd: 0 } },
  { name: "jalr", syntax: "rs1", of: "jalr", fixed: { rd: RA, i12: 0 } },
  { name: "jalr", syntax: "i12(rs1)", of: "jalr", fixed: { rd: RA } },
  { name: "jalr", syntax: "rd, rs1", of: "jalr", fixed: { i12: 0 }, inputOnly: true },
  { name: "fence", syntax: "", of: "fence", fixed: { pred: 15, succ: 15 } },
  { name: "sfence.vma", syntax: "", of: "sfence.vma", fixed: { rs1: 0, rs2: 0 } },
  { name: "sfence.vma", syntax: "rs1", of: "sfence.vma", fixed: { rs2: 0 } },
];

// oxfmt-ignore
const CSR: readonly Alias[] = [
  // cycle is read-only, so that writing it is the canonical illegal instruction.
  { name: "unimp", syntax: "", of: "csrrw", fixed: { rd: 0, rs1: 0, csr: csr("cycle") } },
  readCsr("rdcycle", "cycle"),
  readCsr("rdtime", "time"),
  readCsr("rdinstret", "instret"),
  readCsr("frcsr", "fcsr"),
  readCsr("frrm", "frm"),
  readCsr("frflags", "fflags"),
  ...writeCsr("fscsr", "fcsr"),
  ...writeCsr("fsrm", "frm"),
  ...writeCsr("fsflags", "fflags"),
  { name: "fsrmi", syntax: "zimm", of: "csrrwi", fixed: { csr: csr("frm"), rd: 0 } },
  { name: "fsflagsi", syntax: "zimm", of: "csrrwi", fixed: { csr: csr("fflags"), rd: 0 } },
  { name: "csrr", syntax: "rd, csr", of: "csrrs", fixed: { rs1: 0 } },
  { name: "csrw", syntax: "csr, rs1", of: "csrrw", fixed: { rd: 0 } },
  { name: "csrs", syntax: "csr, rs1", of: "csrrs", fixed: { rd: 0 } },
  { name: "csrc", syntax: "csr, rs1", of: "csrrc", fixed: { rd: 0 } },
  { name: "csrwi", syntax: "csr, zimm", of: "csrrwi", fixed: { rd: 0 } },
  { name: "csrsi", syntax: "csr, zimm", of: "csrrsi", fixed: { rd: 0 } },
  { name: "csrci", syntax: "csr, zimm", of: "csrrci", fixed: { rd: 0 } },
];

/** Every alias; of those that fit an instruction the first is printed. */
export const ALIASES: readonly Alias[] = [
  ...INTEGER,
  ...CONTROL,
  ...CSR,
  ...moves("s"),
  ...moves("d"),
];
