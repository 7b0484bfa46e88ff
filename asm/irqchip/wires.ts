/** The wires of devices into whichever interrupt controller the machine has. */
import { APLIC_SOURCES, PLIC_SOURCES } from "../generated/layout";
import { hasAplic } from "./aia";
import { aplicDrive } from "./aplic";
import { lockIrqchip, unlockIrqchip } from "./lock";
import { plicDrive } from "./plic";

/** Drives a wire; the caller holds the irqchip's lock. A source that the machine lacks is ignored. */
export function wireDrive(source: u32, high: bool): void {
  if (hasAplic()) {
    if (source - 1 < <u32>APLIC_SOURCES - 1) aplicDrive(source, high);
  } else if (source - 1 < <u32>PLIC_SOURCES - 1) {
    plicDrive(source, high);
  }
}

/**
 * Drives the wire of an interrupt source, from any thread.
 *
 * @param level 0 for low, anything else for high
 */
export function wireSet(source: u32, level: u32): void {
  lockIrqchip();
  wireDrive(source, level != 0);
  unlockIrqchip();
}
