/** Random operands of an instruction row, within what the program may touch. */
import { sizeOf } from "../../src/isa/encoding.ts";
import { SHORT_FORMATS } from "../../src/isa/formats.ts";
import type { ShortFormat } from "../../src/isa/formats.ts";
import { isShort } from "../../src/isa/insn.ts";
import type { Insn } from "../../src/isa/insn.ts";
import { OPERANDS } from "../../src/isa/operands.ts";
import type { OperandName } from "../../src/isa/operands.ts";
import { randomInsn } from "../../src/isa/random-insn.ts";
import type { CodeWord } from "../program.ts";
import type { Gen } from "./gen.ts";

/** The operand through which a row writes an integer register. */
function destination(insn: Insn): OperandName | undefined {
  if (!isShort(insn)) return "rd";
  const { rd } = SHORT_FORMATS[insn.format] as ShortFormat;
  return typeof rd === "string" ? rd : undefined;
}

const RM_WEIGHTS = [0, 0, 0, 1, 2, 3, 4, 7, 7];

function choose(gen: Gen, insn: Insn, name: OperandName): number | undefined {
  const operand = OPERANDS[name];
  if (operand.kind === "rm") return gen.random.pick(RM_WEIGHTS);
  if (operand.kind !== "x") return undefined;
  const written = name === destination(insn);
  if ("base" in operand) {
    const near = gen.pool.filter((n) => n >= 8 && n < 16);
    return written ? gen.random.pick(near) : undefined;
  }
  if (!written) return gen.rs();
  return gen.random.chance(3) ? 0 : gen.rd();
}

/**
 * An instruction of this row that writes free registers only; undefined when chance finds none.
 *
 * @param fixed operands that are decided already
 */
export function randomWord(
  gen: Gen,
  insn: Insn,
  fixed: Partial<Record<OperandName, number>> = {},
): CodeWord | undefined {
  const bits = randomInsn(
    insn,
    (below) => gen.random.below(below),
    (name) => fixed[name] ?? choose(gen, insn, name),
  );
  if (bits === undefined) return undefined;
  return { bits, bytes: sizeOf(insn) };
}

/** Emits one; nothing when chance finds none. */
export function emitRandom(
  gen: Gen,
  insn: Insn,
  fixed: Partial<Record<OperandName, number>> = {},
): void {
  const item = randomWord(gen, insn, fixed);
  if (item !== undefined) gen.code.emit(item);
}
