/** Parses a format's syntax into the operand positions that commas separate. */
import { OPERANDS } from "./operands.ts";
import type { OperandName } from "./operands.ts";

/** One position: an operand, a fixed word such as `sp`, or an offset and a base in parentheses. */
export interface Position {
  readonly text: string;
  /** The operand, or a word that must be written as it stands. */
  readonly main?: OperandName | undefined;
  readonly word?: string | undefined;
  /** Inside parentheses: an operand or a word. */
  readonly base?: OperandName | undefined;
  readonly baseWord?: string | undefined;
}

export interface Syntax {
  /** `.aq` and `.rl` follow the mnemonic. */
  readonly ordered: boolean;
  readonly positions: readonly Position[];
  /** Every operand in the order of the text. */
  readonly operands: readonly OperandName[];
}

const isOperand = (name: string): name is OperandName => Object.hasOwn(OPERANDS, name);

type OperandOrWord = readonly [OperandName | undefined, string | undefined];

function operandOrWord(name: string): OperandOrWord {
  if (name === "") return [undefined, undefined];
  return isOperand(name) ? [name, undefined] : [undefined, name];
}

function position(text: string): Position {
  const [, outer = "", inner] = /^(\w*)(?:\((\w+)\))?$/.exec(text) ?? [];
  const [main, word] = operandOrWord(outer);
  const [base, baseWord] = operandOrWord(inner ?? "");
  return { text, main, word, base, baseWord };
}

function parse(text: string): Syntax {
  const ordered = text.startsWith("aqrl ");
  const list = ordered ? text.slice("aqrl ".length) : text;
  const positions = list === "" ? [] : list.split(", ").map(position);
  const named = positions.flatMap(({ main, base }) => [main, base]);
  const operands = named.filter((name) => name !== undefined);
  return { ordered, positions, operands: ordered ? ["aqrl", ...operands] : operands };
}

const PARSED = new Map<string, Syntax>();

/** The parsed form of a format's syntax; every text is parsed once. */
export function syntaxOf(text: string): Syntax {
  let syntax = PARSED.get(text);
  if (syntax === undefined) PARSED.set(text, (syntax = parse(text)));
  return syntax;
}
