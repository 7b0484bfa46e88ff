import { describe, expect, test } from "vitest";
import { AssembleError, assemble, assembleWords } from "./assemble.ts";
import { disassemble } from "./disassemble.ts";

function text(source: string, origin = 0n): string[] {
  let address = origin;
  return assembleWords(source, { origin }).map((word) => {
    const line = disassemble(word, { address });
    address += (word & 3) === 3 ? 4n : 2n;
    return line;
  });
}

describe("instructions", () => {
  test("encode as the manual's examples do", () => {
    expect(assembleWords("addi a0, a1, 5\nnop\nret\necall")).toEqual([
      0x0055_8513, 0x0000_0013, 0x0000_8067, 0x0000_0073,
    ]);
  });

  test("take registers by ABI name, number and fp", () => {
    expect(assembleWords("mv s0, fp; mv x8, x8; mv fp, s0")).toEqual([
      0x0004_0413, 0x0004_0413, 0x0004_0413,
    ]);
  });

  test("take ordering suffixes and leave out rounding modes", () => {
    expect(text("amoadd.d.aqrl a0, a1, (a2)\nlr.w.aq a0, (a1)\nfadd.d fa0, fa1, fa2")).toEqual([
      "amoadd.d.aqrl a0,a1,(a2)",
      "lr.w.aq a0,(a1)",
      "fadd.d fa0,fa1,fa2",
    ]);
  });

  test("take CSRs by name and number", () => {
    expect(text("csrr a0, mstatus\ncsrw 0x305, a1\ncsrrwi zero, mie, 8\nfsrmi 1")).toEqual([
      "csrr a0,mstatus",
      "csrw mtvec,a1",
      "csrwi mie,8",
      "fsrmi 1",
    ]);
  });
});

describe("labels", () => {
  test("reach forward and backward, by name and by number", () => {
    const source = "start: beqz a0, 1f\n1: j start\n1: bnez a0, 1b\n call start\n";
    expect(text(source, 0x1000n)).toEqual([
      "beqz a0,1004",
      "j 1000",
      "bnez a0,1008",
      "auipc ra,0x0",
      "jalr -12(ra)",
    ]);
  });

  test("are returned with their addresses", () => {
    const { symbols } = assemble("nop\nhere: .equ two, 2\nthree = two + 1", { origin: 0x100n });
    expect([...symbols]).toEqual([
      ["here", 0x104n],
      ["two", 2n],
      ["three", 3n],
    ]);
  });

  test("may come from outside", () => {
    const words = assembleWords("li a0, base + 4", { symbols: { base: 0x800n } });
    expect(words.map((word) => disassemble(word))).toEqual(["lui a0,0x1", "addiw a0,a0,-2044"]);
  });
});

describe("li", () => {
  const values = [
    0n,
    -1n,
    2047n,
    2048n,
    0x7fff_ffffn,
    0x8000_0000n,
    -0x8000_0000n,
    0x7fff_ffff_ffff_ffffn,
    -0x8000_0000_0000_0000n,
    0x1234_5678_9abc_def0n,
    0xffff_ffff_0000_0001n,
    0x800n << 40n,
  ];

  /** Executes the few instructions that li consists of. */
  function run(words: readonly number[]): bigint {
    let value = 0n;
    for (const word of words) {
      const low = BigInt(word >> 20);
      const source = ((word >> 15) & 31) === 0 ? 0n : value;
      if ((word & 0x7f) === 0x37) value = BigInt(word & ~0xfff);
      else if ((word & 0x7f) === 0x1b) value = BigInt.asIntN(32, source + low);
      else if (((word >> 12) & 7) === 1) value = source << (low & 63n);
      else value = source + low;
      value = BigInt.asIntN(64, value);
    }
    return value;
  }

  test.each(values.map((value) => [value.toString(16), value] as const))("loads %s", (_, value) => {
    const words = assembleWords(`li a0, ${value}`);
    expect(run(words)).toBe(BigInt.asIntN(64, value));
    expect(words.length).toBeLessThanOrEqual(8);
  });
});

describe("directives", () => {
  test("write data of every width, little-endian", () => {
    const { bytes } = assemble(".byte 1, -1\n.half 0x1234\n.word 0xdeadbeef\n.dword -2");
    expect([...bytes]).toEqual([
      1, 255, 0x34, 0x12, 0xef, 0xbe, 0xad, 0xde, 0xfe, 255, 255, 255, 255, 255, 255, 255,
    ]);
  });

  test("write strings and floating-point numbers", () => {
    const { bytes } = assemble(String.raw`.asciz "a#\n", "b;"; .float 1.5, -inf`);
    expect([...bytes]).toEqual([97, 35, 10, 0, 98, 59, 0, 0, 0, 192, 63, 0, 0, 128, 255]);
  });

  test("align with nops and fill with zeros", () => {
    expect(text("c.nop\n.align 3\n")).toEqual(["nop", "nop", "nop"]);
    expect(assemble("nop\n.org 16\n.space 4, 7", { origin: 8n }).bytes.length).toBe(12);
  });

  test("name data that la and call find", () => {
    expect(text("la a0, data\ndata: .word 0x13")).toEqual(["auipc a0,0x0", "addi a0,a0,8", "nop"]);
  });
});

describe("errors say what is wrong with which line", () => {
  test.each([
    ["nop\naddi a0,a1,5000", "line 2: addi a0,a1,5000: operand 5000 is outside -2048…2047"],
    ["frob a0", "line 1: frob a0: no such instruction"],
    ["j nowhere", 'line 1: j nowhere: "nowhere" is not defined'],
    ["add a0, a1", "line 1: add a0, a1: it does not take 2 operands"],
    ["lw a0, 4(b1)", 'line 1: lw a0, 4(b1): "b1" is no integer register'],
    ["c.lui a0, 0", "line 1: c.lui a0, 0: the encoding is reserved"],
    ["beq a0,a1,.+1", "line 1: beq a0,a1,.+1: operand 1 is no multiple of 2"],
    ["beq a0,a1,.+4096", "line 1: beq a0,a1,.+4096: operand 4096 is outside -4096…4094"],
    [".byte 256", "line 1: .byte 256: 256 does not fit in 8 bits"],
    ["a: nop\na: nop", 'line 2: a: nop: "a" is defined twice'],
    ["li a0, (1", "line 1: li a0, (1: a closing parenthesis is missing"],
    ["li a0, 1/0", "line 1: li a0, 1/0: division by zero"],
    [".org 4\n.org 2", "line 2: .org 2: .org would go back by 2 bytes"],
  ])("%j", (source, message) => {
    expect(() => assemble(source)).toThrow(AssembleError);
    expect(() => assemble(source)).toThrow(message);
  });
});
