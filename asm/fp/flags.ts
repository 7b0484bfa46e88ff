/**
 * The accrued exceptions of the operation under way, in fflags' bit order (unprivileged manual
 * §20.2). An instance belongs to one hart, so a global is private to it; whoever executes an
 * instruction takes the flags afterwards and ors them into fflags.
 */

/** Inexact. */
export const NX: u32 = 1;
/** Underflow: tiny after rounding, and inexact. */
export const UF: u32 = 2;
/** Overflow. */
export const OF: u32 = 4;
/** Division of a finite number by zero. */
export const DZ: u32 = 8;
/** Invalid operation. */
export const NV: u32 = 16;

let raised: u32 = 0;

export function raise(flags: u32): void {
  raised |= flags;
}

/** Returns the flags raised since the last call, and clears them. */
export function takeFlags(): u32 {
  const flags = raised;
  raised = 0;
  return flags;
}
