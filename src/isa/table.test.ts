import { describe, expect, test } from "vitest";
import { isShort, patternOf } from "./insn.ts";
import type { Insn } from "./insn.ts";
import { syntaxOfInsn } from "./encoding.ts";
import { HOT_INSNS, OPS, SLOW_INSNS, SLOW_OPS, isNameOnly } from "./opcodes.ts";
import { OPERANDS } from "./operands.ts";
import { INSNS, LONG_INSNS, SHORT_INSNS, insnNamed } from "./table.ts";

function namesOf(insns: readonly Insn[]): string[] {
  return insns.map(({ name }) => name);
}

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
    const wrong = INSNS.filter(
      (insn) => insn.bits.replaceAll(" ", "").length !== (isShort(insn) ? 16 : 32),
    );
    expect(namesOf(wrong)).toEqual([]);
  });

  test("fixes or gives to an operand every bit, and none to both", () => {
    const wrong = INSNS.filter((insn) => {
      const all = isShort(insn) ? 0xffff : 0xffff_ffff;
      const [operands, fixed] = [operandMask(insn), fixedMask(insn)];
      return (operands | fixed) >>> 0 !== all || (operands & fixed) !== 0;
    });
    expect(namesOf(wrong)).toEqual(["fence", "fence.tso", "fence.i", "amocas.q"]);
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
    const nested = INSNS.filter(({ within }) => within !== undefined);
    const wrong = nested.filter((insn) => {
      const outer = insnNamed(insn.within ?? "");
      if (outer === undefined) return true;
      const [inner, around] = [patternOf(insn), patternOf(outer)];
      return (around.mask & ~inner.mask) !== 0 || !overlap(insn, outer);
    });
    expect(namesOf(wrong)).toEqual([]);
  });

  test("says rm exactly where a rounding mode is written", () => {
    const wrong = LONG_INSNS.filter((insn) => {
      const written = syntaxOfInsn(insn).operands.includes("rm");
      return ("slow" in insn.sem && insn.sem.rm === true) !== written;
    });
    expect(namesOf(wrong)).toEqual([]);
  });

  test("expands short rows to long rows of the table", () => {
    const long = new Set(namesOf(LONG_INSNS));
    expect(namesOf(SHORT_INSNS.filter(({ expand }) => !long.has(expand)))).toEqual([]);
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
