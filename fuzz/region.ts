/**
 * Where things lie in the guest's RAM. Every program owns a region of 64 KiB, so that all of RAM
 * can be compared afterwards and no program disturbs another:
 *
 *     page 0      context: initial state below CONTEXT_MIDDLE, final state above it
 *     page 1      log: one entry for every trap
 *     pages 2–3   code
 *     pages 4–6   data
 *     pages 7–15  page tables
 *
 * Below the regions lie the harness and, in a page of its own, the stub that takes traps in S-mode.
 */
export const RAM_BASE = 0x8000_0000;
export const RAM_BYTES = 0x400_0000;

export const HARNESS_BASE = RAM_BASE;
export const STUB_BASE = RAM_BASE + 0xf000;
/** Vectored traps enter at up to 4 × 63; the stub's SRET is behind them. */
export const STUB_SRET = 0x200;
export const STUB_BYTES = 0x400;

export const REGION_BASE = RAM_BASE + 0x1_0000;
export const REGION_BYTES = 0x1_0000;

export const PAGE = 0x1000;
export const LOG_AT = PAGE;
export const LOG_ENTRY_BYTES = 64;
/** A program ends when its log is full: traps that lead nowhere cannot hang it. */
export const LOG_ENTRIES = 40;
export const CODE_AT = 2 * PAGE;
export const CODE_BYTES = 2 * PAGE;
export const DATA_AT = 4 * PAGE;
export const DATA_BYTES = 3 * PAGE;
export const TABLES_AT = 7 * PAGE;
export const TABLES_PAGES = 9;

/** Guest-physical address of the region in slot `slot`. */
export function regionBase(slot: number): number {
  return REGION_BASE + slot * REGION_BYTES;
}
