/** The generated decoder, compiled, against records that are computed from the table's operands. */
import { beforeAll, describe, expect, test } from "vitest";
import { disassemble } from "../../src/isa/disassemble.ts";
import { expand, identify, syntaxOfInsn, valuesOf } from "../../src/isa/encoding.ts";
import type { Values } from "../../src/isa/encoding.ts";
import { isShort } from "../../src/isa/insn.ts";
import type { LongInsn } from "../../src/isa/insn.ts";
import { OPS, SLOW_OPS, isPure } from "../../src/isa/opcodes.ts";
import { randomInsn } from "../../src/isa/random-insn.ts";
import { LONG_INSNS } from "../../src/isa/table.ts";
import { DYNAMIC_BASE } from "../../src/protocol/layout.ts";
import { compileCore } from "../compile-core.ts";

interface Decoder {
  decode16(parcel: number): bigint;
  decode32(word: number): bigint;
}

let decoder: Decoder;

beforeAll(async () => {
  const wasm = await compileCore(["asm/generated/decode.ts"], "dev");
  const memory = new WebAssembly.Memory({
    initial: DYNAMIC_BASE / 0x1_0000,
    maximum: 65_536,
    shared: true,
  });
  const { instance } = await WebAssembly.instantiate(wasm, { env: { memory } });
  decoder = instance.exports as unknown as Decoder;
});

/** A decoded record (asm/hart/operands.ts). */
interface Fields {
  readonly op: number;
  readonly rd?: number;
  readonly rs1?: number;
  readonly rs2?: number;
  readonly imm?: number;
}

function number(numbers: ReadonlyMap<string, number>, name: string): number {
  const found = numbers.get(name);
  if (found === undefined) throw new Error(`no operation is called ${name}`);
  return found;
}

function pack({ op, rd = 0, rs1 = 0, rs2 = 0, imm = 0 }: Fields, long: boolean): bigint {
  const low = (op | (rd << 11) | (rs1 << 19) | (rs2 << 27) | (long ? 0x100_0000 : 0)) >>> 0;
  return (BigInt(imm >>> 0) << 32n) | BigInt(low);
}

function immediate(values: Values): number {
  const { i12, s12, b13, j21, u32, shamt5, shamt6 } = values;
  return i12 ?? s12 ?? b13 ?? j21 ?? u32 ?? shamt5 ?? shamt6 ?? 0;
}

/** Slow operations keep the raw fields. */
function slow(name: string, word: number): Fields {
  const field = (at: number): number => (word >>> at) & 31;
  const packed = (word & 0xfff0_0000) | (field(27) << 15) | (word & 0x7000);
  const imm = packed | number(SLOW_OPS, name);
  return { op: number(OPS, "slow"), rd: field(7), rs1: field(15), rs2: field(20), imm };
}

function opName({ name }: LongInsn, rd: number, rs1: number): string {
  if (name === "lui" || (name === "addi" && rs1 === 0)) return "li";
  if (name === "jal" && rd === 0) return "j";
  return name === "jalr" && rd === 0 ? "jr" : name;
}

const NAME_ONLY: Readonly<Record<string, string>> = { "fence.tso": "fence" };

function expected(insn: LongInsn, word: number): Fields {
  const name = NAME_ONLY[insn.name] ?? insn.name;
  const nop = { op: number(OPS, "nop") };
  const values = valuesOf(insn, word);
  const rd = values.rd ?? values.fd ?? 0;
  const writesX = isPure(insn) || name === "lui" || name === "auipc";
  if ("nop" in insn.sem || (writesX && rd === 0)) return nop;
  if ("slow" in insn.sem || ("load" in insn.sem && rd === 0)) return slow(name, word);
  const rs1 = values.rs1 ?? values.fs1 ?? 0;
  const rs2 = values.rs2 ?? values.fs2 ?? 0;
  return { op: number(OPS, opName(insn, rd, rs1)), rd, rs1, rs2, imm: immediate(values) };
}

function expectedShort(parcel: number): bigint {
  const insn = identify(parcel);
  if (insn === undefined || !isShort(insn)) {
    return pack({ op: number(OPS, "illegal"), imm: parcel }, false);
  }
  const long = expand(insn, parcel);
  const fields = expected(long.insn, long.word);
  if (insn.name === "c.ebreak") {
    return pack({ op: number(OPS, "slow"), imm: number(SLOW_OPS, "ebreak") }, false);
  }
  return pack(fields, false);
}

function expectedLong(word: number): bigint {
  const insn = identify(word);
  if (insn === undefined || isShort(insn)) {
    return pack({ op: number(OPS, "illegal"), imm: word }, true);
  }
  return pack(expected(insn, word), true);
}

let state = 1;
function random(below: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

/** The words whose record is not the expected one, with both. */
function wrongOnes(words: readonly number[]): string[] {
  return words.flatMap((word) => {
    const long = (word & 3) === 3;
    const record = BigInt.asUintN(64, long ? decoder.decode32(word) : decoder.decode16(word));
    const wanted = long ? expectedLong(word) : expectedShort(word);
    if (record === wanted) return [];
    return [`${disassemble(word)}: ${record.toString(16)}, not ${wanted.toString(16)}`];
  });
}

function list(length: number, make: (at: number) => number): number[] {
  return Array.from({ length }, (_, at) => make(at));
}

/** Random words of a row; half of them write x0 where it has an rd. */
function wordsOf(insn: LongInsn): number[] {
  const operands: readonly string[] = syntaxOfInsn(insn).operands;
  const words = list(200, (at) => {
    const zero = at % 2 === 0 && operands.includes("rd");
    return randomInsn(insn, random, (name) => (zero && name === "rd" ? 0 : undefined)) ?? -1;
  });
  // An ori or add to x0 may be a hint of another row with nothing left to choose.
  return words.filter((word) => word !== -1);
}

describe("the generated decoder", () => {
  test("decodes every 2-byte parcel", () => {
    const parcels = list(0x1_0000, (at) => at).filter((parcel) => (parcel & 3) !== 3);
    expect(wrongOnes(parcels)).toEqual([]);
  });

  test.each(LONG_INSNS.map((insn) => [insn.name, insn] as const))("decodes %s", (_, insn) => {
    expect(wrongOnes(wordsOf(insn))).toEqual([]);
  });

  test("decodes random words, most of them illegal", () => {
    const word = (): number => ((random(0x1_0000) << 16) | random(0x1_0000) | 3) >>> 0;
    expect(wrongOnes(list(300_000, word))).toEqual([]);
  });

  test("decodes every opcode, funct3 and funct7", () => {
    const registers = [0, 0x0010_8080, 0x01f0_0000, 0x0020_0080];
    const words = list(1 << 17, (at) => {
      const bits = at >> 2;
      const fixed = ((bits & 31) << 2) | 3 | ((bits & 0xe0) << 7) | ((bits >> 8) << 25);
      return (fixed | (registers[at & 3] ?? 0)) >>> 0;
    });
    expect(wrongOnes(words)).toEqual([]);
  });

  test("refuses the encodings that are defined to be illegal", () => {
    const illegal = number(OPS, "illegal");
    expect(decoder.decode16(0) & 0xffn).toBe(BigInt(illegal));
    expect(decoder.decode32(0xffff_ffff) & 0xffn).toBe(BigInt(illegal));
  });
});
