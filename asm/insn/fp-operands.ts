/** What the floating-point instructions share: NaN boxes, flags, and when the host's result stands. */
import { HART_FFLAGS, HART_MSTATUS } from "../generated/layout";
import { NX, takeFlags } from "../fp/flags";
import { NAN_F16, NAN_F32 } from "../fp/format";
import { RNE } from "../fp/round";
import { fs1Of, fs2Of, fs3Of, setFd, setRd } from "../hart/operands";

const FS_DIRTY: u64 = 0x6000;

/** The boxed f32; a value that is not a valid box counts as NaN (unprivileged manual §21.2). */
export function unboxF32(value: u64): u32 {
  return u32(value >> 32) == 0xffff_ffff ? u32(value) : NAN_F32;
}

export function fs1S(hs: usize, w: u32): u32 {
  return unboxF32(fs1Of(hs, w));
}

export function fs2S(hs: usize, w: u32): u32 {
  return unboxF32(fs2Of(hs, w));
}

export function fs3S(hs: usize, imm: u32): u32 {
  return unboxF32(fs3Of(hs, imm));
}

/** The boxed f16 in rs1. */
export function fs1H(hs: usize, w: u32): u32 {
  const value = fs1Of(hs, w);
  return value >> 16 == 0xffff_ffff_ffff ? u32(value) & 0xffff : NAN_F16;
}

/** Ors the flags raised since into fflags; a change makes the floating-point state dirty. */
function accrue(hs: usize): void {
  const flags = takeFlags();
  if (flags == 0) return;
  const before = u32(load<u8>(hs + HART_FFLAGS));
  if ((flags & ~before) == 0) return;
  store<u8>(hs + HART_FFLAGS, u8(before | flags));
  store<u64>(hs + HART_MSTATUS, load<u64>(hs + HART_MSTATUS) | FS_DIRTY);
}

/** Writes fd and fflags. */
export function finishD(hs: usize, w: u32, value: u64): void {
  setFd(hs, w, value);
  accrue(hs);
}

export function finishS(hs: usize, w: u32, value: u32): void {
  setFd(hs, w, 0xffff_ffff_0000_0000 | u64(value));
  accrue(hs);
}

export function finishH(hs: usize, w: u32, value: u32): void {
  setFd(hs, w, 0xffff_ffff_ffff_0000 | u64(value));
  accrue(hs);
}

/** Writes rd and fflags. */
export function finishX(hs: usize, w: u32, value: u64): void {
  setRd(hs, w, value);
  accrue(hs);
}

/** The host rounds to nearest even and cannot tell an inexact result: NX must be set already. */
export function hostRounds(hs: usize, rm: u32): bool {
  return rm == RNE && (load<u8>(hs + HART_FFLAGS) & NX) != 0;
}

/**
 * Whether a host product or quotient raises nothing but NX: its exponent field says neither zero,
 * nor possibly tiny before rounding, nor infinite, nor NaN.
 */
export function isPlainD(value: u64): bool {
  return (u32(value >> 52) & 0x7ff) - 2 < 2045;
}

export function isPlainS(value: u32): bool {
  return ((value >> 23) & 0xff) - 2 < 253;
}
