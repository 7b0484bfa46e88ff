/** M: the parts that Wasm has no single operation for (unprivileged manual §12). */

/** High 64 bits of the 128-bit unsigned product. */
export function execMulhu(a: u64, b: u64): u64 {
  const aLow = a & 0xffff_ffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffff_ffff;
  const bHigh = b >> 32;
  const middle = aHigh * bLow + ((aLow * bLow) >> 32);
  const carry = aLow * bHigh + (middle & 0xffff_ffff);
  return aHigh * bHigh + (middle >> 32) + (carry >> 32);
}

export function execMulh(a: u64, b: u64): u64 {
  const product = execMulhu(a, b);
  return product - (<u64>(<i64>a >> 63) & b) - (<u64>(<i64>b >> 63) & a);
}

export function execMulhsu(a: u64, b: u64): u64 {
  return execMulhu(a, b) - (<u64>(<i64>a >> 63) & b);
}

/** §12.2: division by zero gives all ones, and the overflow of signed division the dividend. */
export function execDiv(a: u64, b: u64): u64 {
  if (b == 0) return ~0;
  if (b == ~0) return 0 - a;
  return <u64>(<i64>a / <i64>b);
}

export function execDivu(a: u64, b: u64): u64 {
  return b == 0 ? ~0 : a / b;
}

export function execRem(a: u64, b: u64): u64 {
  if (b == 0) return a;
  if (b == ~0) return 0;
  return <u64>(<i64>a % <i64>b);
}

export function execRemu(a: u64, b: u64): u64 {
  return b == 0 ? a : a % b;
}

function sext(word: u32): u64 {
  return <u64>(<i64>(<i32>word));
}

export function execDivw(a: u64, b: u64): u64 {
  const x = <i32>a;
  const y = <i32>b;
  if (y == 0) return ~0;
  if (y == -1) return sext(<u32>(0 - x));
  return sext(<u32>(x / y));
}

export function execDivuw(a: u64, b: u64): u64 {
  return <u32>b == 0 ? ~0 : sext(<u32>a / <u32>b);
}

export function execRemw(a: u64, b: u64): u64 {
  const x = <i32>a;
  const y = <i32>b;
  if (y == 0) return sext(<u32>x);
  if (y == -1) return 0;
  return sext(<u32>(x % y));
}

export function execRemuw(a: u64, b: u64): u64 {
  return <u32>b == 0 ? sext(<u32>a) : sext(<u32>a % <u32>b);
}
