/** Reset state of a hart (privileged manual §3.4). */
import {
  CONTROL_BASE,
  CONTROL_JIT_THRESHOLD,
  CSR_RESET_STIMECMP,
  HART_BASE,
  HART_DECODE_PAGES,
  HART_DECODE_BASE,
  HART_DECODE_USED,
  HART_EVENTS,
  HART_HARTID,
  HART_INSTRET,
  HART_JIT_SAMPLE,
  HART_JIT_THRESHOLD,
  HART_LINES,
  HART_PC,
  HART_PRIV,
  HART_STAT_RETIRED,
  HART_STIMECMP,
  HART_STRIDE,
} from "../generated/layout";
import { countBy } from "./stats";
import { PRIV_M } from "./status";

/** Bytes from the start of a hart's block to the words that others write. */
const OWN_BYTES: usize = HART_EVENTS;

export function hartBase(index: u32): usize {
  return HART_BASE + <usize>index * HART_STRIDE;
}

/** Registers to zero, M-mode, `pc`; the decode cache's place is kept. */
export function resetRegisters(hs: usize, index: u32, pc: u64): void {
  const base = load<u32>(hs + HART_DECODE_BASE);
  const pages = load<u32>(hs + HART_DECODE_PAGES);
  countBy(hs, HART_STAT_RETIRED, load<u64>(hs + HART_INSTRET));
  memory.fill(hs, 0, OWN_BYTES);
  store<u32>(hs + HART_DECODE_BASE, base);
  store<u32>(hs + HART_DECODE_PAGES, pages);
  store<u32>(hs + HART_DECODE_USED, 0);
  store<u32>(hs + HART_HARTID, index);
  store<u32>(hs + HART_PRIV, PRIV_M);
  store<u64>(hs + HART_PC, pc);
  store<u32>(hs + HART_JIT_THRESHOLD, load<u32>(CONTROL_BASE + CONTROL_JIT_THRESHOLD));
  store<u32>(hs + HART_JIT_SAMPLE, 1);
  store<u64>(hs + HART_STIMECMP, CSR_RESET_STIMECMP);
  atomic.store<u32>(hs + HART_LINES, 0);
}
