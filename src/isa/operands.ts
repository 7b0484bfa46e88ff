/**
 * Operands: where their bits lie in an instruction and how assembly writes them. One description
 * serves the assembler, the disassembler, the fuzzer and the generated decoder.
 */

/** `count` bits of the value from bit `to` upward lie in the instruction from bit `from` upward. */
export interface Piece {
  readonly to: number;
  readonly count: number;
  readonly from: number;
}

/**
 * What an operand means: an integer or floating-point register, a plain number, an offset from the
 * instruction's address, the upper 20 bits of a number, or one of the named kinds.
 */
export type OperandKind =
  | "x"
  | "f"
  | "number"
  | "offset"
  | "upper"
  | "csr"
  | "rm"
  | "order"
  | "fli"
  | "aqrl";

export interface Operand {
  readonly kind: OperandKind;
  readonly pieces: readonly Piece[];
  /** The value's top bit is its sign. */
  readonly signed?: true;
  /** Added to the bits: 8 for the three-bit register fields (unprivileged manual, chapter "C"). */
  readonly base?: number;
}

/** Reads "12|10:5@25 4:1|11@7": bits of the value, most significant first, from bit `@` upward. */
function pieces(text: string): Piece[] {
  const result: Piece[] = [];
  for (const group of text.split(" ")) {
    const [ranges = "", at = ""] = group.split("@");
    let from = Number(at);
    for (const range of ranges.split("|").toReversed()) {
      const [high = "", low = high] = range.split(":");
      const count = Number(high) - Number(low) + 1;
      result.push({ to: Number(low), count, from });
      from += count;
    }
  }
  return result;
}

function register(kind: "x" | "f", at: number): Operand {
  return { kind, pieces: pieces(`4:0@${at}`) };
}

function shortRegister(kind: "x" | "f", at: number): Operand {
  return { kind, pieces: pieces(`2:0@${at}`), base: 8 };
}

function unsigned(text: string, kind: OperandKind = "number"): Operand {
  return { kind, pieces: pieces(text) };
}

function signed(text: string, kind: OperandKind = "number"): Operand {
  return { kind, pieces: pieces(text), signed: true };
}

export const OPERANDS = {
  rd: register("x", 7),
  rs1: register("x", 15),
  rs2: register("x", 20),
  fd: register("f", 7),
  fs1: register("f", 15),
  fs2: register("f", 20),
  fs3: register("f", 27),
  i12: signed("11:0@20"),
  s12: signed("11:5@25 4:0@7"),
  b13: signed("12|10:5@25 4:1|11@7", "offset"),
  j21: signed("20|10:1|11|19:12@12", "offset"),
  u32: signed("31:12@12", "upper"),
  shamt5: unsigned("4:0@20"),
  shamt6: unsigned("5:0@20"),
  prefetch12: signed("11:5@25"),
  csr: unsigned("11:0@20", "csr"),
  zimm: unsigned("4:0@15"),
  rm: unsigned("2:0@12", "rm"),
  pred: unsigned("3:0@24", "order"),
  succ: unsigned("3:0@20", "order"),
  fli: unsigned("4:0@15", "fli"),
  aqrl: unsigned("1:0@25", "aqrl"),

  // Compressed instructions (unprivileged manual, chapter "C").
  crs2: register("x", 2),
  cfs2: register("f", 2),
  crd3: shortRegister("x", 2),
  crs13: shortRegister("x", 7),
  cfd3: shortRegister("f", 2),
  ci6: signed("5@12 4:0@2"),
  cshamt6: unsigned("5@12 4:0@2"),
  clui: signed("17@12 16:12@2", "upper"),
  caddi16sp: signed("9@12 4|6|8:7|5@2"),
  caddi4spn: unsigned("5:4|9:6|2|3@5"),
  clw: unsigned("5:3@10 2|6@5"),
  cld: unsigned("5:3@10 7:6@5"),
  clwsp: unsigned("5@12 4:2|7:6@2"),
  cldsp: unsigned("5@12 4:3|8:6@2"),
  cswsp: unsigned("5:2|7:6@7"),
  csdsp: unsigned("5:3|8:6@7"),
  cj: signed("11|4|9:8|10|6|7|3:1|5@2", "offset"),
  cb: signed("8|4:3@10 7:6|2:1|5@2", "offset"),
} as const satisfies Readonly<Record<string, Operand>>;

export type OperandName = keyof typeof OPERANDS;

/** The value's width in bits, counting a sign and the zero bits below the first piece. */
export function operandWidth(operand: Operand): number {
  return Math.max(...operand.pieces.map(({ to, count }) => to + count));
}

/** Values must be multiples of this: the lowest bit that the encoding keeps. */
export function operandStep(operand: Operand): number {
  return 2 ** Math.min(...operand.pieces.map(({ to }) => to));
}

/** Smallest and greatest value that the encoding holds. */
export function operandRange(operand: Operand): readonly [number, number] {
  const span = 2 ** operandWidth(operand);
  const step = operandStep(operand);
  const base = operand.base ?? 0;
  return operand.signed ? [-span / 2, span / 2 - step] : [base, base + span - step];
}

/** Takes the operand's value out of an instruction. */
export function extractOperand(operand: Operand, instruction: number): number {
  let value = 0;
  for (const { to, count, from } of operand.pieces) {
    value |= ((instruction >>> from) & (2 ** count - 1)) << to;
  }
  if (operand.signed) {
    const unused = 32 - operandWidth(operand);
    return (value << unused) >> unused;
  }
  return value + (operand.base ?? 0);
}

/**
 * The instruction bits that hold `value`.
 *
 * @throws RangeError when the encoding cannot hold the value
 */
export function insertOperand(operand: Operand, value: number): number {
  const [low, high] = operandRange(operand);
  if (!(value >= low && value <= high)) {
    throw new RangeError(`operand ${value} is outside ${low}…${high}`);
  }
  const step = operandStep(operand);
  if (value % step !== 0) throw new RangeError(`operand ${value} is no multiple of ${step}`);
  let bits = 0;
  for (const { to, count, from } of operand.pieces) {
    bits |= (((value - (operand.base ?? 0)) >>> to) & (2 ** count - 1)) << from;
  }
  return bits >>> 0;
}
