/** Turns instructions into text in objdump's manner. */
import { ALIASES } from "./aliases.ts";
import type { Alias } from "./aliases.ts";
import { csrName } from "./csr.ts";
import { expand, identify, isLongParcel, syntaxOfInsn, valuesOf } from "./encoding.ts";
import type { Values } from "./encoding.ts";
import { FLI_TEXT } from "./fli-constants.ts";
import { isShort } from "./insn.ts";
import type { Insn, ShortInsn } from "./insn.ts";
import { OPERANDS } from "./operands.ts";
import type { OperandKind, OperandName } from "./operands.ts";
import { F_NAMES, ORDER_LETTERS, ROUNDING_MODES, X_NAMES } from "./registers.ts";
import { defaultRoundingMode } from "./rounding.ts";
import { syntaxOf } from "./syntax.ts";
import type { Position, Syntax } from "./syntax.ts";

export interface DisassembleOptions {
  /** Address of the instruction: offsets are printed as addresses. 0 when absent. */
  readonly address?: bigint;
  /** Print pseudoinstructions, and short instructions as what they stand for; true when absent. */
  readonly aliases?: boolean;
}

/** Suffixes of atomics by the value of aq·2 + rl. */
export const ORDER_SUFFIXES: readonly string[] = ["", ".rl", ".aq", ".aqrl"];

const ALIASES_OF = new Map<string, readonly Alias[]>();
for (const alias of ALIASES) {
  if (!alias.inputOnly) ALIASES_OF.set(alias.of, [...(ALIASES_OF.get(alias.of) ?? []), alias]);
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}

function orderText(value: number): string {
  const text = ORDER_LETTERS.filter((_, at) => value & (8 >> at)).join("");
  return text === "" ? "unknown" : text;
}

const WRITERS: Readonly<Record<OperandKind, (value: number, address: bigint) => string>> = {
  x: (value) => X_NAMES[value] ?? "?",
  f: (value) => F_NAMES[value] ?? "?",
  number: String,
  aqrl: String,
  offset: (value, address) => BigInt.asUintN(64, address + BigInt(value)).toString(16),
  upper: (value) => hex((value >>> 12) & 0xfffff),
  csr: (value) => csrName(value) ?? hex(value),
  rm: (value) => ROUNDING_MODES[value] ?? "?",
  order: orderText,
  fli: (value) => FLI_TEXT[value] ?? "?",
};

function operandText(name: OperandName, value: number, address: bigint): string {
  if (name.includes("shamt")) return hex(value);
  return WRITERS[OPERANDS[name].kind](value, address);
}

class Line {
  readonly #values: Values;
  readonly #address: bigint;

  constructor(values: Values, address: bigint) {
    this.#values = values;
    this.#address = address;
  }

  #operand(name: OperandName | undefined, word: string | undefined): string {
    if (name === undefined) return word ?? "";
    return operandText(name, this.#values[name] ?? 0, this.#address);
  }

  #position({ main, word, base, baseWord }: Position): string {
    const outer = this.#operand(main, word);
    const inner = this.#operand(base, baseWord);
    return inner === "" ? outer : `${outer}(${inner})`;
  }

  text(name: string, { positions, ordered }: Syntax): string {
    const suffix = ordered ? ORDER_SUFFIXES[this.#values.aqrl ?? 0] : "";
    const written = positions.filter(
      ({ main }) => main !== "rm" || this.#values.rm !== defaultRoundingMode(name),
    );
    const operands = written.map((position) => this.#position(position)).join(",");
    return operands === "" ? `${name}${suffix}` : `${name}${suffix} ${operands}`;
  }
}

function fits({ fixed, same }: Alias, values: Values): boolean {
  if (same !== undefined && values[same[0]] !== values[same[1]]) return false;
  return Object.entries(fixed).every(([name, value]) => values[name as OperandName] === value);
}

/** Short encodings that compute into x0, other than those with a name, are shown as they are. */
function isHint(insn: ShortInsn, word: number): boolean {
  if (insn.within === "c.addi" || insn.within === "c.add") return false;
  const values = valuesOf(insn, word);
  return (
    values.rd === 0 && (values.ci6 ?? values.clui ?? values.cshamt6 ?? values.crs2) !== undefined
  );
}

function row(insn: Insn, word: number, address: bigint, aliases: boolean): string {
  if (aliases && isShort(insn) && !isHint(insn, word)) {
    const long = expand(insn, word);
    // The locality hints have names as long instructions too.
    return row(identify(long.word) ?? long.insn, long.word, address, true);
  }
  const values = valuesOf(insn, word);
  const line = new Line(values, address);
  const alias = aliases ? ALIASES_OF.get(insn.name)?.find((one) => fits(one, values)) : undefined;
  if (alias !== undefined) return line.text(alias.name, syntaxOf(alias.syntax));
  return line.text(insn.name, syntaxOfInsn(insn));
}

/**
 * One instruction as text: mnemonic, a space, operands separated by commas. What is no instruction
 * comes out as `.half` or `.word`.
 *
 * @param word the instruction; bits 31–16 are ignored when it is a short one
 */
export function disassemble(word: number, options: DisassembleOptions = {}): string {
  const { address = 0n, aliases = true } = options;
  const insn = identify(word);
  if (insn !== undefined) return row(insn, word, address, aliases);
  // The all-zero parcel is defined to be illegal and has a name of its own.
  if ((word & 0xffff) === 0) return "c.unimp";
  return isLongParcel(word) ? `.word ${hex(word >>> 0)}` : `.half ${hex(word & 0xffff)}`;
}
