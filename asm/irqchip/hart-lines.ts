/** The wires from ACLINT and PLIC into a hart: HART.lines, in mip's bit positions. */
import { EVENT_IRQ, HART_BASE, HART_EVENTS, HART_LINES, HART_STRIDE } from "../generated/layout";

/** mip bit positions (privileged manual §3.1.9). */
export const MIP_MSIP: u32 = 1 << 3;
export const MIP_SEIP: u32 = 1 << 9;
export const MIP_MEIP: u32 = 1 << 11;

/** Makes a hart leave guest code or WFI and look at its interrupts and timer again. */
export function wakeHart(hart: u32): void {
  const events: usize = HART_BASE + <usize>hart * HART_STRIDE + HART_EVENTS;
  atomic.or<u32>(events, EVENT_IRQ);
  atomic.notify(events, -1);
}

/** Drives one wire. Only a rising edge needs the hart's attention. */
export function driveHartLine(hart: u32, bit: u32, high: bool): void {
  const lines: usize = HART_BASE + <usize>hart * HART_STRIDE + HART_LINES;
  if (!high) {
    atomic.and<u32>(lines, ~bit);
  } else if (!(atomic.or<u32>(lines, bit) & bit)) {
    wakeHart(hart);
  }
}
