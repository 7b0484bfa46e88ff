import { describe, expect, test } from "vitest";
import { disassemble } from "../src/isa/disassemble.ts";
import { Code, newLabel, word } from "./code.ts";

const text = ({ words }: Code): string[] =>
  words.map(({ bits }) => disassemble(bits, { aliases: false }));

/** What a sequence of lui, addi, addiw and slli leaves in its register. */
function evaluate({ words }: Code): bigint {
  let value = 0n;
  for (const { bits } of words) {
    const line = disassemble(bits, { aliases: false });
    const operand = BigInt(line.slice(line.lastIndexOf(",") + 1));
    if (line.startsWith("lui")) value = BigInt.asIntN(32, operand << 12n);
    else if (line.startsWith("addiw")) value = BigInt.asIntN(32, value + operand);
    else if (line.startsWith("slli")) value <<= operand;
    else value = line.includes("zero") ? operand : value + operand;
  }
  return BigInt.asUintN(64, value);
}

describe("constants", () => {
  const values = [0n, 1n, 0x7ffn, 0x800n, 0x7fff_ffffn, 0x8000_0000n, 0xffff_ffff_8000_0000n];
  const wide = [
    0x1234_5678_9abc_def0n,
    0x8000_0000_0000_0000n,
    0xffff_ffff_ffff_ffffn,
    0x83ff_f800n,
  ];
  test.each([...values, ...wide])("li %d", (value) => {
    const code = new Code();
    code.li(5, value);
    expect(evaluate(code)).toBe(value);
  });
});

describe("labels", () => {
  test("a jump forward is completed when its label is placed", () => {
    const code = new Code();
    const label = newLabel();
    code.jump("beq", { rs1: 1, rs2: 2 }, "b13", label);
    code.op("c.nop");
    code.place(label);
    expect(text(code)[0]).toBe("beq ra,sp,6");
  });

  test("a jump back knows its distance", () => {
    const code = new Code();
    const label = newLabel();
    code.place(label);
    code.op("addi", { rd: 5 });
    code.jump("bne", { rs1: 5 }, "b13", label);
    expect(disassemble(code.words[1]?.bits ?? 0, { address: 4n, aliases: false })).toBe(
      "bne t0,zero,0",
    );
  });
});

test("a unit covers what its body emits", () => {
  const code = new Code();
  code.op("addi");
  code.unit("pair", () => {
    code.op("addi");
    code.op("c.nop");
  });
  expect(code.units).toEqual([{ kind: "pair", from: 1, to: 3 }]);
  expect(code.size).toBe(10);
});

test("an unknown instruction is refused", () => {
  expect(() => word("frobnicate")).toThrow("no instruction is called frobnicate");
});
