/** Reads operands written in assembly into the values that `encode` takes. */
import { csrAddress } from "./csr.ts";
import type { Values } from "./encoding.ts";
import { evaluate } from "./expression.ts";
import type { Resolve } from "./expression.ts";
import { fliIndex } from "./fli-constants.ts";
import { OPERANDS } from "./operands.ts";
import type { OperandKind, OperandName } from "./operands.ts";
import { ORDER_LETTERS, ROUNDING_MODES, fNumber, xNumber } from "./registers.ts";
import type { Position, Syntax } from "./syntax.ts";

/** What the operands are read against. */
export interface Context {
  readonly address: bigint;
  readonly resolve: Resolve;
}

function known(value: number | undefined, what: string, text: string): number {
  if (value === undefined) throw new SyntaxError(`"${text}" is no ${what}`);
  return value;
}

function order(text: string): number {
  // What objdump prints for the empty set.
  if (text === "unknown") return 0;
  if (!/^i?o?r?w?$/.test(text)) throw new SyntaxError(`"${text}" is no subset of iorw`);
  return ORDER_LETTERS.reduce(
    (bits, letter, at) => bits | (text.includes(letter) ? 8 >> at : 0),
    0,
  );
}

/** The value as a JavaScript number; operands never need more than 32 bits. */
function number(text: string, context: Context): number {
  return Number(BigInt.asIntN(64, evaluate(text, context.resolve)));
}

/** lui's operand is the upper 20 bits, written from -0x80000 to 0xfffff. */
function upper(text: string, context: Context): number {
  const value = number(text, context);
  if (value < -0x8_0000 || value > 0xf_ffff) {
    throw new RangeError(`operand ${value} is outside -0x80000…0xfffff`);
  }
  return (value << 12) | 0;
}

const READERS: Readonly<Record<OperandKind, (text: string, context: Context) => number>> = {
  x: (text) => known(xNumber(text), "integer register", text),
  f: (text) => known(fNumber(text), "floating-point register", text),
  number,
  aqrl: number,
  offset: (text, { address, resolve }) =>
    Number(BigInt.asIntN(64, evaluate(text, resolve) - address)),
  upper,
  csr: (text, context) => csrAddress(text) ?? number(text, context),
  rm: (text) => known(ROUNDING_MODES.indexOf(text) + 1 || undefined, "rounding mode", text) - 1,
  order,
  fli: (text) => known(fliIndex(text), "constant that fli can load", text),
};

function operand(name: OperandName, text: string, context: Context): number {
  return READERS[OPERANDS[name].kind](text, context);
}

function exactly(word: string, text: string): void {
  if (text !== word) throw new SyntaxError(`"${text}" must be ${word}`);
}

/** Splits `8(sp)`; an offset that is left out is 0. */
function splitBase(text: string): [string, string] {
  const match = /^(.*)\(\s*(\w+)\s*\)$/.exec(text);
  if (match === null) throw new SyntaxError(`"${text}" is no offset(register)`);
  return [match[1]?.trim() || "0", match[2] ?? ""];
}

function readPosition(position: Position, text: string, values: Values, context: Context): void {
  const { main, word, base, baseWord } = position;
  let outer = text;
  if (base !== undefined || baseWord !== undefined) {
    const [offset, inner] = splitBase(text);
    if (base !== undefined) values[base] = operand(base, inner, context);
    else if (xNumber(inner) !== xNumber(baseWord ?? "")) exactly(baseWord ?? "", inner);
    outer = offset;
    if (main === undefined) return exactly("0", outer);
  }
  if (main !== undefined) values[main] = operand(main, outer, context);
  else if (word !== undefined && xNumber(outer) !== xNumber(word)) exactly(word, outer);
}

/** Whether this many operands can be meant; a rounding mode may be left out. */
export function accepts({ positions }: Syntax, count: number): boolean {
  const optional = positions.at(-1)?.main === "rm" ? 1 : 0;
  return count <= positions.length && count >= positions.length - optional;
}

/**
 * Reads the operands of one instruction.
 *
 * @param texts as many as `accepts` allows
 * @throws SyntaxError, ReferenceError or RangeError saying what is wrong with which operand
 */
export function readOperands(syntax: Syntax, texts: readonly string[], context: Context): Values {
  const values: Values = {};
  for (const [at, text] of texts.entries()) {
    const position = syntax.positions[at];
    if (position !== undefined) readPosition(position, text, values, context);
  }
  return values;
}

/** Splits at commas that are in no parentheses and no quotes. */
export function splitOperands(text: string): string[] {
  const parts = text.match(
    /(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^\\])'|\((?:[^()]|\([^()]*\))*\)|[^,])+/g,
  );
  return (parts ?? []).map((part) => part.trim()).filter((part) => part !== "");
}
