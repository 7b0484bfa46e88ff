/**
 * The software TLB: for each translation mode a read, a write and a fetch array, direct mapped.
 * An entry is `{ u64 tag; u32 addend; u32 kind }`: tag is the virtual page's address, and `addend + u32(va)` is the host offset (read, write) or `addend` is the decode
 * page (fetch). `kind` is the entry's class, and from bit 8 on log2 of the bytes that the leaf of its
 * translation covers.
 *
 * Local entries are those of the address space in satp, and go when another one comes; global ones
 * stay (§12.2.1: their mappings are in every address space). Each class has a list of the entries
 * that were filled: forgetting a class takes as long as filling it did.
 *
 * Translated code asks either `va & page mask == tag` or, for several accesses at once,
 * `va - tag <= 4096 - their span`; an invalid tag must fail both for every va that finds its entry.
 * All ones does, except in the entries of the first and the last page, whose difference to it is small:
 * theirs is a page that belongs to another entry.
 *
 * Behind them, arrays by site: entries that one place in translated code fills and asks, so that its
 * next access needs no index. Single reads and writes compare for equality (invalid: all ones). Read
 * and write groups ask for the distance; their invalid entry is all zeroes, which gives a va in
 * page 0 a host offset in the guard page, and that is checked before use. They go with any flush.
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
  TLB_LOG,
  TLB_LOGS,
  TLB_LOG_BYTES,
  TLB_LOG_ENTRIES,
  TLB_MODE_BYTES,
  TLB_SITE_BYTES,
  TLB_SITES_AT,
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

/** Entries of the address space in satp. */
export const TLB_LOCAL: u32 = 0;
/** Entries from leaves that are global. */
export const TLB_GLOBAL: u32 = 1;
/** Entries that no page table decides: M-mode's. */
export const TLB_BARE: u32 = 2;
const CLASS: u32 = 3;

/** The class of an entry that is not in use, in none of the lists. */
const EMPTY: u64 = ~0;

const LAST: usize = (TLB_ENTRIES - 1) * TLB_ENTRY_BYTES;
/** A page of neither the first nor the last entry; two pages that differ by it have two entries. */
const OTHER_PAGE: u64 = 0x1000;
/** The arrays by site that are compared for equality. */
const EQUAL_BYTES: usize = 2 * TLB_SITE_BYTES;

function logOf(hs: usize, kind: u32): usize {
  return hs + TLB_LOG + <usize>(kind & CLASS) * TLB_LOG_BYTES;
}

/** Lists `at`; a list that is full counts on, and says so by that. */
function note(log: usize, at: usize): void {
  const listed = load<u32>(log);
  if (listed > TLB_LOG_ENTRIES) return;
  store<u32>(log, listed + 1);
  if (listed < TLB_LOG_ENTRIES) store<u32>(log + 4 + ((<usize>listed) << 2), <u32>at);
}

function isFull(log: usize): bool {
  return load<u32>(log) > TLB_LOG_ENTRIES;
}

function listedAt(log: usize, index: u32): usize {
  return <usize>load<u32>(log + 4 + ((<usize>index) << 2));
}

/** Forgets the entry at `at`, which must be in use. */
export function tlbClear(at: usize): void {
  store<u64>(at, load<u64>(at) ^ OTHER_PAGE);
  store<u64>(at, EMPTY, 8);
}

/** Whether the entry at `at` is in use. */
export function tlbInUse(at: usize): bool {
  return load<u64>(at, 8) != EMPTY;
}

/** @param kind class of the translation, and log2 of its leaf's bytes shifted by 8 */
export function tlbFill(hs: usize, array: usize, va: u64, addend: u32, kind: u32): void {
  const at = tlbSlot(array, va);
  if ((load<u32>(at, 12) ^ kind) & CLASS) note(logOf(hs, kind), at);
  store<u64>(at, va & ~0xfff);
  store<u32>(at, addend, 8);
  store<u32>(at, kind, 12);
  if (kind >= 13 << 8) noteSuper(hs, va, <i32>(kind >> 8));
}

/** Notes that part of a translation of 2^bits bytes was cached: see `tlbFlushPage`. */
function noteSuper(hs: usize, va: u64, bits: i32): void {
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

function flushSites(mode: usize): void {
  memory.fill(mode + TLB_SITES_AT, 0xff, EQUAL_BYTES);
  memory.fill(mode + TLB_SITES_AT + EQUAL_BYTES, 0, EQUAL_BYTES);
}

/** Forgets what translated code keeps by site of translations that page tables decide. */
function flushTranslatedSites(hs: usize): void {
  for (let mode: u32 = 0; mode < MODE_M; mode++) flushSites(tlbArray(hs, mode, 0));
}

/** Forgets a mode's translations; the lists do not know of it. */
function flushMode(mode: usize): void {
  memory.fill(mode, 0xff, TLB_SITES_AT);
  for (let kind: u32 = 0; kind < 2; kind++) {
    const array = mode + <usize>kind * TLB_ARRAY_BYTES;
    store<u64>(array, OTHER_PAGE);
    store<u64>(array + LAST, OTHER_PAGE);
  }
  flushSites(mode);
}

/** Forgets every translation of every mode. */
export function tlbFlushAll(hs: usize): void {
  count(hs, HART_STAT_TLB_FLUSHES);
  for (let mode: u32 = 0; mode < MODES_USED; mode++) flushMode(tlbArray(hs, mode, 0));
  for (let kind: u32 = 0; kind < TLB_LOGS; kind++) store<u32>(logOf(hs, kind), 0);
  resetSuper(hs);
}

/** Forgets what depends on page tables: all but M-mode. */
export function tlbFlushTranslated(hs: usize): void {
  count(hs, HART_STAT_TLB_FLUSHES);
  forget(hs, TLB_LOCAL);
  forget(hs, TLB_GLOBAL);
  flushTranslatedSites(hs);
  resetSuper(hs);
}

/** Forgets what depends on the page tables of this address space alone. */
export function tlbFlushLocal(hs: usize): void {
  count(hs, HART_STAT_TLB_FLUSHES);
  forget(hs, TLB_LOCAL);
  flushTranslatedSites(hs);
}

/** Forgets a class of entries that page tables decide. */
function forget(hs: usize, kind: u32): void {
  const log = logOf(hs, kind);
  if (isFull(log)) {
    for (let mode: u32 = 0; mode < MODE_M; mode++) flushMode(tlbArray(hs, mode, 0));
    store<u32>(logOf(hs, TLB_LOCAL), 0);
    store<u32>(logOf(hs, TLB_GLOBAL), 0);
    return;
  }
  const listed = load<u32>(log);
  for (let i: u32 = 0; i < listed; i++) {
    const at = listedAt(log, i);
    if ((load<u32>(at, 12) & CLASS) == kind) tlbClear(at);
  }
  store<u32>(log, 0);
}

/** Forgets the decode pages that fetches were sent to. */
export function tlbFlushFetch(hs: usize): void {
  for (let mode: u32 = 0; mode < MODES_USED; mode++) {
    memory.fill(tlbArray(hs, mode, 2), 0xff, TLB_ARRAY_BYTES);
  }
}

/** Forgets the entries of a class that came from the same superpage as `va` (§12.2.1). */
function forgetSuper(hs: usize, va: u64, kind: u32): void {
  const log = logOf(hs, kind);
  if (isFull(log)) {
    forget(hs, kind);
    return;
  }
  const listed = load<u32>(log);
  for (let i: u32 = 0; i < listed; i++) {
    const at = listedAt(log, i);
    const found = load<u32>(at, 12);
    if ((found & CLASS) == kind && (load<u64>(at) ^ va) >> <u64>(found >> 8) == 0) tlbClear(at);
  }
}

/** Forgets the translation of one virtual address; where a superpage may cover it, all of that. */
export function tlbFlushPage(hs: usize, va: u64): void {
  count(hs, HART_STAT_TLB_PAGE_FLUSHES);
  const bounds = hs + (<i64>va < 0 ? HART_SUPER_HIGH : HART_SUPER_LOW);
  if (va >= load<u64>(bounds) && va <= load<u64>(bounds, 8)) {
    forgetSuper(hs, va, TLB_LOCAL);
    forgetSuper(hs, va, TLB_GLOBAL);
  }
  const page = va & ~0xfff;
  for (let mode: u32 = 0; mode < MODE_M; mode++) {
    for (let kind: u32 = 0; kind < 3; kind++) {
      const at = tlbSlot(tlbArray(hs, mode, kind), va);
      if (load<u64>(at) == page) tlbClear(at);
    }
  }
  flushTranslatedSites(hs);
}
