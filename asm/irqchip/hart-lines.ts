/** The wires from ACLINT, PLIC, APLIC and IMSIC into a hart: HART.lines, in mip's bit positions. */
import { EVENT_IRQ, HART_BASE, HART_EVENTS, HART_LINES, HART_STRIDE } from "../generated/layout";

/** mip bit positions (privileged manual §3.1.9). */
export const MIP_MSIP: u32 = 1 << 3;
export const MIP_SEIP: u32 = 1 << 9;
export const MIP_MEIP: u32 = 1 << 11;

function linesOf(hart: u32): usize {
  return HART_BASE + <usize>hart * HART_STRIDE + HART_LINES;
}

/** Makes a hart leave guest code or WFI and look at its interrupts and timer again. */
export function wakeHart(hart: u32): void {
  const events: usize = HART_BASE + <usize>hart * HART_STRIDE + HART_EVENTS;
  atomic.or<u32>(events, EVENT_IRQ);
  atomic.notify(events, -1);
}

/** Raises a wire. @returns whether it was low */
export function raiseHartLine(hart: u32, bit: u32): bool {
  return !(atomic.or<u32>(linesOf(hart), bit) & bit);
}

export function lowerHartLine(hart: u32, bit: u32): void {
  atomic.and<u32>(linesOf(hart), ~bit);
}

/** Drives one wire. Only a rising edge needs the hart's attention. */
export function driveHartLine(hart: u32, bit: u32, high: bool): void {
  if (!high) lowerHartLine(hart, bit);
  else if (raiseHartLine(hart, bit)) wakeHart(hart);
}
