/**
 * 128-bit results of 64-bit arithmetic. A Wasm function returns one value cheaply, so the high
 * half is returned and the low half stays in `low` until the next call.
 */

let lowHalf: u64 = 0;

/** The low half of the last result. */
export function low(): u64 {
  return lowHalf;
}

/** The product of two unsigned numbers. */
export function mul128(a: u64, b: u64): u64 {
  const a0 = a & 0xffff_ffff;
  const a1 = a >> 32;
  const b0 = b & 0xffff_ffff;
  const b1 = b >> 32;
  // Neither middle sum overflows: (2^32−1)² + 2·(2^32−1) = 2^64 − 1.
  const m0 = a1 * b0 + ((a0 * b0) >> 32);
  const m1 = a0 * b1 + (m0 & 0xffff_ffff);
  lowHalf = a * b;
  return a1 * b1 + (m0 >> 32) + (m1 >> 32);
}

/** Shifts right by any `n`, keeping in bit 0 whether a one was lost. */
export function shiftRightJam128(hi: u64, lo: u64, n: u32): u64 {
  if (n == 0) {
    lowHalf = lo;
    return hi;
  }
  if (n < 64) {
    lowHalf = (hi << (64 - n)) | (lo >> n) | u64(lo << (64 - n) != 0);
    return hi >> n;
  }
  if (n < 128) {
    const lost = n == 64 ? lo : (hi << (128 - n)) | lo;
    lowHalf = (n == 64 ? hi : hi >> (n - 64)) | u64(lost != 0);
    return 0;
  }
  lowHalf = u64((hi | lo) != 0);
  return 0;
}
