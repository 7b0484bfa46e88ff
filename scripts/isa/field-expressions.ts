/** AssemblyScript expressions that take operands out of `insn`, a u32. */
import { OPERANDS, operandWidth } from "../../src/isa/operands.ts";
import type { Operand, Piece } from "../../src/isa/operands.ts";
import type { FieldSource } from "../../src/isa/formats.ts";

/** Where register fields lie in the decoded record (asm/hart/operands.ts). */
const RECORD_SHIFT = { rd: 11, rs1: 19, rs2: 27 } as const;
export type RecordField = keyof typeof RECORD_SHIFT;

export const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

function maskOf({ count, from }: Piece): number {
  return (2 ** count - 1) * 2 ** from;
}

function shifted(expression: string, by: number): string {
  if (by === 0) return expression;
  return by > 0 ? `((${expression}) << ${by})` : `((${expression}) >> ${-by})`;
}

/** Unsigned value of `pieces`, moved up by `by` bits. */
function gather(pieces: readonly Piece[], by: number): string[] {
  return pieces.map((piece) => {
    const mask = `(insn & ${hex(maskOf(piece))})`;
    return shifted(mask, piece.to + by - piece.from);
  });
}

/** The top piece of a signed operand that ends at bit 31: shifted down with its sign. */
function signedTop({ from, to }: Piece): string {
  const value = `<u32>(<i32>insn >> ${from - to})`;
  return to === 0 ? value : `(${value} & ${hex(~(2 ** to - 1))})`;
}

function isTop({ from, count }: Piece): boolean {
  return from + count === 32;
}

/** The operand's value as a u32, sign-extended when it is signed. */
export function valueExpression(operand: Operand): string {
  if (!operand.signed) return gather(operand.pieces, 0).join(" | ");
  const top = operand.pieces.find(isTop);
  if (top !== undefined) {
    const rest = operand.pieces.filter((piece) => piece !== top);
    return [signedTop(top), ...gather(rest, 0)].join(" | ");
  }
  const unused = 32 - operandWidth(operand);
  return `<u32>(<i32>(${gather(operand.pieces, unused).join(" | ")}) >> ${unused})`;
}

/** A register field at its place in the decoded record. */
export function registerExpression(field: RecordField, source: FieldSource): string {
  const at = RECORD_SHIFT[field];
  if (typeof source === "number") return hex(source << at);
  const operand: Operand = OPERANDS[source];
  const bits = gather(operand.pieces, at).join(" | ");
  return operand.base === undefined ? bits : `${bits} | ${hex(operand.base << at)}`;
}
