import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { LONG_INSNS } from "../../src/isa/table.ts";
import { DZ, F16, F32, F64, NV, NX, RNE, infinity, nan, zero } from "./exact.ts";
import { FS_DIRTY, type Fpu, box, compileFpu } from "./harness.ts";

const ONE_S = box(F32, 0x3f80_0000n);
const ONE_D = 0x3ff0_0000_0000_0000n;
const THREE_D = 0x4008_0000_0000_0000n;

let fpu: Fpu;

beforeAll(async () => {
  fpu = await compileFpu();
}, 60_000);

beforeEach(() => {
  fpu.fflags = 0;
});

describe("NaN boxes", () => {
  test.each(["fadd.s", "fmul.s", "fmadd.s", "fmin.s", "fsgnj.s"])(
    "%s reads a value without its box as the canonical NaN",
    (mnemonic) => {
      const unboxed = 0x3f80_0000n;
      fpu.setF(unboxed, mnemonic === "fmin.s" ? unboxed : ONE_S, ONE_S);
      fpu.run(mnemonic);
      expect([fpu.fd, fpu.fflags]).toEqual([box(F32, nan(F32)), 0]);
    },
  );

  test("one zero bit in the upper half is enough", () => {
    fpu.setF(ONE_S ^ (1n << 63n), ONE_S);
    fpu.run("fclass.s");
    expect(fpu.rd).toBe(1n << 9n);
  });

  test("the second and third operand must be boxed too", () => {
    fpu.setF(ONE_S, 0x3f80_0000n, ONE_S);
    fpu.run("fmadd.s");
    expect(fpu.fd).toBe(box(F32, nan(F32)));
    fpu.setF(ONE_S, ONE_S, 0x3f80_0000n);
    fpu.run("fmadd.s");
    expect(fpu.fd).toBe(box(F32, nan(F32)));
  });

  test.each(["s", "d"])("fcvt.%s.h wants 48 ones above", (suffix) => {
    fpu.setF(0xffff_ffff_0000_3c00n);
    fpu.run(`fcvt.${suffix}.h`);
    expect(fpu.fd).toBe(suffix === "s" ? box(F32, nan(F32)) : nan(F64));
  });

  test("fsgnj.s takes the sign of NaN for an unboxed second operand", () => {
    fpu.setF(box(F32, 0xbf80_0000n), 0xbf80_0000n);
    fpu.run("fsgnj.s");
    expect(fpu.fd).toBe(ONE_S);
  });
});

describe("sign injection", () => {
  const quiet = zero(F64, 1n) | infinity(F64) | 0x123n;

  test.each([
    ["fsgnj.d", zero(F64, 1n) | ONE_D],
    ["fsgnjn.d", ONE_D],
    ["fsgnjx.d", zero(F64, 1n) | ONE_D],
  ])("%s", (mnemonic, expected) => {
    fpu.setF(ONE_D, zero(F64, 1n));
    fpu.run(mnemonic);
    expect(fpu.fd).toBe(expected);
  });

  test("hands NaN on as it is and raises nothing", () => {
    fpu.setF(quiet, quiet);
    fpu.run("fsgnj.d");
    expect([fpu.fd, fpu.fflags]).toEqual([quiet, 0]);
  });
});

describe("moves", () => {
  const raw = 0x8765_4321_8bcd_f123n;

  test.each([
    ["fmv.x.w", 0xffff_ffff_8bcd_f123n],
    ["fmv.x.h", 0xffff_ffff_ffff_f123n],
    ["fmv.x.d", raw],
  ])("%s takes the bits as they are", (mnemonic, expected) => {
    fpu.setF(raw);
    fpu.run(mnemonic);
    expect(fpu.rd).toBe(expected);
  });

  test.each([
    ["fmv.w.x", F32],
    ["fmv.h.x", F16],
    ["fmv.d.x", F64],
  ] as const)("%s boxes", (mnemonic, format) => {
    fpu.setX(raw);
    fpu.run(mnemonic);
    expect(fpu.fd).toBe(box(format, BigInt.asUintN(format.bits, raw)));
  });
});

describe("fli", () => {
  const FRACTIONS = [0.25, 0.3125, 0.375, 0.4375, 0.5, 0.625, 0.75, 0.875];
  const ONES = [1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 8, 16, 128, 256, 32768, 65536];
  const small = [2 ** -16, 2 ** -15, 2 ** -8, 2 ** -7, 2 ** -4, 2 ** -3];
  const table = (least: number): number[] => [
    ...[-1, least, ...small, ...FRACTIONS, ...ONES],
    Infinity,
    NaN,
  ];
  const view = new DataView(new ArrayBuffer(8));

  test("fli.s loads the 32 constants", () => {
    for (const [index, value] of table(2 ** -126).entries()) {
      view.setFloat32(0, value);
      expect(fpu.load("fli.s", index)).toBe(box(F32, BigInt(view.getUint32(0))));
    }
  });

  test("fli.d loads the 32 constants", () => {
    for (const [index, value] of table(2 ** -1022).entries()) {
      view.setFloat64(0, value);
      expect(fpu.load("fli.d", index)).toBe(view.getBigUint64(0));
    }
  });
});

describe("floating-point state", () => {
  test("flags accumulate", () => {
    fpu.setF(ONE_D, THREE_D);
    fpu.run("fdiv.d");
    expect(fpu.fflags).toBe(NX);
    fpu.setF(ONE_D, 0n);
    fpu.run("fdiv.d");
    expect([fpu.fd, fpu.fflags]).toEqual([infinity(F64), NX | DZ]);
  });

  test("a result in an f register makes it dirty", () => {
    fpu.setF(ONE_D, ONE_D);
    fpu.run("fadd.d");
    expect([fpu.fflags, fpu.fs]).toEqual([0, FS_DIRTY]);
  });

  test("a comparison makes it dirty only by a new flag", () => {
    fpu.setF(nan(F64), ONE_D);
    fpu.run("feq.d");
    expect([fpu.fflags, fpu.fs]).toEqual([0, 1n << 13n]);
    fpu.run("flt.d");
    expect([fpu.fflags, fpu.fs]).toEqual([NV, FS_DIRTY]);
    fpu.fflags = NV;
    fpu.run("flt.d");
    expect([fpu.fflags, fpu.fs]).toEqual([NV, 1n << 13n]);
  });

  test("x0 as a destination takes the flags and keeps its zero", () => {
    fpu.setF(nan(F64), ONE_D);
    fpu.run("fcvt.w.d", RNE, 0, (2 << 27) | (1 << 19));
    expect([fpu.fflags, fpu.x0]).toEqual([NV, 0n]);
  });
});

test("every floating-point instruction of the table but loads and stores can be executed", () => {
  const names = LONG_INSNS.filter(({ sem }) => "slow" in sem && sem.fp).map((row) => row.name);
  expect(names.length).toBeGreaterThan(70);
  fpu.setF(ONE_D, ONE_D, ONE_D);
  for (const name of names) expect(() => fpu.run(name), name).not.toThrow();
});
