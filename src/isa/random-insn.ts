/** Random instructions of a given row, for fuzzing and round-trip tests. */
import { encode, identify, syntaxOfInsn } from "./encoding.ts";
import type { Values } from "./encoding.ts";
import type { Insn } from "./insn.ts";
import { OPERANDS, operandRange, operandStep } from "./operands.ts";
import type { OperandName } from "./operands.ts";

/** A number from 0 up to, not including, `below`. */
export type Random = (below: number) => number;

/** Chooses an operand's value; undefined leaves the choice to chance. */
export type Choose = (name: OperandName) => number | undefined;

function randomValue(name: OperandName, random: Random): number {
  const operand = OPERANDS[name];
  const [low, high] = operandRange(operand);
  const step = operandStep(operand);
  return low + step * random((high - low) / step + 1);
}

/**
 * A random legal instruction of this row: fields that the manual reserves are avoided, and so are
 * encodings that belong to a more special row.
 *
 * @param choose fixes operands, for example to keep a base register
 * @returns the 16 or 32 bits, or undefined when the fixed operands leave nothing legal
 */
export function randomInsn(
  insn: Insn,
  random: Random,
  choose: Choose = () => undefined,
): number | undefined {
  const { operands } = syntaxOfInsn(insn);
  for (let attempt = 0; attempt < 64; attempt++) {
    const values: Values = {};
    for (const name of operands) values[name] = choose(name) ?? randomValue(name, random);
    const word = encode(insn, values);
    if (identify(word)?.name === insn.name) return word;
  }
  return undefined;
}
