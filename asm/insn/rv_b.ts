/** Zba, Zbb, Zbc, Zbs and Zicond (unprivileged manual §28 and §15). */
import { rs1Of, rs2Of, setRd } from "../hart/operands";

export function execSh1add(a: u64, b: u64): u64 {
  return (a << 1) + b;
}

export function execSh2add(a: u64, b: u64): u64 {
  return (a << 2) + b;
}

export function execSh3add(a: u64, b: u64): u64 {
  return (a << 3) + b;
}

export function execAddUw(a: u64, b: u64): u64 {
  return (a & 0xffff_ffff) + b;
}

export function execSh1addUw(a: u64, b: u64): u64 {
  return ((a & 0xffff_ffff) << 1) + b;
}

export function execSh2addUw(a: u64, b: u64): u64 {
  return ((a & 0xffff_ffff) << 2) + b;
}

export function execSh3addUw(a: u64, b: u64): u64 {
  return ((a & 0xffff_ffff) << 3) + b;
}

export function execSlliUw(a: u64, b: u64): u64 {
  return (a & 0xffff_ffff) << (b & 63);
}

export function execAndn(a: u64, b: u64): u64 {
  return a & ~b;
}

export function execOrn(a: u64, b: u64): u64 {
  return a | ~b;
}

export function execXnor(a: u64, b: u64): u64 {
  return ~(a ^ b);
}

export function execMax(a: u64, b: u64): u64 {
  return <i64>a > <i64>b ? a : b;
}

export function execMaxu(a: u64, b: u64): u64 {
  return a > b ? a : b;
}

export function execMin(a: u64, b: u64): u64 {
  return <i64>a < <i64>b ? a : b;
}

export function execMinu(a: u64, b: u64): u64 {
  return a < b ? a : b;
}

export function execZextH(a: u64, _b: u64): u64 {
  return a & 0xffff;
}

/** Every byte becomes 0xff when it has a bit set. */
export function execOrcB(a: u64, _b: u64): u64 {
  const low: u64 = 0x7f7f_7f7f_7f7f_7f7f;
  const high: u64 = 0x8080_8080_8080_8080;
  const set = (((a & low) + low) | a) & high;
  return (set >> 7) * 0xff;
}

export function execRev8(a: u64, _b: u64): u64 {
  return bswap<u64>(a);
}

export function execBclr(a: u64, b: u64): u64 {
  return a & ~((<u64>1) << (b & 63));
}

export function execBext(a: u64, b: u64): u64 {
  return (a >> (b & 63)) & 1;
}

export function execBinv(a: u64, b: u64): u64 {
  return a ^ ((<u64>1) << (b & 63));
}

export function execBset(a: u64, b: u64): u64 {
  return a | ((<u64>1) << (b & 63));
}

export function execCzeroEqz(a: u64, b: u64): u64 {
  return b == 0 ? 0 : a;
}

export function execCzeroNez(a: u64, b: u64): u64 {
  return b != 0 ? 0 : a;
}

/** Low 64 bits of the carry-less product. */
function clmulLow(a: u64, b: u64): u64 {
  let product: u64 = 0;
  for (let rest = b, shifted = a; rest != 0; rest >>= 1, shifted <<= 1) {
    product ^= shifted & (0 - (rest & 1));
  }
  return product;
}

/** Bits 126–63 of the carry-less product. */
function clmulReversed(a: u64, b: u64): u64 {
  let product: u64 = 0;
  for (let i: u64 = 0; i < 64; i++) {
    if ((b >> i) & 1) product ^= a >> (63 - i);
  }
  return product;
}

export function execClmul(hs: usize, w: u32, _imm: u32): void {
  setRd(hs, w, clmulLow(rs1Of(hs, w), rs2Of(hs, w)));
}

export function execClmulh(hs: usize, w: u32, _imm: u32): void {
  setRd(hs, w, clmulReversed(rs1Of(hs, w), rs2Of(hs, w)) >> 1);
}

export function execClmulr(hs: usize, w: u32, _imm: u32): void {
  setRd(hs, w, clmulReversed(rs1Of(hs, w), rs2Of(hs, w)));
}
