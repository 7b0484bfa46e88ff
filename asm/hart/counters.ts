/**
 * cycle and instret (Zicntr): one instruction is one cycle. The guest-visible value is
 * `instret + base`, or `base` while mcountinhibit stops the counter (§3.1.12).
 */
import { HART_INSTRET, HART_MCOUNTINHIBIT } from "../generated/layout";

/** Bits of mcountinhibit for a counter: 0 cycle, 2 instret. */
export const COUNTER_CYCLE: u32 = 0;
export const COUNTER_INSTRET: u32 = 2;

function inhibited(hs: usize, counter: u32): bool {
  return ((load<u64>(hs + HART_MCOUNTINHIBIT) >> counter) & 1) != 0;
}

/** @param base address of the counter's base field in the hart's block */
export function readCounter(hs: usize, base: usize, counter: u32): u64 {
  const value = load<u64>(base);
  return inhibited(hs, counter) ? value : value + load<u64>(hs + HART_INSTRET);
}

/**
 * Writes a counter. The writing instruction has not been counted yet and must not be: the next
 * one reads exactly what was written (§3.1.10).
 */
export function writeCounter(hs: usize, base: usize, counter: u32, value: u64): void {
  const skip = load<u64>(hs + HART_INSTRET) + 1;
  store<u64>(base, inhibited(hs, counter) ? value : value - skip);
}

/** Keeps both counters' values over a write of mcountinhibit. */
export function writeInhibit(hs: usize, mcycle: usize, minstret: usize, value: u64): void {
  const cycles = readCounter(hs, mcycle, COUNTER_CYCLE);
  const retired = readCounter(hs, minstret, COUNTER_INSTRET);
  const now = load<u64>(hs + HART_INSTRET);
  store<u64>(hs + HART_MCOUNTINHIBIT, value);
  store<u64>(mcycle, inhibited(hs, COUNTER_CYCLE) ? cycles : cycles - now);
  store<u64>(minstret, inhibited(hs, COUNTER_INSTRET) ? retired : retired - now);
}
