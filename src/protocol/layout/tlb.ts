/** What follows a hart's registers in its block: TLBs, their lists, a record of its own. */
import { PAGE_BYTES } from "./control.ts";
import { HART_REGS_BYTES } from "./hart.ts";

/**
 * TLBs of one hart, behind its registers: for each translation mode a read, a write and a fetch
 * array of TLB_ENTRIES entries of 16 bytes `{ u64 tag; u32 addend; u32 kind }`, found by virtual
 * address; then TLB_SITE_KINDS arrays of TLB_SITES such entries, found by the place in translated code
 * that they serve (asm/mmu/tlb.ts).
 * Modes: U, S, S with SUM, M (bare); room is left for VU and VS.
 */
export const TLB_ENTRIES = 1024;
export const TLB_MODES = 6;
export const TLB_ENTRY_BYTES = 16;
export const TLB_KINDS = 3;
export const TLB_SITES = 64;
export const TLB_SITE_KINDS = 4;
export const TLB_BASE = HART_REGS_BYTES;
export const TLB_ARRAY_BYTES = TLB_ENTRIES * TLB_ENTRY_BYTES;
/** Of a mode's arrays: where those by site start. */
export const TLB_SITES_AT = TLB_KINDS * TLB_ARRAY_BYTES;
export const TLB_SITE_BYTES = TLB_SITES * TLB_ENTRY_BYTES;
export const TLB_MODE_BYTES = TLB_SITES_AT + TLB_SITE_KINDS * TLB_SITE_BYTES;

/**
 * Which entries are in use, so that forgetting a few does not cost as much as all of them: for each
 * class of entries a list `{ u32 count; u32 entries[TLB_LOG_ENTRIES] }`.
 */
export const TLB_LOG = TLB_BASE + TLB_MODES * TLB_MODE_BYTES;
export const TLB_LOG_BYTES = 0x1000;
export const TLB_LOG_ENTRIES = TLB_LOG_BYTES / 4 - 1;
export const TLB_LOGS = 3;

/** An instruction that crosses a page is decoded here: its record, then a page-end record. */
export const CROSS_RECORD = TLB_LOG + TLB_LOGS * TLB_LOG_BYTES;
const CROSS_RECORD_BYTES = 32;

/** From one hart's block to the next one's. */
export const HART_STRIDE = wholePages(CROSS_RECORD + CROSS_RECORD_BYTES);

function wholePages(bytes: number): number {
  return Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;
}
