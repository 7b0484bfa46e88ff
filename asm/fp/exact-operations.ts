/** The operations of F, D, Zfhmin and Zfa by their definitions in the manual, for tests. */
import {
  DZ,
  type Datum,
  F64,
  type Finite,
  type Format,
  type Mode,
  NV,
  NX,
  RDN,
  type Result,
  RTZ,
  decode,
  fractionBits,
  infinity,
  nan,
  rational,
  round,
  roundFinite,
  roundToMultiple,
  squareRoot,
  zero,
} from "./exact.ts";

const exactly = (bits: bigint): Result => ({ bits, flags: 0 });
const isSignaling = (x: Datum): boolean => x.kind === "nan" && x.signaling;
const isZero = (x: Datum): boolean => x.kind === "finite" && x.n === 0n;
const flip = (f: Format, bits: bigint): bigint => bits ^ zero(f, 1n);

/** The result when an operand is NaN, or undefined. */
function propagated(f: Format, ...operands: Datum[]): Result | undefined {
  if (!operands.some((x) => x.kind === "nan")) return undefined;
  return { bits: nan(f), flags: operands.some(isSignaling) ? NV : 0 };
}

const invalid = (f: Format): Result => ({ bits: nan(f), flags: NV });

/** The exact sum of two finite numbers, rounded; a zero sum has the sign of both or the mode's. */
function roundedSum(f: Format, a: Finite, b: Finite, mode: Mode): Result {
  const e = Math.min(a.e, b.e);
  const signed = (x: Finite): bigint => (x.sign === 1n ? -x.n : x.n) << BigInt(x.e - e);
  const sum = signed(a) + signed(b);
  if (sum !== 0n) {
    const n = sum < 0n ? -sum : sum;
    return round(f, sum < 0n ? 1n : 0n, rational(n, 1n, e), mode);
  }
  const same = isZero(a) && isZero(b) && a.sign === b.sign;
  return exactly(zero(f, same ? a.sign : mode === RDN ? 1n : 0n));
}

export function fma(f: Format, aBits: bigint, bBits: bigint, cBits: bigint, mode: Mode): Result {
  const a = decode(f, aBits);
  const b = decode(f, bBits);
  const c = decode(f, cBits);
  // F, "Single-Precision Floating-Point Computational Instructions": ∞ × 0 + qNaN is invalid.
  if (a.kind === "infinite" && isZero(b)) return invalid(f);
  if (b.kind === "infinite" && isZero(a)) return invalid(f);
  const quiet = propagated(f, a, b, c);
  if (quiet !== undefined) return quiet;
  if (a.kind === "nan" || b.kind === "nan" || c.kind === "nan") throw new Error("unreachable");
  const sign = a.sign ^ b.sign;
  if (a.kind === "infinite" || b.kind === "infinite") {
    if (c.kind === "infinite" && c.sign !== sign) return invalid(f);
    return exactly(infinity(f, sign));
  }
  if (c.kind === "infinite") return exactly(cBits);
  return roundedSum(f, { kind: "finite", sign, n: a.n * b.n, e: a.e + b.e }, c, mode);
}

export function add(f: Format, aBits: bigint, bBits: bigint, mode: Mode): Result {
  const a = decode(f, aBits);
  const b = decode(f, bBits);
  const quiet = propagated(f, a, b);
  if (quiet !== undefined) return quiet;
  if (a.kind === "finite" && b.kind === "finite") return roundedSum(f, a, b, mode);
  if (a.kind === "infinite" && b.kind === "infinite" && a.sign !== b.sign) return invalid(f);
  return exactly(a.kind === "infinite" ? aBits : bBits);
}

export function sub(f: Format, a: bigint, b: bigint, mode: Mode): Result {
  return add(f, a, flip(f, b), mode);
}

export function mul(f: Format, aBits: bigint, bBits: bigint, mode: Mode): Result {
  const a = decode(f, aBits);
  const b = decode(f, bBits);
  const quiet = propagated(f, a, b);
  if (quiet !== undefined) return quiet;
  if (a.kind === "nan" || b.kind === "nan") throw new Error("unreachable");
  const sign = a.sign ^ b.sign;
  if (a.kind === "finite" && b.kind === "finite") {
    return roundFinite(f, { kind: "finite", sign, n: a.n * b.n, e: a.e + b.e }, mode);
  }
  return isZero(a) || isZero(b) ? invalid(f) : exactly(infinity(f, sign));
}

export function div(f: Format, aBits: bigint, bBits: bigint, mode: Mode): Result {
  const a = decode(f, aBits);
  const b = decode(f, bBits);
  const quiet = propagated(f, a, b);
  if (quiet !== undefined) return quiet;
  if (a.kind === "nan" || b.kind === "nan") throw new Error("unreachable");
  const sign = a.sign ^ b.sign;
  if (a.kind === "infinite") {
    return b.kind === "infinite" ? invalid(f) : exactly(infinity(f, sign));
  }
  if (b.kind === "infinite") return exactly(zero(f, sign));
  if (b.n === 0n) return a.n === 0n ? invalid(f) : { bits: infinity(f, sign), flags: DZ };
  if (a.n === 0n) return exactly(zero(f, sign));
  return round(f, sign, rational(a.n, b.n, a.e - b.e), mode);
}

export function sqrt(f: Format, aBits: bigint, mode: Mode): Result {
  const a = decode(f, aBits);
  const quiet = propagated(f, a);
  if (quiet !== undefined) return quiet;
  if (a.kind === "nan") throw new Error("unreachable");
  if (isZero(a)) return exactly(aBits);
  if (a.sign === 1n) return invalid(f);
  if (a.kind === "infinite") return exactly(aBits);
  return round(f, 0n, squareRoot(a.n, a.e), mode);
}

/** Between formats: fcvt.s.d, fcvt.d.s, fcvt.h.s and so on. */
export function convert(from: Format, to: Format, bits: bigint, mode: Mode): Result {
  const a = decode(from, bits);
  if (a.kind === "nan") return { bits: nan(to), flags: a.signaling ? NV : 0 };
  if (a.kind === "infinite") return exactly(infinity(to, a.sign));
  return roundFinite(to, a, mode);
}

/** The integer that a finite number rounds to, and whether it is that number. */
function integerOf(a: Finite, mode: Mode): [bigint, boolean] {
  if (a.n === 0n) return [0n, true];
  const [n, exact] = roundToMultiple(a.sign, rational(a.n, 1n, a.e), 0, mode);
  return [a.sign === 1n ? -n : n, exact];
}

/** fcvt to an integer of `width` bits; the result extends to 64 bits as the manual says. */
export function toInteger(
  f: Format,
  bits: bigint,
  mode: Mode,
  width: 32 | 64,
  signed: boolean,
): Result {
  const low = signed ? -(1n << BigInt(width - 1)) : 0n;
  const high = signed ? (1n << BigInt(width - 1)) - 1n : (1n << BigInt(width)) - 1n;
  const extended = (n: bigint): bigint => BigInt.asUintN(64, BigInt.asIntN(width, n));
  const a = decode(f, bits);
  if (a.kind === "nan") return { bits: extended(high), flags: NV };
  const [n, exact] = a.kind === "finite" ? integerOf(a, mode) : [0n, true];
  if (a.kind === "infinite" || n < low || n > high) {
    return { bits: extended(a.sign === 1n ? low : high), flags: NV };
  }
  return { bits: extended(n), flags: exact ? 0 : NX };
}

/** fcvtmod.w.d */
export function toIntegerModular(bits: bigint): Result {
  const { flags } = toInteger(F64, bits, RTZ, 32, true);
  const a = decode(F64, bits);
  const n = a.kind === "finite" ? integerOf(a, RTZ)[0] : 0n;
  return { bits: BigInt.asUintN(64, BigInt.asIntN(32, n)), flags };
}

/** fcvt from an integer. */
export function fromInteger(f: Format, value: bigint, mode: Mode): Result {
  const n = value < 0n ? -value : value;
  return roundFinite(f, { kind: "finite", sign: value < 0n ? 1n : 0n, n, e: 0 }, mode);
}

/** froundnx, and fround when `quietly`. */
export function toIntegral(f: Format, bits: bigint, mode: Mode, quietly: boolean): Result {
  const a = decode(f, bits);
  if (a.kind === "nan") return { bits: nan(f), flags: a.signaling ? NV : 0 };
  if (a.kind === "infinite") return exactly(bits);
  const [n, exact] = integerOf(a, mode);
  const size = n < 0n ? -n : n;
  const rounded = roundFinite(f, { kind: "finite", sign: a.sign, n: size, e: 0 }, mode);
  return { bits: rounded.bits, flags: exact || quietly ? 0 : NX };
}

/** −1, 0, 1, or undefined when unordered. */
function order(a: Datum, b: Datum): number | undefined {
  if (a.kind === "nan" || b.kind === "nan") return undefined;
  const key = (x: Exclude<Datum, { kind: "nan" }>): bigint => {
    const size = x.kind === "infinite" ? 1n << 4096n : x.n << BigInt(x.e + 1200);
    return x.sign === 1n ? -size : size;
  };
  const [p, q] = [key(a), key(b)];
  return p < q ? -1 : p > q ? 1 : 0;
}

export type Relation = "eq" | "lt" | "le";

/** feq, flt, fle and, `quietly`, fltq, fleq. */
export function compare(
  f: Format,
  relation: Relation,
  quietly: boolean,
  aBits: bigint,
  bBits: bigint,
): Result {
  const a = decode(f, aBits);
  const b = decode(f, bBits);
  const o = order(a, b);
  if (o === undefined) {
    const quiet = quietly && !isSignaling(a) && !isSignaling(b);
    return { bits: 0n, flags: quiet ? 0 : NV };
  }
  const holds = relation === "eq" ? o === 0 : relation === "lt" ? o < 0 : o <= 0;
  return exactly(holds ? 1n : 0n);
}

/** fmin (`which` −1) and fmax (1); `strict` makes fminm and fmaxm. */
export function extreme(
  f: Format,
  which: -1 | 1,
  strict: boolean,
  aBits: bigint,
  bBits: bigint,
): Result {
  const a = decode(f, aBits);
  const b = decode(f, bBits);
  const flags = isSignaling(a) || isSignaling(b) ? NV : 0;
  if (a.kind === "nan" || b.kind === "nan") {
    if (strict || (a.kind === "nan" && b.kind === "nan")) return { bits: nan(f), flags };
    return { bits: a.kind === "nan" ? bBits : aBits, flags };
  }
  // Of two zeros the negative one is the smaller.
  const o = order(a, b) || Number(b.sign - a.sign);
  return exactly(o * which >= 0 ? aBits : bBits);
}

/** fclass */
export function classify(f: Format, bits: bigint): Result {
  const a = decode(f, bits);
  if (a.kind === "nan") return exactly(a.signaling ? 1n << 8n : 1n << 9n);
  const subnormal = a.kind === "finite" && a.n < 1n << BigInt(fractionBits(f));
  const k = a.kind === "infinite" ? 0 : a.n === 0n ? 3 : subnormal ? 2 : 1;
  return exactly(1n << BigInt(a.sign === 1n ? k : 7 - k));
}
