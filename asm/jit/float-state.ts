/**
 * When translated code may use the host's floating point as it is: to nearest even, with inexact
 * results already noted and the state already dirty, a result well inside the exponent range raises
 * nothing and changes nothing but its register. All three only ever become true while regions run,
 * as whatever writes fcsr or mstatus is the interpreter's.
 */
import {
  HART_FFLAGS,
  HART_FRM,
  HART_JIT_FLOAT,
  HART_JIT_FLOAT_BOUND,
  HART_MSTATUS,
} from "../generated/layout";
import { NX } from "../fp/flags";
import { RMM, RNE } from "../fp/round";
import { STATUS_FS } from "../hart/status";

/**
 * Results are checked by the upper 32 bits of their pattern, shifted left by one: below this number
 * they are finite, be they f32 (infinity is 0xff00_0000) or f64 (0xffe0_0000).
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
  const host = fs == STATUS_FS && frm == RNE && (<u32>load<u8>(hs + HART_FFLAGS) & NX) != 0;
  // Reserved rounding modes make instructions illegal that use frm (unprivileged manual §20.2).
  store<u32>(hs + HART_JIT_FLOAT, <u32>(fs != 0 && frm <= RMM));
  store<u32>(hs + HART_JIT_FLOAT_BOUND, host ? BOUND : 0);
}
