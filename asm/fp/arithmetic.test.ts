import { beforeAll, describe, expect, test } from "vitest";
import {
  F32,
  F64,
  type Format,
  MODES,
  type Mode,
  type Result,
  fractionBits,
  zero,
} from "./exact.ts";
import { add, div, fma, mul, sqrt, sub } from "./exact-operations.ts";
import { type Fpu, compileFpu, differs } from "./harness.ts";
import { Random, sample, specials } from "./samples.ts";

const RANDOM_CASES = 3000;

let fpu: Fpu;

beforeAll(async () => {
  fpu = await compileFpu();
}, 60_000);

type Operation = (f: Format, a: bigint, b: bigint, c: bigint, mode: Mode) => Result;

const negate = (f: Format, x: bigint): bigint => x ^ zero(f, 1n);

const OPERATIONS: Readonly<Record<string, { arity: 1 | 2 | 3; exactly: Operation }>> = {
  fadd: { arity: 2, exactly: (f, a, b, _, mode) => add(f, a, b, mode) },
  fsub: { arity: 2, exactly: (f, a, b, _, mode) => sub(f, a, b, mode) },
  fmul: { arity: 2, exactly: (f, a, b, _, mode) => mul(f, a, b, mode) },
  fdiv: { arity: 2, exactly: (f, a, b, _, mode) => div(f, a, b, mode) },
  fsqrt: { arity: 1, exactly: (f, a, _b, _c, mode) => sqrt(f, a, mode) },
  fmadd: { arity: 3, exactly: (f, a, b, c, mode) => fma(f, a, b, c, mode) },
  fmsub: { arity: 3, exactly: (f, a, b, c, mode) => fma(f, a, b, negate(f, c), mode) },
  fnmsub: { arity: 3, exactly: (f, a, b, c, mode) => fma(f, negate(f, a), b, c, mode) },
  fnmadd: {
    arity: 3,
    exactly: (f, a, b, c, mode) => fma(f, negate(f, a), b, negate(f, c), mode),
  },
};

/** Moves b's exponent so that a × b or a / b falls near an end of the format's range. */
function towardsAnEnd(f: Format, a: bigint, b: bigint, random: Random): bigint {
  const width = BigInt(fractionBits(f));
  const top = 2 * f.emax + 1;
  const ea = Number((a >> width) & BigInt(top));
  const end = random.pick([-fractionBits(f), 0, top]) - 3 + random.below(7);
  const eb = random.below(2) === 0 ? end - ea + f.emax : ea - end + f.emax;
  if (eb < 1 || eb > 2 * f.emax) return b;
  const fraction = (1n << width) - 1n;
  return (b & (zero(f, 1n) | fraction)) | (BigInt(eb) << width);
}

/** Three operands; often such that the result is tiny, huge, or cancels. */
function operands(f: Format, random: Random, known: readonly bigint[]): bigint[] {
  const a = sample(f, random, known);
  let b = sample(f, random, known);
  let c = sample(f, random, known);
  const kind = random.below(4);
  if (kind === 0) b = towardsAnEnd(f, a, b, random);
  if (kind === 1) c = mul(f, a, b, random.pick(MODES)).bits ^ zero(f, BigInt(random.below(2)));
  if (kind === 2) b = a ^ zero(f, BigInt(random.below(2))) ^ BigInt(random.below(4));
  return [a, b, c];
}

function differences(name: string, suffix: string, f: Format, cases: Iterable<bigint[]>): string[] {
  const { arity, exactly } = OPERATIONS[name]!;
  const signature = { from: f, to: f };
  const found: string[] = [];
  for (const [a = 0n, b = 0n, c = 0n] of cases) {
    const used = [a, b, c].slice(0, arity);
    for (const mode of MODES) {
      const expected = exactly(f, a, b, c, mode);
      const difference = differs(fpu, `${name}.${suffix}`, signature, used, mode, expected);
      if (difference !== undefined) found.push(difference);
      if (found.length > 4) return found;
    }
  }
  return found;
}

function* specialCases(f: Format, arity: number): Generator<bigint[]> {
  const all = specials(f);
  // Three operands at a time are many: every third value, in all combinations, is enough.
  const some = arity === 3 ? all.filter((_, i) => i % 4 === 0 || i % 4 === 3) : all;
  for (const a of some) {
    for (const b of arity > 1 ? some : [0n]) {
      for (const c of arity > 2 ? some.filter((_, i) => i % 3 === 0) : [0n]) yield [a, b, c];
    }
  }
}

function* randomCases(f: Format, seed: bigint): Generator<bigint[]> {
  const random = new Random(seed);
  const known = specials(f);
  for (let i = 0; i < RANDOM_CASES; i++) yield operands(f, random, known);
}

describe.each([
  ["s", F32],
  ["d", F64],
] as const)("format %s", (suffix, f) => {
  test.each(Object.keys(OPERATIONS))("%s rounds every random case as defined", (name) => {
    expect(differences(name, suffix, f, randomCases(f, 0x5eedn))).toEqual([]);
  });

  test.each(["fadd", "fsub", "fmul", "fdiv", "fsqrt", "fmadd"])("%s of special values", (name) => {
    const cases = specialCases(f, OPERATIONS[name]!.arity);
    expect(differences(name, suffix, f, cases)).toEqual([]);
  });
});

test("the last bits of a product break a tie with a far larger addend", () => {
  const integer = (n: bigint, e: number): bigint =>
    (BigInt(F64.emax + fractionBits(F64) + e) << 52n) | (n & ((1n << 52n) - 1n));
  // The product is 2^105 + 2079771025, half an ulp of 2^158 and a little.
  const a = integer(0x1cd7897261e7a5n, 0);
  const b = integer(0x11c07e3756967dn, 0);
  const cases = [0n, 1n].map((odd) => [a, b, integer((1n << 52n) | odd, 106)]);
  expect(differences("fmadd", "d", F64, cases)).toEqual([]);
  expect(differences("fnmadd", "d", F64, cases)).toEqual([]);
  expect(differences("fmsub", "d", F64, cases)).toEqual([]);
});
