/**
 * A two-pass assembler for tests, the fuzzer and the reset vector: every instruction of the table by
 * its name, the usual pseudoinstructions, labels (also `1:` with `1b` and `1f`) and data directives.
 * Nothing is compressed unasked and nothing relaxed, so that the output has the written length.
 */
import { assembleLines, assembleOne, lineBytes } from "./assemble-line.ts";
import { splitOperands } from "./assemble-operands.ts";
import type { Context } from "./assemble-operands.ts";
import { DIRECTIVES, IGNORED_DIRECTIVES } from "./directives.ts";
import { evaluate } from "./expression.ts";
import { FAR_BYTES, farCall, loadAddress, loadConstant } from "./macros.ts";
import type { Line } from "./macros.ts";

export interface AssembleOptions {
  /** Address of the first byte; 0 when absent. */
  readonly origin?: bigint;
  /** Symbols that the source may use. */
  readonly symbols?: Readonly<Record<string, bigint>>;
}

export interface Assembly {
  readonly origin: bigint;
  readonly bytes: Uint8Array;
  /** Labels and constants that the source defines, by name. */
  readonly symbols: ReadonlyMap<string, bigint>;
}

/** Something is wrong with a line of the source; the message begins with its number. */
export class AssembleError extends Error {
  override readonly name = "AssembleError";
  /** From 1. */
  readonly line: number;

  constructor(line: number, source: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`line ${line}: ${source}: ${reason}`, { cause });
    this.line = line;
  }
}

/** A statement: its size is known in the first pass, its bytes in the second. */
interface Statement {
  readonly line: number;
  readonly source: string;
  readonly address: bigint;
  readonly size: number;
  readonly write: (at: Context) => Uint8Array;
}

type Shape = Pick<Statement, "size" | "write">;

const FAR: Readonly<Record<string, (operands: readonly string[], at: Context) => Line[]>> = {
  la: ([rd = "", to = ""], at) => loadAddress(rd, distance(to, at)),
  lla: ([rd = "", to = ""], at) => loadAddress(rd, distance(to, at)),
  call: ([to = ""], at) => farCall(distance(to, at), false),
  tail: ([to = ""], at) => farCall(distance(to, at), true),
};

function distance(to: string, { address, resolve }: Context): bigint {
  return BigInt.asIntN(64, evaluate(to, resolve) - address);
}

function macroShape(name: string, operands: readonly string[], at: Context): Shape | undefined {
  const far = FAR[name];
  if (far !== undefined) {
    const count = name.startsWith("l") ? 2 : 1;
    if (operands.length !== count) throw new SyntaxError(`it takes ${count} operands`);
    return { size: FAR_BYTES, write: (place) => assembleLines(far(operands, place), place) };
  }
  if (name === "c.unimp") return { size: 2, write: () => new Uint8Array(2) };
  if (name !== "li") return undefined;
  const [rd = "", value] = operands;
  if (value === undefined || operands.length > 2) throw new SyntaxError("it takes 2 operands");
  const bytes = assembleLines(loadConstant(rd, evaluate(value, at.resolve)), at);
  return { size: bytes.length, write: () => bytes };
}

function shape(name: string, operands: readonly string[], at: Context): Shape {
  const directive = DIRECTIVES[name];
  if (directive !== undefined) {
    const size = directive.size(operands, at);
    return { size, write: (place) => directive.write(operands, place) };
  }
  const macro = macroShape(name, operands, at);
  if (macro !== undefined) return macro;
  const line: Line = [name, ...operands];
  return { size: lineBytes(line), write: (place) => assembleOne(line, place) };
}

class Assembler {
  readonly #origin: bigint;
  readonly #given: ReadonlyMap<string, bigint>;
  readonly #symbols = new Map<string, bigint>();
  /** Addresses of each numeric label, in order. */
  readonly #local = new Map<string, bigint[]>();
  readonly #statements: Statement[] = [];
  #address: bigint;

  constructor({ origin = 0n, symbols = {} }: AssembleOptions) {
    this.#origin = origin;
    this.#address = origin;
    this.#given = new Map(Object.entries(symbols));
  }

  #resolve(name: string, address: bigint): bigint | undefined {
    if (name === ".") return address;
    const [, label, side] = /^(\d+)([bf])$/.exec(name) ?? [];
    if (label === undefined) return this.#symbols.get(name) ?? this.#given.get(name);
    const places = this.#local.get(label) ?? [];
    return side === "b"
      ? places.findLast((at) => at <= address)
      : places.find((at) => at > address);
  }

  #context(address: bigint): Context {
    return { address, resolve: (name) => this.#resolve(name, address) };
  }

  #define(name: string, value: bigint): void {
    if (/^\d+$/.test(name)) {
      this.#local.set(name, [...(this.#local.get(name) ?? []), value]);
      return;
    }
    if (this.#symbols.has(name)) throw new SyntaxError(`"${name}" is defined twice`);
    this.#symbols.set(name, value);
  }

  /** `.equ name, value`, `.set name, value` and `name = value`. */
  #assign(text: string): boolean {
    const [, name, value] =
      /^\.(?:equ|set)\s+([\w.$]+)\s*,(.*)$/.exec(text) ??
      /^([A-Za-z_.$][\w.$]*)\s*=(?!=)(.*)$/.exec(text) ??
      [];
    if (name === undefined || value === undefined) return false;
    this.#define(name, evaluate(value, this.#context(this.#address).resolve));
    return true;
  }

  #statement(text: string, line: number): void {
    const [, label, rest] = /^\s*([\w.$]+):(.*)$/s.exec(text) ?? [];
    if (label !== undefined && rest !== undefined) {
      this.#define(label, this.#address);
      this.#statement(rest, line);
      return;
    }
    const source = text.trim();
    if (source === "" || this.#assign(source)) return;
    const [, name = "", operands = ""] = /^(\S+)\s*(.*)$/s.exec(source) ?? [];
    if (IGNORED_DIRECTIVES.has(name)) return;
    const address = this.#address;
    const made = shape(name, splitOperands(operands), this.#context(address));
    this.#statements.push({ line, source, address, ...made });
    this.#address += BigInt(made.size);
  }

  read(source: string): void {
    for (const [at, text] of source.split("\n").entries()) {
      for (const statement of splitStatements(text)) {
        try {
          this.#statement(statement, at + 1);
        } catch (error) {
          throw new AssembleError(at + 1, statement.trim(), error);
        }
      }
    }
  }

  finish(): Assembly {
    const bytes = new Uint8Array(Number(this.#address - this.#origin));
    for (const { line, source, address, write } of this.#statements) {
      try {
        bytes.set(write(this.#context(address)), Number(address - this.#origin));
      } catch (error) {
        throw new AssembleError(line, source, error);
      }
    }
    return { origin: this.#origin, bytes, symbols: this.#symbols };
  }
}

/** Drops comments (`#`, `//`) and splits at semicolons, neither of them inside quotes. */
function splitStatements(text: string): string[] {
  const parts = text.match(/"(?:\\.|[^"\\])*"|'(?:\\.|[^\\])'|#.*|\/\/.*|;|[^"'#;/]+|./g) ?? [];
  const code = parts.filter((part) => !part.startsWith("#") && !part.startsWith("//"));
  const statements = [""];
  for (const part of code) {
    if (part === ";") statements.push("");
    else statements.push((statements.pop() ?? "") + part);
  }
  return statements;
}

/**
 * Assembles a source text.
 *
 * @throws AssembleError with the line number and one sentence on what is wrong
 */
export function assemble(source: string, options: AssembleOptions = {}): Assembly {
  const assembler = new Assembler(options);
  assembler.read(source);
  return assembler.finish();
}

/** Assembles instructions only and returns them as words, short ones in 16 bits. */
export function assembleWords(source: string, options: AssembleOptions = {}): number[] {
  const { bytes } = assemble(source, options);
  const view = new DataView(bytes.buffer);
  const words: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const long = (view.getUint8(at) & 3) === 3;
    words.push(long ? view.getUint32(at, true) : view.getUint16(at, true));
    at += long ? 4 : 2;
  }
  return words;
}
