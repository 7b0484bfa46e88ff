/** What a CSR write means beyond the register, as bits. */

export const CSR_EFFECT_NONE: u32 = 0;
/** Translation mode or interrupt enables may have changed: the run loop must look again. */
export const CSR_EFFECT_REENTER: u32 = 1;
/** Cached translations of S and U are stale. */
export const CSR_EFFECT_FLUSH: u32 = 2;
/** PMP changed: cached translations of every mode are stale. */
export const CSR_EFFECT_PMP: u32 = 4;
/** A timer's deadline or enable changed. */
export const CSR_EFFECT_TIMER: u32 = 8;
/** Another address space: cached translations that are not global are stale. */
export const CSR_EFFECT_SPACE: u32 = 16;
