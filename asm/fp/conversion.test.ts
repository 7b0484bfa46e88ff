import { beforeAll, describe, expect, test } from "vitest";
import { F32, F64, type Format, MODES, type Mode, RNE, type Result } from "./exact.ts";
import {
  classify,
  compare,
  convert,
  extreme,
  fromInteger,
  toInteger,
  toIntegerModular,
  toIntegral,
} from "./exact-operations.ts";
import { type Fpu, type Signature, compileFpu, differs, formatOf } from "./harness.ts";
import { Random, integerSample, sample, specials } from "./samples.ts";

const RANDOM_CASES = 3000;
const SEED = 0xc0ffeen;

let fpu: Fpu;

beforeAll(async () => {
  fpu = await compileFpu();
}, 60_000);

/** Special and random operands of a format. */
function* values(f: Format): Generator<bigint> {
  const known = specials(f);
  yield* known;
  const random = new Random(SEED);
  for (let i = 0; i < RANDOM_CASES; i++) yield sample(f, random, known);
}

function* pairs(f: Format): Generator<[bigint, bigint]> {
  const known = specials(f);
  for (const a of known) for (const b of known) yield [a, b];
  const random = new Random(SEED);
  for (let i = 0; i < RANDOM_CASES; i++) {
    const a = sample(f, random, known);
    yield [a, random.below(3) === 0 ? a ^ 1n : sample(f, random, known)];
  }
}

/** Differences between an instruction and its definition over the cases, a few at most. */
function collect(
  mnemonic: string,
  signature: Signature,
  cases: Iterable<readonly bigint[]>,
  expected: (operands: readonly bigint[], mode: Mode) => Result,
  modes: readonly Mode[] = MODES,
): string[] {
  const found: string[] = [];
  for (const operands of cases) {
    for (const mode of modes) {
      const want = expected(operands, mode);
      const difference = differs(fpu, mnemonic, signature, operands, mode, want);
      if (difference !== undefined) found.push(difference);
      if (found.length > 4) return found;
    }
  }
  return found;
}

function* singly(from: Iterable<bigint>): Generator<[bigint]> {
  for (const value of from) yield [value];
}

const INTEGERS = [
  ["w", 32, true],
  ["wu", 32, false],
  ["l", 64, true],
  ["lu", 64, false],
] as const;

describe("between formats", () => {
  const cases = ["s.d", "d.s", "s.h", "h.s", "d.h", "h.d"];

  test.each(cases)("fcvt.%s", (suffixes) => {
    const [to, from] = suffixes.split(".").map(formatOf) as [Format, Format];
    const result = (x: readonly bigint[], mode: Mode): Result => convert(from, to, x[0]!, mode);
    expect(collect(`fcvt.${suffixes}`, { from, to }, singly(values(from)), result)).toEqual([]);
  });

  test("every half-precision number converts to the wider formats and back", () => {
    const every = Array.from({ length: 0x1_0000 }, (_, i) => BigInt(i));
    for (const suffix of ["s", "d"]) {
      const [h, wide] = [formatOf("h"), formatOf(suffix)];
      const there = (x: readonly bigint[]): Result => convert(h, wide, x[0]!, RNE);
      const up = { from: h, to: wide };
      expect(collect(`fcvt.${suffix}.h`, up, singly(every), there, [RNE])).toEqual([]);
      const wides = every.map((x) => convert(h, wide, x, RNE).bits);
      const back = (x: readonly bigint[]): Result => convert(wide, h, x[0]!, RNE);
      const down = { from: wide, to: h };
      expect(collect(`fcvt.h.${suffix}`, down, singly(wides), back, [RNE])).toEqual([]);
    }
  });
});

describe.each([
  ["s", F32],
  ["d", F64],
] as const)("format %s", (suffix, f) => {
  test.each(INTEGERS)("to %s", (name, width, signed) => {
    const result = (x: readonly bigint[], mode: Mode): Result =>
      toInteger(f, x[0]!, mode, width, signed);
    const mnemonic = `fcvt.${name}.${suffix}`;
    expect(collect(mnemonic, { from: f }, singly(values(f)), result)).toEqual([]);
  });

  test.each(INTEGERS)("from %s", (name, width, signed) => {
    const random = new Random(SEED);
    const cases = [0n, 1n, -1n, 1n << 31n, -1n << 31n, 1n << 63n, (1n << 63n) - 1n]
      .concat(Array.from({ length: RANDOM_CASES }, () => integerSample(width, random)))
      .map((x): [bigint] => [BigInt.asUintN(64, random.below(2) === 0 ? x : -x)]);
    const result = ([x = 0n]: readonly bigint[], mode: Mode): Result =>
      fromInteger(f, signed ? BigInt.asIntN(width, x) : BigInt.asUintN(width, x), mode);
    expect(collect(`fcvt.${suffix}.${name}`, { to: f }, cases, result)).toEqual([]);
  });

  test.each([
    ["fround", true],
    ["froundnx", false],
  ])("%s", (name, quietly) => {
    const result = (x: readonly bigint[], mode: Mode): Result =>
      toIntegral(f, x[0]!, mode, quietly);
    const signature = { from: f, to: f };
    expect(collect(`${name}.${suffix}`, signature, singly(values(f)), result)).toEqual([]);
  });

  test.each([
    ["feq", "eq", true],
    ["flt", "lt", false],
    ["fle", "le", false],
    ["fltq", "lt", true],
    ["fleq", "le", true],
  ] as const)("%s", (name, relation, quietly) => {
    const result = ([a = 0n, b = 0n]: readonly bigint[]): Result =>
      compare(f, relation, quietly, a, b);
    expect(collect(`${name}.${suffix}`, { from: f }, pairs(f), result, [RNE])).toEqual([]);
  });

  test.each([
    ["fmin", -1, false],
    ["fmax", 1, false],
    ["fminm", -1, true],
    ["fmaxm", 1, true],
  ] as const)("%s", (name, which, strict) => {
    const result = ([a = 0n, b = 0n]: readonly bigint[]): Result => extreme(f, which, strict, a, b);
    const signature = { from: f, to: f };
    expect(collect(`${name}.${suffix}`, signature, pairs(f), result, [RNE])).toEqual([]);
  });

  test("fclass", () => {
    const result = (x: readonly bigint[]): Result => classify(f, x[0]!);
    const cases = singly(values(f));
    expect(collect(`fclass.${suffix}`, { from: f }, cases, result, [RNE])).toEqual([]);
  });
});

test("fcvtmod.w.d keeps the low word of any number", () => {
  const result = (x: readonly bigint[]): Result => toIntegerModular(x[0]!);
  const random = new Random(SEED);
  const fraction = (1n << 52n) - 1n;
  // Exponents from below one to where the low word is zero.
  const words = Array.from({ length: 1000 }, (_, i) => {
    const exp = BigInt(F64.emax - 5 + (i % 100)) << 52n;
    return (random.next() & ((1n << 63n) | fraction)) | exp | 1n;
  });
  const cases = singly([...values(F64), ...words]);
  expect(collect("fcvtmod.w.d", { from: F64 }, cases, result, [RNE])).toEqual([]);
});
