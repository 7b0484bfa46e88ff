/**
 * f64 fused multiply-add by the host's additions, to nearest even, for when inexactness is of no
 * interest: several times as fast as the integers of f64-fma.ts.
 */

const FRACTION_MASK: u64 = 0x000f_ffff_ffff_ffff;
const HIDDEN: u64 = 0x0010_0000_0000_0000;
const SIGN: u64 = 0x8000_0000_0000_0000;
/** Exponent fields of a product whose error is a normal number and which is far from overflow. */
const PRODUCT_MIN: u32 = 128;
const PRODUCT_SPAN: u32 = 2045 - 128;

function expField(a: u64): u32 {
  return u32(a >> 52) & 0x7ff;
}

/**
 * a × b + c, rounded once to nearest even.
 *
 * @returns the result, or zero when the operands need the general way; a result that is zero,
 *   subnormal or infinite, or next to that, is not to be trusted either
 */
export function fmaHostF64(a: u64, b: u64, c: u64): u64 {
  const ea = expField(a);
  const eb = expField(b);
  const product = reinterpret<f64>(a) * reinterpret<f64>(b);
  const bits = reinterpret<u64>(product);
  const ep = expField(bits);
  const usual = ep - PRODUCT_MIN < PRODUCT_SPAN && ea != 0 && eb != 0 && expField(c) < 2045;
  if (!usual) return 0;
  // The product's error as an integer in units of both last places: it wraps into 53 bits.
  const sigP = ((bits & FRACTION_MASK) | HIDDEN) << u64(ep - ea - eb + 1075);
  const error = i64(((a & FRACTION_MASK) | HIDDEN) * ((b & FRACTION_MASK) | HIDDEN) - sigP);
  const unit = (u64(ea + eb - 2150 + 1023) << 52) | (bits & SIGN);
  return sum3(product, reinterpret<f64>(c), f64(error) * reinterpret<f64>(unit));
}

/**
 * x + y + z rounded once, |z| ≤ ulp(x)/2: x + y = s + r exactly, and either r is 0 or r + z is at
 * most a few ulp(s), so that rounding it to odd leaves the last rounding right (Boldo, Melquiond,
 * "Emulation of a FMA and correctly rounded sums", 2008).
 */
function sum3(x: f64, y: f64, z: f64): u64 {
  const s = x + y;
  const s1 = s - x;
  const r = x - (s - s1) + (y - s1);
  const t = r + z;
  const t1 = t - r;
  const lost = r - (t - t1) + (z - t1);
  return reinterpret<u64>(s + (lost == 0 ? t : toOdd(t, lost)));
}

/** Of the two neighbours that enclose t + lost, the one with an odd significand. */
function toOdd(t: f64, lost: f64): f64 {
  const bits = reinterpret<u64>(t);
  if (bits & 1) return t;
  return reinterpret<f64>(lost > 0 == t > 0 ? bits + 1 : bits - 1);
}
