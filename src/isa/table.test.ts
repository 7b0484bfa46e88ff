import { describe, expect, test } from "vitest";
import { isShort, patternOf } from "./insn.ts";
import type { Insn } from "./insn.ts";
import { syntaxOfInsn } from "./encoding.ts";
import { HOT_INSNS, OPS, SLOW_INSNS, SLOW_OPS, isNameOnly } from "./opcodes.ts";
import { OPERANDS } from "./operands.ts";
import { INSNS, LONG_INSNS, SHORT_INSNS, insnNamed } from "./table.ts";

/** Instructions with fields that the manual says to ignore. */
const IGNORES_FIELDS = new Set(["fence", "fence.tso", "fence.i"]);

function operandMask(insn: Insn): number {
  let mask = 0;
  for (const name of syntaxOfInsn(insn).operands) {
    for (const { count, from } of OPERANDS[name].pieces) mask |= (2 ** count - 1) << from;
  }
  return mask >>> 0;
}

function fixedMask(insn: Insn): number {
  const all = isShort(insn) ? 0xffff : 0xffff_ffff;
  return (patternOf(insn).mask & all) >>> 0;
}

function overlap(a: Insn, b: Insn): boolean {
  const [p, q] = [patternOf(a), patternOf(b)];
  return ((p.value ^ q.value) & p.mask & q.mask) === 0;
}

function ancestors(insn: Insn): string[] {
  const parent = insn.within === undefined ? undefined : insnNamed(insn.within);
  return parent === undefined ? [] : [parent.name, ...ancestors(parent)];
}

describe("the instruction table", () => {
  test("names every row once", () => {
    expect(new Set(INSNS.map(({ name }) => name)).size).toBe(INSNS.length);
  });

  test("gives short rows 16 bits and long rows 32", () => {
    for (const insn of INSNS) {
      expect(insn.bits.replaceAll(" ", "").length, insn.name).toBe(isShort(insn) ? 16 : 32);
    }
  });

  test("fixes or gives to an operand every bit, and none to both", () => {
    for (const insn of INSNS) {
      if (IGNORES_FIELDS.has(insn.name)) continue;
      const all = isShort(insn) ? 0xffff : 0xffff_ffff;
      const [operands, fixed] = [operandMask(insn), fixedMask(insn)];
      // The hints of c.add fix their operand; amocas.q fixes a bit of two registers.
      if (insn.name.startsWith("c.ntl") || insn.name === "amocas.q") continue;
      expect(((operands | fixed) >>> 0).toString(2), insn.name).toBe(all.toString(2));
      expect(operands & fixed, insn.name).toBe(0);
    }
  });

  test("has no two rows that overlap, unless one lies within the other", () => {
    const overlapping = [LONG_INSNS, SHORT_INSNS].flatMap((rows: readonly Insn[]) =>
      rows.flatMap((a, at) =>
        rows
          .slice(at + 1)
          .filter((b) => overlap(a, b))
          .filter((b) => !ancestors(a).includes(b.name) && !ancestors(b).includes(a.name))
          .map((b) => `${a.name} and ${b.name}`),
      ),
    );
    expect(overlapping).toEqual([]);
  });

  test("nests only rows whose every encoding is one of the outer row's", () => {
    for (const insn of INSNS.filter(({ within }) => within !== undefined)) {
      const outer = insnNamed(insn.within ?? "");
      if (outer === undefined) throw new Error(`${insn.name} lies within no row`);
      const [inner, around] = [patternOf(insn), patternOf(outer)];
      expect((inner.mask & around.mask) >>> 0, insn.name).toBe(around.mask);
      expect(((inner.value ^ around.value) & around.mask) >>> 0, insn.name).toBe(0);
    }
  });

  test("says rm exactly where a rounding mode is written", () => {
    for (const insn of LONG_INSNS) {
      const written = syntaxOfInsn(insn).operands.includes("rm");
      expect("slow" in insn.sem && insn.sem.rm === true, insn.name).toBe(written);
    }
  });

  test("expands short rows to long rows of the table", () => {
    for (const { name, expand } of SHORT_INSNS) {
      const long = insnNamed(expand);
      expect(long !== undefined && !isShort(long), name).toBe(true);
    }
  });
});

describe("the numbers of operations", () => {
  test("leave no executed row without one", () => {
    const without = LONG_INSNS.filter(
      ({ name, sem }) =>
        !isNameOnly(name) && !("nop" in sem) && !OPS.has(name) && !SLOW_OPS.has(name),
    );
    // The decoder turns lui into li.
    expect(without.map(({ name }) => name)).toEqual(["lui"]);
  });

  test("are distinct and fit their fields", () => {
    expect(new Set(OPS.values()).size).toBe(OPS.size);
    expect(Math.max(...OPS.values())).toBeLessThan(256);
    expect(Math.max(...SLOW_OPS.values())).toBeLessThan(4096);
    expect(HOT_INSNS.length + SLOW_INSNS.length).toBeGreaterThan(200);
  });

  test("start with the fixed ones that the decode cache relies on", () => {
    expect(OPS.get("undecoded")).toBe(0);
    expect(OPS.get("illegal")).toBe(1);
  });
});
