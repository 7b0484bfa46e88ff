import { describe, expect, test } from "vitest";
import { assembleWords } from "./assemble.ts";
import { disassemble } from "./disassemble.ts";
import { encode, expand, identify, sizeOf, syntaxOfInsn, valuesOf } from "./encoding.ts";
import { isShort } from "./insn.ts";
import type { Insn } from "./insn.ts";
import { OPERANDS } from "./operands.ts";
import { randomInsn } from "./random-insn.ts";
import type { Random } from "./random-insn.ts";
import { INSNS, insnNamed } from "./table.ts";

const ROUNDS = 50;

/** A small linear congruential generator: the same numbers in every run. */
function generator(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** disassemble prints targets as addresses without 0x. */
function reassemble(text: string, insn: Insn, address: bigint): number | undefined {
  const hasTarget = syntaxOfInsn(insn).operands.some((name) => OPERANDS[name].kind === "offset");
  const source = hasTarget ? text.replace(/([0-9a-f]+)$/, "0x$1") : text;
  return assembleWords(source, { origin: address })[0];
}

describe.each(INSNS.map((insn) => [insn.name, insn] as const))("%s", (name, insn) => {
  const random = generator(name.length * 7919 + name.charCodeAt(0));
  const words = Array.from({ length: ROUNDS }, () => randomInsn(insn, random) ?? 0);

  test("is recognized and keeps its operands", () => {
    const kept = words.map((word) => encode(insn, valuesOf(insn, word)));
    expect(kept).toEqual(words);
    expect(new Set(words.map((word) => identify(word)?.name))).toEqual(new Set([name]));
  });

  test.each([false, true])("survives disassembly with aliases %s and assembly", (aliases) => {
    const address = 0x8000_0000n;
    // An alias of a short instruction is its long form.
    const tried = aliases && isShort(insn) ? [] : words;
    const texts = tried.map((word) => disassemble(word, { address, aliases }));
    expect(texts.map((text) => reassemble(text, insn, address))).toEqual(tried);
  });
});

describe("identify", () => {
  test("never throws and knows the size of every parcel", () => {
    const parcels = Array.from({ length: 0x1_0000 }, (_, parcel) => parcel);
    const wrong = parcels.filter((parcel) => {
      const insn = identify(parcel);
      return insn !== undefined && sizeOf(insn) !== ((parcel & 3) === 3 ? 4 : 2);
    });
    expect(wrong).toEqual([]);
    expect(parcels.map((parcel) => disassemble(parcel)).filter((text) => text === "")).toEqual([]);
  });

  test.each([
    ["all zeros", 0x0000],
    ["c.addi4spn without an immediate", 0x0004],
    ["c.addiw to x0", 0x2005],
    ["c.addi16sp without an immediate", 0x6101],
    ["c.lui without an immediate", 0x6081],
    ["c.lwsp to x0", 0x4002],
    ["c.ldsp to x0", 0x6002],
    ["c.jr of x0", 0x8002],
    ["c.subw's reserved neighbour", 0x9c41],
    ["quadrant 0, funct3 100", 0x8000],
  ])("refuses %s", (_, parcel) => {
    expect(identify(parcel)).toBeUndefined();
  });

  test.each([
    ["all ones", 0xffff_ffff],
    ["rounding mode 5", 0x0000_5053],
    ["rounding mode 6", 0x0000_6053],
    ["amocas.q with an odd register", 0x2805_45af],
    ["lr.w with rs2", 0x1010_202f],
    ["sfence.vma with rd", 0x1200_00f3],
    ["slliw by 32", 0x0200_101b],
    ["fli.h, which belongs to Zfh", 0xf410_0053],
  ])("refuses %s", (_, word) => {
    expect(identify(word)).toBeUndefined();
  });
});

describe("expand", () => {
  test.each([
    ["c.addi4spn a0,sp,1020", "addi a0,sp,1020"],
    ["c.lw a0,124(a1)", "lw a0,124(a1)"],
    ["c.fsd fa0,248(a1)", "fsd fa0,248(a1)"],
    ["c.nop", "addi zero,zero,0"],
    ["c.addi a0,-32", "addi a0,a0,-32"],
    ["c.addiw a0,0", "addiw a0,a0,0"],
    ["c.li a0,-1", "addi a0,zero,-1"],
    ["c.addi16sp sp,-512", "addi sp,sp,-512"],
    ["c.lui a0,0xfffe0", "lui a0,0xfffe0"],
    ["c.srai a0,0x3f", "srai a0,a0,0x3f"],
    ["c.andi a0,-1", "andi a0,a0,-1"],
    ["c.subw a0,a1", "subw a0,a0,a1"],
    ["c.slli t0,0x21", "slli t0,t0,0x21"],
    ["c.ldsp ra,504(sp)", "ld ra,504(sp)"],
    ["c.jr ra", "jalr zero,0(ra)"],
    ["c.jalr a5", "jalr ra,0(a5)"],
    ["c.mv a0,a1", "addi a0,a1,0"],
    ["c.ebreak", "ebreak"],
    ["c.add a0,a1", "add a0,a0,a1"],
    ["c.sdsp ra,504(sp)", "sd ra,504(sp)"],
    ["c.j .-2048", "jal zero,fffffffffffff800"],
    ["c.bnez a0,.+254", "bne a0,zero,fe"],
  ])("turns %s into %s", (short, long) => {
    const [word = 0] = assembleWords(short);
    const insn = insnNamed(short.split(" ")[0] ?? "");
    if (insn === undefined || !isShort(insn)) throw new Error(`${short} is no short instruction`);
    expect(disassemble(expand(insn, word).word, { aliases: false })).toBe(long);
  });
});
