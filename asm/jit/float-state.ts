/**
 * When translated code may use the host's floating point as it is: to nearest even, with inexact
 * results already noted and the state already dirty, a result well inside the exponent range raises
 * nothing and changes nothing but its register. Nothing here is ever taken back while regions run:
 * a write of fcsr or mstatus that does so makes all of them be left.
 */
import {
  HART_FFLAGS,
  HART_FRM,
  HART_JIT_FLOAT,
  HART_JIT_FLOAT_BOUND,
  HART_MSTATUS,
} from "../generated/layout";
import { NV, NX, UF } from "../fp/flags";
import { RMM, RNE } from "../fp/round";
import { STATUS_FS } from "../hart/status";

/**
 * Bits of HART.jitFloat. No floating-point instruction is illegal; mstatus.FS is dirty; frm is to
 * nearest even; NX and UF are set: each implies those before. And NV is set.
 */
export const STATE_LEGAL: u32 = 1;
export const STATE_DIRTY: u32 = 2;
export const STATE_NEAREST: u32 = 4;
export const STATE_UNDERFLOWN: u32 = 8;
export const STATE_INVALID: u32 = 16;

/**
 * Results are checked by the upper 32 bits of their pattern, shifted left by one: below
 * this number they are finite, be they f32 (infinity is 0xff00_0000) or f64 (0xffe0_0000).
 */
const BOUND: u32 = 0xfd00_0000;

/** Whether the engine's relaxed multiply-add is fused. */
export let fusedMadd: bool = false;

/** Tells what the engine can do; this instance's constants. */
export function jitEngine(fused: u32): void {
  fusedMadd = fused != 0;
}

/** Brings HART.jitFloat and HART.jitFloatBound up to date. */
export function refreshFloat(hs: usize): void {
  const fs = load<u64>(hs + HART_MSTATUS) & STATUS_FS;
  const frm = <u32>load<u8>(hs + HART_FRM);
  const flags = <u32>load<u8>(hs + HART_FFLAGS);
  let state: u32 = 0;
  // Reserved rounding modes make instructions illegal that use frm (unprivileged manual §20.2).
  if (fs != 0 && frm <= RMM) state = STATE_LEGAL;
  if (fs == STATUS_FS) state |= state << 1;
  if (frm == RNE && state & STATE_DIRTY) state |= STATE_NEAREST;
  const host = (state & STATE_NEAREST) != 0 && (flags & NX) != 0;
  if (host && flags & UF) state |= STATE_UNDERFLOWN;
  if (state && flags & NV) state |= STATE_INVALID;
  store<u32>(hs + HART_JIT_FLOAT, state);
  store<u32>(hs + HART_JIT_FLOAT_BOUND, host ? BOUND : 0);
}
