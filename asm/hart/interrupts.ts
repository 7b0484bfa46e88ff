/** mip as software and the run loop see it, and which interrupt is taken (§3.1.9, §12.1.3). */
import { aclintMtimecmp } from "../irqchip/aclint";
import {
  HART_HARTID,
  HART_LINES,
  HART_MENVCFG,
  HART_MIDELEG,
  HART_MIE,
  HART_MIP,
  HART_MSTATUS,
  HART_STIMECMP,
  HART_TIMER_LINES,
} from "../generated/layout";
import { PRIV_M, PRIV_S, privOf, STATUS_MIE, STATUS_SIE } from "./status";
import { guestTime } from "./time";

export const IP_SSIP: u64 = 1 << 1;
export const IP_MSIP: u64 = 1 << 3;
export const IP_STIP: u64 = 1 << 5;
export const IP_MTIP: u64 = 1 << 7;
export const IP_SEIP: u64 = 1 << 9;
export const IP_MEIP: u64 = 1 << 11;
export const IP_S: u64 = IP_SSIP | IP_STIP | IP_SEIP;
export const IP_ALL: u64 = IP_S | IP_MSIP | IP_MTIP | IP_MEIP;

export const ENVCFG_STCE: u64 = 1 << 63;

/** Reads the clock and notes which timers have expired. */
export function pollTimers(hs: usize): void {
  const now = guestTime();
  let lines: u64 = 0;
  if (now >= aclintMtimecmp(load<u32>(hs + HART_HARTID))) lines |= IP_MTIP;
  if (load<u64>(hs + HART_MENVCFG) & ENVCFG_STCE && now >= load<u64>(hs + HART_STIMECMP)) {
    lines |= IP_STIP;
  }
  store<u32>(hs + HART_TIMER_LINES, <u32>lines);
}

/** Guest time at which the next enabled timer expires; all ones when none is enabled. */
export function nextDeadline(hs: usize): u64 {
  const mie = load<u64>(hs + HART_MIE);
  let deadline: u64 = ~0;
  if (mie & IP_MTIP) deadline = aclintMtimecmp(load<u32>(hs + HART_HARTID));
  if (mie & IP_STIP && load<u64>(hs + HART_MENVCFG) & ENVCFG_STCE) {
    const stimecmp = load<u64>(hs + HART_STIMECMP);
    if (stimecmp < deadline) deadline = stimecmp;
  }
  return deadline;
}

/** mip: software bits, external lines, timers as of the last poll. */
export function readMip(hs: usize): u64 {
  const lines = <u64>atomic.load<u32>(hs + HART_LINES);
  return load<u64>(hs + HART_MIP) | lines | <u64>load<u32>(hs + HART_TIMER_LINES);
}

/** The highest-priority bit of `pending` in the order of §3.1.9. */
function firstOf(pending: u64): u64 {
  if (pending & IP_MEIP) return 11;
  if (pending & IP_MSIP) return 3;
  if (pending & IP_MTIP) return 7;
  if (pending & IP_SEIP) return 9;
  if (pending & IP_SSIP) return 1;
  return 5;
}

export const NO_INTERRUPT: u64 = ~0;

/** The interrupt to take now (its cause number), NO_INTERRUPT when none is enabled. */
export function interruptToTake(hs: usize): u64 {
  const pending = readMip(hs) & load<u64>(hs + HART_MIE);
  if (pending == 0) return NO_INTERRUPT;
  const status = load<u64>(hs + HART_MSTATUS);
  const priv = privOf(hs);
  const mideleg = load<u64>(hs + HART_MIDELEG);
  if (priv != PRIV_M || status & STATUS_MIE) {
    const machine = pending & ~mideleg;
    if (machine) return firstOf(machine);
  }
  if (priv < PRIV_S || (priv == PRIV_S && status & STATUS_SIE)) {
    const supervisor = pending & mideleg;
    if (supervisor) return firstOf(supervisor);
  }
  return NO_INTERRUPT;
}
