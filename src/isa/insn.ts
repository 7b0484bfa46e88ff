/** The shape of a row of the instruction table. */
import type { FormatName, ShortFormatName } from "./formats.ts";

/**
 * What an instruction does, in one of a few ways; there is no language of semantics.
 *
 * `a` and `b` below are rs1 and rs2 or the immediate, both 64 bits wide.
 */
type Semantics =
  /** A Wasm operation as AssemblyScript spells it. `word`: on 32 bits, result sign-extended. */
  | { readonly wasm: string; readonly word?: true }
  /** The pure function `exec<fn>(a, b)` of the core. */
  | { readonly fn: string }
  /** A conditional branch, taken when this Wasm comparison of rs1 and rs2 holds. */
  | { readonly branch: string }
  | { readonly load: Width; readonly signed?: true }
  | { readonly store: Width }
  /** Floating-point loads and stores; narrow loads are NaN-boxed. */
  | { readonly fload: 2 | 4 | 8 }
  | { readonly fstore: 2 | 4 | 8 }
  /** The four that need pc or write a constant. */
  | { readonly special: "lui" | "auipc" | "jal" | "jalr" }
  /** A hint with no effect. */
  | { readonly nop: true }
  /**
   * Everything else: `exec<Name>(hs, w, imm)` of the core. `fp`: an illegal instruction while
   * mstatus.FS is off. `rm`: has a rounding-mode field.
   */
  | { readonly slow: true; readonly fp?: true; readonly rm?: true };

type Width = 1 | 2 | 4 | 8;

interface AnyRow {
  /** Mnemonic as in the manual, without .aq and .rl. */
  readonly name: string;
  /** Most significant bit first; `.` for operand bits; spaces are for reading. */
  readonly bits: string;
  /** A more general row of the same extension's room whose encodings include this one's. */
  readonly within?: string;
}

export interface LongRow extends AnyRow {
  readonly format: FormatName;
  readonly sem: Semantics;
  /** Has an opcode of its own in the interpreter's main switch. */
  readonly hot?: true;
}

export interface ShortRow extends AnyRow {
  readonly format: ShortFormatName;
  /** The 4-byte instruction that this one stands for. */
  readonly expand: string;
  /** The encoding is reserved when this field of the expansion is zero. */
  readonly nonzero?: "rd" | "rs1" | "imm";
}

export type Row = LongRow | ShortRow;

/** A row with its extension, as the rest of the program sees it. */
export type Insn = (LongRow | ShortRow) & { readonly ext: string };
export type LongInsn = LongRow & { readonly ext: string };
export type ShortInsn = ShortRow & { readonly ext: string };

export function isShort<T extends Row>(row: T): row is Extract<T, ShortRow> {
  return "expand" in row;
}

/** Fixed bits of a row: an instruction matches when `(word & mask) === value`, both unsigned. */
export interface Pattern {
  readonly mask: number;
  readonly value: number;
}

/**
 * Reads a row's bits.
 *
 * @throws RangeError when there are not 16 or 32 of them, or one is none of `01.`
 */
export function patternOf(row: Row): Pattern {
  const bits = row.bits.replaceAll(" ", "");
  if (!/^(?:[01.]{16}|[01.]{32})$/.test(bits)) {
    throw new RangeError(`the bits of ${row.name} are not 16 or 32 of "01."`);
  }
  const mask = Number.parseInt(bits.replaceAll("0", "1").replaceAll(".", "0"), 2);
  return { mask, value: Number.parseInt(bits.replaceAll(".", "0"), 2) };
}
