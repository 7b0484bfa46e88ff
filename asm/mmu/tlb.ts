/**
 * The software TLB: for each translation mode a read, a write and a fetch array, direct mapped.
 * An entry is `{ u64 tag; u32 addend; u32 spare }`: tag is the virtual page's address (all ones
 * when invalid), and `addend + u32(va)` is the host offset (read, write) or `addend` is the decode
 * page (fetch).
 */
import {
  HART_MSTATUS,
  HART_STAT_TLB_FLUSHES,
  HART_STAT_TLB_PAGE_FLUSHES,
  HART_SUPER_HIGH,
  HART_SUPER_LOW,
  TLB_ARRAY_BYTES,
  TLB_BASE,
  TLB_ENTRIES,
  TLB_ENTRY_BYTES,
  TLB_MODE_BYTES,
} from "../generated/layout";
import { count } from "../hart/stats";
import { dataPriv, PRIV_M, PRIV_S, PRIV_U, STATUS_SUM } from "../hart/status";

export const MODE_U: u32 = 0;
export const MODE_S: u32 = 1;
export const MODE_S_SUM: u32 = 2;
export const MODE_M: u32 = 3;
/** Modes in use; the rest of TLB_MODES is room for VS and VU. */
const MODES_USED: u32 = 4;

export function modeOf(priv: u32, sum: bool): u32 {
  if (priv == PRIV_U) return MODE_U;
  if (priv == PRIV_S) return sum ? MODE_S_SUM : MODE_S;
  return MODE_M;
}

/** The mode that loads and stores use now. */
export function dataMode(hs: usize): u32 {
  return modeOf(dataPriv(hs), (load<u64>(hs + HART_MSTATUS) & STATUS_SUM) != 0);
}

/** Address of an array: kind 0 read, 1 write, 2 fetch. */
export function tlbArray(hs: usize, mode: u32, kind: u32): usize {
  return hs + TLB_BASE + <usize>mode * TLB_MODE_BYTES + <usize>kind * TLB_ARRAY_BYTES;
}

export function tlbSlot(array: usize, va: u64): usize {
  return array + (<usize>(va >> 8) & ((TLB_ENTRIES - 1) * TLB_ENTRY_BYTES));
}

export function tlbFill(array: usize, va: u64, addend: u32): void {
  const at = tlbSlot(array, va);
  store<u64>(at, va & ~0xfff);
  store<u32>(at, addend, 8);
}

/** Notes that part of a translation of 2^bits bytes was cached: see `tlbFlushPage`. */
export function noteSuper(hs: usize, va: u64, bits: i32): void {
  const bounds = hs + (<i64>va < 0 ? HART_SUPER_HIGH : HART_SUPER_LOW);
  const size: u64 = (<u64>1) << bits;
  const first = va & ~(size - 1);
  const last = first | (size - 1);
  if (first < load<u64>(bounds)) store<u64>(bounds, first);
  if (last > load<u64>(bounds, 8)) store<u64>(bounds, last, 8);
}

function resetSuper(hs: usize): void {
  store<u64>(hs + HART_SUPER_LOW, ~0);
  store<u64>(hs + HART_SUPER_LOW, 0, 8);
  store<u64>(hs + HART_SUPER_HIGH, ~0);
  store<u64>(hs + HART_SUPER_HIGH, 0, 8);
}

/** Forgets every translation of every mode. */
export function tlbFlushAll(hs: usize): void {
  count(hs, HART_STAT_TLB_FLUSHES);
  memory.fill(hs + TLB_BASE, 0xff, <usize>MODES_USED * TLB_MODE_BYTES);
  resetSuper(hs);
}

/** Forgets what depends on page tables: all but M-mode. */
export function tlbFlushTranslated(hs: usize): void {
  count(hs, HART_STAT_TLB_FLUSHES);
  memory.fill(hs + TLB_BASE, 0xff, <usize>MODE_M * TLB_MODE_BYTES);
  resetSuper(hs);
}

/** Forgets the decode pages that fetches were sent to. */
export function tlbFlushFetch(hs: usize): void {
  for (let mode: u32 = 0; mode < MODES_USED; mode++) {
    memory.fill(tlbArray(hs, mode, 2), 0xff, TLB_ARRAY_BYTES);
  }
}

/**
 * Forgets the translation of one virtual address. Where a superpage may cover it, other entries
 * came from the same leaf (§12.2.1), so everything goes.
 */
export function tlbFlushPage(hs: usize, va: u64): void {
  const bounds = hs + (<i64>va < 0 ? HART_SUPER_HIGH : HART_SUPER_LOW);
  if (va >= load<u64>(bounds) && va <= load<u64>(bounds, 8)) {
    tlbFlushTranslated(hs);
    return;
  }
  count(hs, HART_STAT_TLB_PAGE_FLUSHES);
  const page = va & ~0xfff;
  for (let mode: u32 = 0; mode < MODE_M; mode++) {
    for (let kind: u32 = 0; kind < 3; kind++) {
      const at = tlbSlot(tlbArray(hs, mode, kind), va);
      if (load<u64>(at) == page) store<u64>(at, ~0);
    }
  }
}
