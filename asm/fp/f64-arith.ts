/**
 * f64 addition, multiplication, division and square root. To nearest even, the host's operation
 * gives the result, and its exact rounding error, found from it, tells whether to raise NX;
 * whatever else (directed modes, special values, the ends of the exponent range) goes to integers.
 */
import { DZ, NX, raise } from "./flags";
import { SIGN_F64, nanOfF64 } from "./format";
import { exponentF64, fmaF64, significandF64, zeroSumF64 } from "./f64-fma";
import { F64_EXP_MAX, F64_FRACTION, RNE, roundPack } from "./round";

const ONE: u64 = 0x3ff0_0000_0000_0000;
const INF: u64 = 0x7ff0_0000_0000_0000;
const HIDDEN: u64 = 0x0010_0000_0000_0000;
/** Operands and sums below this cannot overflow a step of TwoSum. */
const SUM_LIMIT: f64 = 4.49423283715579e307; // 2^1022

export function addF64(a: u64, b: u64, rm: u32): u64 {
  const x = reinterpret<f64>(a);
  const y = reinterpret<f64>(b);
  if (!(abs(x) < SUM_LIMIT && abs(y) < SUM_LIMIT)) return addSpecial(a, b, rm);
  const sum = x + y;
  if (sum == 0) return zeroSumF64(a, b, rm);
  // TwoSum (Knuth): sum + error = x + y exactly.
  const t = sum - x;
  const error = x - (sum - t) + (y - t);
  if (error == 0) return reinterpret<u64>(sum);
  if (rm != RNE) return fmaF64(a, ONE, b, rm);
  raise(NX);
  return reinterpret<u64>(sum);
}

export function subF64(a: u64, b: u64, rm: u32): u64 {
  return addF64(a, b ^ SIGN_F64, rm);
}

/** An operand is huge, infinite or NaN. */
function addSpecial(a: u64, b: u64, rm: u32): u64 {
  if ((a & INF) != INF && (b & INF) != INF) return fmaF64(a, ONE, b, rm);
  const sum = reinterpret<f64>(a) + reinterpret<f64>(b);
  return sum == sum ? reinterpret<u64>(sum) : nanOfF64(a, b);
}

/** Exponent field 1 to 2046: neither zero nor subnormal nor infinite nor NaN. */
function isNormal(exp: u32): bool {
  return exp - 1 < 2046;
}

/** Exponent field 2 to 2045: a rounded result whose exact value cannot be tiny or overflow. */
function isSafe(exp: u32): bool {
  return exp - 2 < 2044;
}

function expField(a: u64): u32 {
  return u32(a >> 52) & 0x7ff;
}

/** The significand of a normal number as an integer of 53 bits. */
function integerOf(a: u64): u64 {
  return (a & (HIDDEN - 1)) | HIDDEN;
}

export function mulF64(a: u64, b: u64, rm: u32): u64 {
  const r = reinterpret<u64>(reinterpret<f64>(a) * reinterpret<f64>(b));
  const ea = expField(a);
  const eb = expField(b);
  const er = expField(r);
  if (rm == RNE && isSafe(er) && isNormal(ea) && isNormal(eb)) {
    // |a × b − r| ≤ ulp(r)/2 in units of both ulps fits in 64 bits, so that wrapping is harmless.
    const k = er - ea - eb + 1075;
    if (integerOf(a) * integerOf(b) != integerOf(r) << k) raise(NX);
    return r;
  }
  return mulSpecial(a, b, r, rm);
}

function mulSpecial(a: u64, b: u64, r: u64, rm: u32): u64 {
  if ((r & ~SIGN_F64) > INF) return nanOfF64(a, b);
  const infinite = (a & INF) == INF || (b & INF) == INF;
  if (infinite || a << 1 == 0 || b << 1 == 0) return r;
  // Adding a zero of the product's sign changes nothing.
  return fmaF64(a, b, (a ^ b) & SIGN_F64, rm);
}

export function divF64(a: u64, b: u64, rm: u32): u64 {
  const r = reinterpret<u64>(reinterpret<f64>(a) / reinterpret<f64>(b));
  const ea = expField(a);
  const eb = expField(b);
  const er = expField(r);
  if (rm == RNE && isSafe(er) && isNormal(ea) && isNormal(eb)) {
    const k = ea - eb - er + 1075;
    if (integerOf(a) << k != integerOf(r) * integerOf(b)) raise(NX);
    return r;
  }
  return divSpecial(a, b, r, rm);
}

function divSpecial(a: u64, b: u64, r: u64, rm: u32): u64 {
  if ((r & ~SIGN_F64) > INF) return nanOfF64(a, b);
  if ((a & INF) == INF || (b & INF) == INF || a << 1 == 0) return r;
  if (b << 1 == 0) {
    raise(DZ);
    return r;
  }
  // The quotient q of the significands as numbers in [1, 2), and the sign of its error.
  const sigA = significandF64(a) >> 11;
  const sigB = significandF64(b) >> 11;
  const q = reinterpret<u64>(f64(sigA) / f64(sigB));
  const eq = expField(q);
  const error = i64((sigA << (1075 - eq)) - integerOf(q) * sigB);
  const exp = exponentF64(a) - exponentF64(b) + i32(eq);
  return packNear((a ^ b) >> 63, exp, integerOf(q), error, rm);
}

/**
 * Rounds a quotient or square root known as its nearest 53-bit significand and the sign of what
 * that leaves out. Half-way cases do not occur, and a nearest power of two is never too large: both
 * keep further away from it than half an ulp.
 */
function packNear(sign: u64, exp: i32, nearest: u64, error: i64, rm: u32): u64 {
  let sig = nearest << 11;
  if (error > 0) sig |= 1;
  if (error < 0) --sig;
  return roundPack(sign, exp, sig, rm, F64_FRACTION, F64_EXP_MAX);
}

export function sqrtF64(a: u64, rm: u32): u64 {
  const r = reinterpret<u64>(sqrt<f64>(reinterpret<f64>(a)));
  if ((r & ~SIGN_F64) > INF) return nanOfF64(a, a);
  if (a << 1 == 0 || a == INF) return r;
  // The bias is odd: an even field is an odd exponent, which leaves a factor 2 to the significand.
  const sig = significandF64(a) >> (exponentF64(a) & 1 ? 11 : 10);
  const root = integerOf(r);
  const error = i64((sig << 52) - root * root);
  if (error == 0) return r;
  if (rm != RNE) return packNear(0, i32(expField(r)), root, error, rm);
  raise(NX);
  return r;
}
