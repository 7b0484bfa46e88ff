/**
 * f64 fused multiply-add: to nearest even by the host's additions, several times as fast as the
 * integers of f64-fma.ts, which take over at the ends of the exponent range and in other modes.
 */
import { NX, raise } from "./flags";
import { fmaF64 } from "./f64-fma";
import { RNE } from "./round";

const FRACTION_MASK: u64 = 0x000f_ffff_ffff_ffff;
const HIDDEN: u64 = 0x0010_0000_0000_0000;
const SIGN: u64 = 0x8000_0000_0000_0000;
/** Exponent fields of a product whose error is a normal number and which is far from overflow. */
const PRODUCT_MIN: u32 = 128;
const PRODUCT_SPAN: u32 = 2045 - 128;

function expField(a: u64): u32 {
  return u32(a >> 52) & 0x7ff;
}

/** a × b + c, rounded once. */
export function fusedF64(a: u64, b: u64, c: u64, rm: u32): u64 {
  if (rm != RNE) return fmaF64(a, b, c, rm);
  const ea = expField(a);
  const eb = expField(b);
  const product = reinterpret<f64>(a) * reinterpret<f64>(b);
  const bits = reinterpret<u64>(product);
  const ep = expField(bits);
  const usual = ep - PRODUCT_MIN < PRODUCT_SPAN && ea != 0 && eb != 0 && expField(c) < 2045;
  if (!usual) return fusedRare(a, b, c, product);
  // The product's error as an integer in units of both last places: it wraps into 53 bits.
  const sigP = ((bits & FRACTION_MASK) | HIDDEN) << u64(ep - ea - eb + 1075);
  const error = i64(((a & FRACTION_MASK) | HIDDEN) * ((b & FRACTION_MASK) | HIDDEN) - sigP);
  const unit = (u64(ea + eb - 2150 + 1023) << 52) | (bits & SIGN);
  const sum = sum3(product, reinterpret<f64>(c), f64(error) * reinterpret<f64>(unit));
  // A zero is exact, as what lies below the exponent range is far below the product's error.
  const plain = expField(reinterpret<u64>(sum)) - 2 < 2045;
  if (!plain && sum != 0) return fmaF64(a, b, c, rm);
  if (inexact) raise(NX);
  return reinterpret<u64>(sum);
}

/** A product with a zero factor is exact, and so is its sum with a finite number. */
function fusedRare(a: u64, b: u64, c: u64, product: f64): u64 {
  const zero = product == 0 && (a << 1 == 0 || b << 1 == 0);
  if (zero && expField(c) < 2047) return reinterpret<u64>(product + reinterpret<f64>(c));
  return fmaF64(a, b, c, RNE);
}

/** Whether the last `sum3` was rounded. */
let inexact: bool = false;

/**
 * x + y + z rounded once, |z| ≤ ulp(x)/2: x + y = s + r exactly, and either r is 0 or r + z is at
 * most a few ulp(s), so that rounding it to odd leaves the last rounding right (Boldo, Melquiond,
 * "Emulation of a FMA and correctly rounded sums", 2008).
 */
function sum3(x: f64, y: f64, z: f64): f64 {
  const s = x + y;
  const s1 = s - x;
  const r = x - (s - s1) + (y - s1);
  const t = r + z;
  const t1 = t - r;
  const lost = r - (t - t1) + (z - t1);
  const rest = lost == 0 ? t : toOdd(t, lost);
  const sum = s + rest;
  // Where s is not 0 it is at least |rest|: cancelling leaves a multiple of ulp(x)/2.
  inexact = lost != 0 || rest - (sum - s) != 0;
  return sum;
}

/** Of the two neighbours that enclose t + lost, the one with an odd significand. */
function toOdd(t: f64, lost: f64): f64 {
  const bits = reinterpret<u64>(t);
  if (bits & 1) return t;
  return reinterpret<f64>(lost > 0 == t > 0 ? bits + 1 : bits - 1);
}
