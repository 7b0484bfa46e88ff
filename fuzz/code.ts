import { encode, sizeOf } from "../src/isa/encoding.ts";
import type { Values } from "../src/isa/encoding.ts";
import { OPERANDS, extractOperand, insertOperand } from "../src/isa/operands.ts";
import type { OperandName } from "../src/isa/operands.ts";
import { insnNamed } from "../src/isa/table.ts";
import type { CodeWord, Unit } from "./program.ts";

/**
 * The word of instruction `name`; operands that are left out are zero.
 *
 * @throws RangeError when there is no such instruction, or a value does not fit
 */
export function word(name: string, values: Values = {}): CodeWord {
  const insn = insnNamed(name);
  if (insn === undefined) throw new RangeError(`no instruction is called ${name}`);
  return { bits: encode(insn, values), bytes: sizeOf(insn) };
}

/** A place in the code that may be known only later. */
export interface Label {
  at: number | undefined;
  readonly uses: { readonly index: number; readonly from: number; readonly operand: OperandName }[];
}

export function newLabel(): Label {
  return { at: undefined, uses: [] };
}

/** Instructions as they are generated. Offsets are in bytes from the first one. */
export class Code {
  readonly words: CodeWord[] = [];
  readonly units: Unit[] = [];
  /** Size so far. */
  size = 0;

  emit(item: CodeWord): void {
    this.words.push(item);
    this.size += item.bytes;
  }

  op(name: string, operands: Values = {}): void {
    this.emit(word(name, operands));
  }

  /**
   * Emits a branch or jump to `label` through its operand `operand`, which counts from `back` bytes
   * before the instruction.
   */
  jump(name: string, operands: Values, operand: OperandName, label: Label, back = 0): void {
    const target = label.at;
    const from = this.size - back;
    const distance = target === undefined ? 0 : target - from;
    const use = { index: this.words.length, from, operand };
    this.op(name, { ...operands, [operand]: distance });
    if (target === undefined) label.uses.push(use);
  }

  /** Puts `label` here and completes the jumps to it. */
  place(label: Label): void {
    label.at = this.size;
    for (const { index, from, operand } of label.uses) {
      const old = this.words[index];
      if (old === undefined) continue;
      const clear = insertOperand(OPERANDS[operand], extractOperand(OPERANDS[operand], old.bits));
      const bits = (old.bits & ~clear) | insertOperand(OPERANDS[operand], label.at - from);
      this.words[index] = { bits: bits >>> 0, bytes: old.bytes };
    }
  }

  /** Records what `body` emits as one unit. */
  unit(kind: string, body: () => void): void {
    const from = this.words.length;
    body();
    this.units.push({ kind, from, to: this.words.length });
  }

  /** Loads a constant into register `rd`, in up to 8 instructions. */
  li(rd: number, value: bigint): void {
    const signed = BigInt.asIntN(64, value);
    if (signed >= -2048n && signed < 2048n) {
      this.op("addi", { rd, rs1: 0, i12: Number(signed) });
      return;
    }
    const low = BigInt.asIntN(12, signed);
    if (signed === BigInt.asIntN(32, signed)) {
      const high = Number(BigInt.asIntN(32, signed - low));
      this.op("lui", { rd, u32: high });
      if (low !== 0n) this.op("addiw", { rd, rs1: rd, i12: Number(low) });
      return;
    }
    this.#liWide(rd, BigInt.asIntN(64, signed - low) >> 12n, Number(low));
  }

  #liWide(rd: number, high: bigint, low: number): void {
    let shift = 12;
    let rest = high;
    while ((rest & 1n) === 0n) {
      rest >>= 1n;
      shift++;
    }
    this.li(rd, rest);
    this.op("slli", { rd, rs1: rd, shamt6: shift });
    if (low !== 0) this.op("addi", { rd, rs1: rd, i12: low });
  }
}
