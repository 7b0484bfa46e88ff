/** Encodes one line of assembly: finds the instruction or alias that its operands fit. */
import { ALIASES } from "./aliases.ts";
import { accepts, readOperands } from "./assemble-operands.ts";
import type { Context } from "./assemble-operands.ts";
import { ORDER_SUFFIXES } from "./disassemble.ts";
import { encode, isReserved, sizeOf, syntaxOfInsn } from "./encoding.ts";
import type { Values } from "./encoding.ts";
import type { Insn } from "./insn.ts";
import type { Line } from "./macros.ts";
import { defaultRoundingMode } from "./rounding.ts";
import { syntaxOf } from "./syntax.ts";
import type { Syntax } from "./syntax.ts";
import { insnNamed } from "./table.ts";

/** A way to write an instruction: its own syntax, or that of an alias with the rest fixed. */
interface Form {
  readonly insn: Insn;
  readonly syntax: Syntax;
  readonly fixed: Values;
  readonly same?: (typeof ALIASES)[number]["same"];
}

const ALIAS_FORMS = new Map<string, Form[]>();
for (const { name, syntax, of, fixed, same } of ALIASES) {
  const insn = insnNamed(of);
  if (insn === undefined) throw new Error(`${name} stands for ${of}, which is not in the table`);
  const form: Form = { insn, syntax: syntaxOf(syntax), fixed, ...(same && { same }) };
  ALIAS_FORMS.set(name, [...(ALIAS_FORMS.get(name) ?? []), form]);
}

interface Mnemonic {
  readonly forms: readonly Form[];
  readonly aqrl: number;
}

const MNEMONICS = new Map<string, Mnemonic>();

function plainForm(name: string): Form[] {
  const insn = insnNamed(name);
  return insn === undefined ? [] : [{ insn, syntax: syntaxOfInsn(insn), fixed: {} }];
}

function lookUpMnemonic(name: string): Mnemonic {
  const forms = [...plainForm(name), ...(ALIAS_FORMS.get(name) ?? [])];
  if (forms.length > 0) return { forms, aqrl: 0 };
  const [, stem = "", suffix = ""] = /^(.*)(\.(?:aqrl|aq|rl))$/.exec(name) ?? [];
  const ordered = plainForm(stem).filter(({ syntax }) => syntax.ordered);
  if (ordered.length === 0) throw new SyntaxError("no such instruction");
  return { forms: ordered, aqrl: ORDER_SUFFIXES.indexOf(suffix) };
}

function mnemonic(name: string): Mnemonic {
  let found = MNEMONICS.get(name);
  if (found === undefined) MNEMONICS.set(name, (found = lookUpMnemonic(name)));
  return found;
}

function encodeForm(form: Form, operands: readonly string[], aqrl: number, at: Context): number {
  const values: Values = { ...form.fixed, ...readOperands(form.syntax, operands, at), aqrl };
  values.rm ??= defaultRoundingMode(form.insn.name);
  if (form.same !== undefined) {
    const [from, to] = form.same;
    const register = values[from];
    if (register !== undefined) values[to] = register;
  }
  const word = encode(form.insn, values);
  if (isReserved(form.insn, word)) throw new RangeError("the encoding is reserved");
  return word;
}

/** The forms that take so many operands. */
function candidates(name: string, operands: readonly string[]): [readonly Form[], number] {
  const { forms, aqrl } = mnemonic(name);
  const fitting = forms.filter(({ syntax }) => accepts(syntax, operands.length));
  if (fitting.length === 0) throw new SyntaxError(`it does not take ${operands.length} operands`);
  return [fitting, aqrl];
}

/** Encodes by the first form that its operands fit; else throws what the last one said. */
export function assembleOne([name, ...operands]: Line, at: Context): Uint8Array {
  const [forms, aqrl] = candidates(name, operands);
  let problem: unknown;
  for (const form of forms) {
    try {
      const word = encodeForm(form, operands, aqrl, at);
      return Uint8Array.from({ length: sizeOf(form.insn) }, (_, byte) => word >>> (8 * byte));
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}

/** Bytes of a line, whose operands may still be undefined. */
export function lineBytes([name, ...operands]: Line): number {
  const [form] = candidates(name, operands)[0];
  return form === undefined ? 0 : sizeOf(form.insn);
}

/** Encodes several lines at the address of the first: none of them may depend on its own. */
export function assembleLines(lines: readonly Line[], at: Context): Uint8Array {
  const parts = lines.map((line) => assembleOne(line, at));
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  return bytes;
}
