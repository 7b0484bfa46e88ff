/**
 * Floating point by the definition, for tests (Node, not AssemblyScript): numbers are exact reals,
 * and rounding looks at the two neighbours. Slow, and shares nothing with the code under test.
 */

/** A binary interchange format of IEEE 754-2019 §3.4. */
export interface Format {
  readonly bits: number;
  /** Significand bits, the hidden one included. */
  readonly precision: number;
  readonly emax: number;
}

export const F16: Format = { bits: 16, precision: 11, emax: 15 };
export const F32: Format = { bits: 32, precision: 24, emax: 127 };
export const F64: Format = { bits: 64, precision: 53, emax: 1023 };

/** Flags as in fflags. */
export const NX = 1;
export const UF = 2;
export const OF = 4;
export const DZ = 8;
export const NV = 16;

/** Rounding modes as in frm. */
export const MODES = [0, 1, 2, 3, 4] as const;
export type Mode = (typeof MODES)[number];
export const [RNE, RTZ, RDN, RUP, RMM] = MODES;

export interface Result {
  readonly bits: bigint;
  readonly flags: number;
}

/** What a bit pattern stands for; a finite number is (−1)^sign × n × 2^e. */
export type Datum =
  | { readonly kind: "nan"; readonly signaling: boolean }
  | { readonly kind: "infinite"; readonly sign: bigint }
  | Finite;

export interface Finite {
  readonly kind: "finite";
  readonly sign: bigint;
  readonly n: bigint;
  readonly e: number;
}

/** A positive real number, known through its approximations from below. */
export interface Real {
  /** ⌊x × 2^k⌋, and whether that is x × 2^k. */
  floor(k: number): readonly [bigint, boolean];
  /** Some integer within 2 of log2 x. */
  readonly log2: number;
}

const bitLength = (n: bigint): number => n.toString(2).length;
export const fractionBits = (f: Format): number => f.precision - 1;
const signBit = (f: Format, sign: bigint): bigint => sign << BigInt(f.bits - 1);
const quietBit = (f: Format): bigint => 1n << BigInt(f.precision - 2);

export function infinity(f: Format, sign = 0n): bigint {
  return signBit(f, sign) | (BigInt(2 * f.emax + 1) << BigInt(fractionBits(f)));
}

export const nan = (f: Format): bigint => infinity(f) | quietBit(f);
export const zero = (f: Format, sign = 0n): bigint => signBit(f, sign);

export function decode(f: Format, bits: bigint): Datum {
  const sign = bits >> BigInt(f.bits - 1);
  const hidden = 1n << BigInt(fractionBits(f));
  const fraction = bits & (hidden - 1n);
  const exp = Number((bits & (signBit(f, 1n) - 1n)) / hidden);
  const e = Math.max(exp, 1) - f.emax - fractionBits(f);
  if (exp <= 2 * f.emax) {
    return { kind: "finite", sign, n: exp === 0 ? fraction : hidden | fraction, e };
  }
  if (fraction === 0n) return { kind: "infinite", sign };
  return { kind: "nan", signaling: (fraction & quietBit(f)) === 0n };
}

/** n / d × 2^e; n and d positive. */
export function rational(n: bigint, d: bigint, e: number): Real {
  return {
    log2: bitLength(n) - bitLength(d) + e,
    floor(k) {
      const shift = e + k;
      const num = shift > 0 ? n << BigInt(shift) : n;
      const den = shift < 0 ? d << BigInt(-shift) : d;
      return [num / den, num % den === 0n];
    },
  };
}

/** √(n × 2^e); n positive. */
export function squareRoot(n: bigint, e: number): Real {
  return {
    log2: Math.floor((bitLength(n) + e) / 2),
    floor(k) {
      const [square, exact] = rational(n, 1n, e).floor(2 * k);
      const root = integerRoot(square);
      return [root, exact && root * root === square];
    },
  };
}

/** ⌊√n⌋ by Newton's method from above. */
function integerRoot(n: bigint): bigint {
  if (n < 2n) return n;
  let x = 1n << BigInt((bitLength(n) + 1) >> 1);
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

/** ⌊log2 x⌋ */
function exponentOf(x: Real): number {
  let e = x.log2 + 2;
  while (x.floor(-e)[0] === 0n) e--;
  return e;
}

/** Rounds x to a multiple of 2^e, given as that multiple. */
export function roundToMultiple(sign: bigint, x: Real, e: number, mode: Mode): [bigint, boolean] {
  const [below, exact] = x.floor(-e);
  if (exact) return [below, true];
  const [twice, half] = x.floor(1 - e);
  const order = twice === 2n * below ? -1 : half ? 0 : 1;
  const up = {
    [RNE]: order > 0 || (order === 0 && below % 2n === 1n),
    [RTZ]: false,
    [RDN]: sign === 1n,
    [RUP]: sign === 0n,
    [RMM]: order >= 0,
  }[mode];
  return [up ? below + 1n : below, false];
}

/** The correctly rounded ±x with its flags; tininess is detected after rounding. */
export function round(f: Format, sign: bigint, x: Real, mode: Mode): Result {
  const emin = 1 - f.emax;
  const e = exponentOf(x);
  const ulp = Math.max(e, emin) - fractionBits(f);
  const [n, exact] = roundToMultiple(sign, x, ulp, mode);
  const hidden = 1n << BigInt(fractionBits(f));
  // Adding the significand to the exponent field below its own carries a hidden bit into it.
  const bits = BigInt(ulp - emin + fractionBits(f)) * hidden + n;
  if (bits >= infinity(f)) {
    const away = mode === RNE || mode === RMM || mode === (sign === 1n ? RDN : RUP);
    return { bits: signBit(f, sign) | (infinity(f) - (away ? 0n : 1n)), flags: OF | NX };
  }
  const unbounded = roundToMultiple(sign, x, e - fractionBits(f), mode)[0];
  const tiny = e < emin && !(e === emin - 1 && unbounded === 2n * hidden);
  return { bits: signBit(f, sign) | bits, flags: exact ? 0 : tiny ? NX | UF : NX };
}

/** A finite datum in another format, or rounded in its own: zero keeps its sign. */
export function roundFinite(f: Format, { sign, n, e }: Finite, mode: Mode): Result {
  if (n === 0n) return { bits: zero(f, sign), flags: 0 };
  return round(f, sign, rational(n, 1n, e), mode);
}
