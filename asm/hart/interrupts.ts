/**
 * mip as software and the run loop see it, and which interrupt is taken (§3.1.9, §12.1.3; AIA 1.0
 * chapter 5).
 */
import { aclintMtimecmp } from "../irqchip/aclint";
import { hasImsic } from "../irqchip/aia";
import { FILE_M, FILE_S, imsicSettle } from "../irqchip/imsic";
import {
  HART_HARTID,
  HART_LINES,
  HART_MENVCFG,
  HART_MIDELEG,
  HART_MIE,
  HART_MIP,
  HART_MSTATUS,
  HART_MVIEN,
  HART_MVIP,
  HART_SIE_VIRTUAL,
  HART_STIMECMP,
  HART_TIMER_LINES,
  IRQ_MACHINE_EXTERNAL,
  IRQ_SUPERVISOR_EXTERNAL,
} from "../generated/layout";
import { firstInterrupt } from "./major-priority";
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
  const lines = <u64>atomic.load<u32>(hs + HART_LINES) | <u64>load<u32>(hs + HART_TIMER_LINES);
  // With mvien.SEIP the software-written bit is mvip's alone (AIA 1.0 §5.3).
  const software = load<u64>(hs + HART_MIP) & ~(load<u64>(hs + HART_MVIEN) & IP_SEIP);
  return software | lines;
}

/** mip as software reads it: no line of an IMSIC is high without a reason. */
export function settledMip(hs: usize): u64 {
  if (hasImsic()) imsicSettle(load<u32>(hs + HART_HARTID));
  return readMip(hs);
}

/** Bits of sip and sie that mvien makes independent of mip and mie (AIA 1.0 §5.3). */
export function virtualBits(hs: usize): u64 {
  return load<u64>(hs + HART_MVIEN) & ~load<u64>(hs + HART_MIDELEG);
}

/** Those bits of sip. */
export function virtualPending(hs: usize): u64 {
  const seip = load<u64>(hs + HART_MIP) & IP_SEIP;
  return (load<u64>(hs + HART_MVIP) | seip) & virtualBits(hs);
}

/** What is pending and enabled for M-mode. */
export function machinePending(hs: usize): u64 {
  return readMip(hs) & load<u64>(hs + HART_MIE) & ~load<u64>(hs + HART_MIDELEG);
}

/** What is pending and enabled for S-mode. */
export function supervisorPending(hs: usize): u64 {
  const real = readMip(hs) & load<u64>(hs + HART_MIE) & load<u64>(hs + HART_MIDELEG);
  return real | (virtualPending(hs) & load<u64>(hs + HART_SIE_VIRTUAL));
}

export const NO_INTERRUPT: u64 = ~0;
/** With an interrupt's number: it traps to S-mode. */
export const TO_SUPERVISOR: u64 = 1 << 62;

/** The interrupt to take as HART.lines has it. */
function interruptByLines(hs: usize): u64 {
  const machine = machinePending(hs);
  const supervisor = supervisorPending(hs);
  if ((machine | supervisor) == 0) return NO_INTERRUPT;
  const status = load<u64>(hs + HART_MSTATUS);
  const priv = privOf(hs);
  if (machine && (priv != PRIV_M || status & STATUS_MIE)) {
    return <u64>firstInterrupt(hs, FILE_M, machine);
  }
  if (supervisor && (priv < PRIV_S || (priv == PRIV_S && status & STATUS_SIE))) {
    return TO_SUPERVISOR | <u64>firstInterrupt(hs, FILE_S, supervisor);
  }
  return NO_INTERRUPT;
}

/** The interrupt to take now: its number, perhaps with TO_SUPERVISOR; NO_INTERRUPT when there is none. */
export function interruptToTake(hs: usize): u64 {
  const irq = interruptByLines(hs);
  if (irq == NO_INTERRUPT || !hasImsic()) return irq;
  const number = <u32>irq;
  if (number != IRQ_MACHINE_EXTERNAL && number != IRQ_SUPERVISOR_EXTERNAL) return irq;
  // Its line may be high for an identity that was claimed meanwhile.
  imsicSettle(load<u32>(hs + HART_HARTID));
  return interruptByLines(hs);
}

/** Whether WFI ends at once: an interrupt is pending at any level (AIA 1.0 §5.5). */
export function interruptPending(hs: usize): bool {
  return (machinePending(hs) | supervisorPending(hs)) != 0;
}
