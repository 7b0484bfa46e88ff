/** Encodes and recognizes single instructions; the text forms build on it. */
import { buildTree, lookUp } from "./decode-tree.ts";
import type { Tree } from "./decode-tree.ts";
import { FORMATS, SHORT_FORMATS } from "./formats.ts";
import type { ShortFormat } from "./formats.ts";
import { isShort, patternOf } from "./insn.ts";
import type { Insn, LongInsn, ShortInsn } from "./insn.ts";
import { OPERANDS, extractOperand, insertOperand } from "./operands.ts";
import type { OperandName } from "./operands.ts";
import { syntaxOf } from "./syntax.ts";
import type { Syntax } from "./syntax.ts";
import { INSNS, LONG_INSNS, insnNamed, matchers } from "./table.ts";

/** Operand values by name; registers by number, offsets in bytes, `u32` with its low bits zero. */
export type Values = Partial<Record<OperandName, number>>;

export function syntaxOfInsn(insn: Insn): Syntax {
  return syntaxOf(isShort(insn) ? SHORT_FORMATS[insn.format].syntax : FORMATS[insn.format]);
}

/** Bytes of an instruction: 2 or 4. */
export function sizeOf(insn: Insn): 2 | 4 {
  return isShort(insn) ? 2 : 4;
}

/**
 * Encodes an instruction. Operands without a value are zero.
 *
 * @returns the 16 or 32 bits, unsigned
 * @throws RangeError when a value does not fit its operand
 */
export function encode(insn: Insn, values: Values): number {
  let word = patternOf(insn).value;
  for (const name of syntaxOfInsn(insn).operands) {
    word |= insertOperand(OPERANDS[name], values[name] ?? firstValue(name));
  }
  return word >>> 0;
}

/** Three-bit register fields cannot name x0, so that an absent one is their first register. */
function firstValue(name: OperandName): number {
  const operand = OPERANDS[name];
  return "base" in operand ? operand.base : 0;
}

/** Takes every operand out of an instruction of this row. */
export function valuesOf(insn: Insn, word: number): Values {
  const values: Values = {};
  for (const name of syntaxOfInsn(insn).operands) {
    values[name] = extractOperand(OPERANDS[name], word);
  }
  return values;
}

/** Whether operand values make the encoding reserved, although its fixed bits match. */
export function isReserved(insn: Insn, word: number): boolean {
  if (isShort(insn))
    return insn.nonzero !== undefined && expandedField(insn, word, insn.nonzero) === 0;
  const rm = "slow" in insn.sem && insn.sem.rm ? extractOperand(OPERANDS.rm, word) : 0;
  return rm === 5 || rm === 6;
}

const LONG_TREE: Tree<Insn> = buildTree(matchers(LONG_INSNS), 3);
const SHORT_TREE: Tree<Insn> = buildTree(matchers(INSNS.filter(isShort)), 0);

/** Whether the first parcel belongs to a 4-byte instruction; longer ones are not defined yet. */
export function isLongParcel(parcel: number): boolean {
  return (parcel & 3) === 3;
}

/** The row of an instruction (bits 31–16 are ignored when it is a short one), or undefined. */
export function identify(word: number): Insn | undefined {
  const long = isLongParcel(word);
  const insn = lookUp(long ? LONG_TREE : SHORT_TREE, long ? word : word & 0xffff);
  return insn === undefined || isReserved(insn, word) ? undefined : insn;
}

type ExpandedField = "rd" | "rs1" | "rs2" | "imm";

function expandedField(insn: ShortInsn, word: number, field: ExpandedField): number {
  const source = (SHORT_FORMATS[insn.format] as ShortFormat)[field] ?? 0;
  return typeof source === "number" ? source : extractOperand(OPERANDS[source], word);
}

/** What each operand of a 4-byte format is in the expansion of a short one. */
function fieldOf(name: OperandName): ExpandedField {
  if (name === "rd" || name === "fd") return "rd";
  if (name === "rs1" || name === "fs1") return "rs1";
  return name === "rs2" || name === "fs2" ? "rs2" : "imm";
}

/** A 4-byte instruction: its row and its encoding. */
export interface Expansion {
  readonly insn: LongInsn;
  readonly word: number;
}

/**
 * The 4-byte instruction that a short one stands for.
 *
 * @throws Error when the row names an unknown expansion
 */
export function expand(insn: ShortInsn, word: number): Expansion {
  const long = insnNamed(insn.expand);
  if (long === undefined || isShort(long)) {
    throw new Error(`${insn.name} stands for ${insn.expand}, which is not in the table`);
  }
  const values: Values = {};
  for (const name of syntaxOfInsn(long).operands) {
    values[name] = expandedField(insn, word, fieldOf(name));
  }
  return { insn: long, word: encode(long, values) };
}
