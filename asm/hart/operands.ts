/**
 * The decoded instruction record, one u64:
 *
 *     63            32 31    24 23    16 15     8 7      0
 *     |  imm (i32)    | rs2<<3 | rs1<<3 | rd<<3  |  op   |
 *
 * Register numbers are kept shifted so that they are byte offsets into HART.x and HART.f; the bytes of
 * rd and rs1 hold nothing else. Below rs2, bit 24 is 1 for a 4-byte instruction, 0 for a compressed
 * one, and bit 25 says that a translation begins here (asm/interp/decode-cache.ts).
 *
 * For op === OP_SLOW, imm packs what the long tail of instructions needs:
 *
 *     31        20 19   15 14  12 11         0
 *     |  csr/aux  |  rs3  |  rm  |  slow op   |
 *
 * `w` below is the record's low word and `imm` its high word.
 */
import { HART_X, HART_F, HART_MSTATUS } from "../generated/layout";

/** mstatus.FS and SD: written together when a floating-point register or fflags changes. */
const MSTATUS_FS_DIRTY: u64 = 0x6000;

export function rs1Of(hs: usize, w: u32): u64 {
  return load<u64>(hs + HART_X + <usize>((w >> 16) & 0xf8));
}

export function rs2Of(hs: usize, w: u32): u64 {
  return load<u64>(hs + HART_X + <usize>((w >> 24) & 0xf8));
}

/** Writes rd; x0 stays zero. */
export function setRd(hs: usize, w: u32, value: u64): void {
  const at = (w >> 8) & 0xf8;
  if (at) store<u64>(hs + HART_X + <usize>at, value);
}

export function fs1Of(hs: usize, w: u32): u64 {
  return load<u64>(hs + HART_F + <usize>((w >> 16) & 0xf8));
}

export function fs2Of(hs: usize, w: u32): u64 {
  return load<u64>(hs + HART_F + <usize>((w >> 24) & 0xf8));
}

export function fs3Of(hs: usize, imm: u32): u64 {
  return load<u64>(hs + HART_F + <usize>((imm >> 12) & 0xf8));
}

/** Writes fd and marks the floating-point state dirty (privileged manual §3.1.6.6). */
export function setFd(hs: usize, w: u32, value: u64): void {
  store<u64>(hs + HART_F + <usize>((w >> 8) & 0xf8), value);
  store<u64>(hs + HART_MSTATUS, load<u64>(hs + HART_MSTATUS) | MSTATUS_FS_DIRTY);
}

/** The csr field, or whatever else the slow op keeps in the top 12 bits. */
export function auxOf(imm: u32): u32 {
  return imm >> 20;
}
