/**
 * The decode cache of one hart: for a guest-physical page, one 8-byte record per 2-byte parcel, in
 * the parcel's order, so that straight-line code walks records with no bounds check.
 *
 *     decodeBase  map: DECODE_MAP_ENTRIES × u64 (asm/interp/page-map.ts)
 *                 the JIT's arena (asm/jit/arena.ts)
 *                 slots: HART.decodePages × DECODE_PAGE_BYTES
 *     slot        0x0000  2048 records (0: not decoded yet)
 *                 0x4000  page-end record
 *                 0x4800  copy of the page as decoded (asm/mmu/code-page.ts)
 *                 0x5800  guest-physical page number, epoch; 0x5818 what the copy has
 *                 0x5810  how many of the entries lead to translated code (asm/jit/code-cache.ts)
 *                 0x6000  entries of translated code, a u32 for each parcel (asm/jit/translate.ts)
 *
 * Records are decoded from the copy, one at a time, when they are first executed. FENCE.I starts an
 * epoch; a slot of an older epoch is compared with memory before it is used again. So stores, DMA
 * and other harts need not be watched (docs/adr/0003).
 *
 * When all slots are taken, a clock's hand goes round them and frees those that no fetch TLB miss led to
 * since it was there last.
 */
import { decode16, decode32 } from "../generated/decode";
import {
  DECODE_ENTRIES,
  DECODE_MAP_BYTES,
  DECODE_PAGE_BYTES,
  DECODE_PAGES_AT,
  HART_DECODE_BASE,
  HART_DECODE_EPOCH,
  HART_DECODE_FREE,
  HART_DECODE_HAND,
  HART_DECODE_PAGES,
  HART_DECODE_USED,
  HART_STAT_DECODES,
  HART_STAT_PAGES_CHANGED,
  HART_STAT_PAGES_EVICTED,
} from "../generated/layout";
import {
  OP_BEQ,
  OP_BGE,
  OP_BGEU,
  OP_BLT,
  OP_BLTU,
  OP_BNE,
  OP_BEQ_NEAR,
  OP_BGE_NEAR,
  OP_BGEU_NEAR,
  OP_BLT_NEAR,
  OP_BLTU_NEAR,
  OP_BNE_NEAR,
  OP_CROSS,
  OP_J,
  OP_J_NEAR,
  OP_PAGE_END,
} from "../generated/opcodes";
import { count, countBy } from "../hart/stats";
import { forgetPage } from "../jit/code-cache";
import { EPOCH, forgetCopy, PAGE_NUMBER, parcelAt, setFrame, unchanged } from "../mmu/code-page";
import { frameHost } from "../mmu/frames";
import { tlbFlushFetch } from "../mmu/tlb";
import { findPage, putPage, removePage } from "./page-map";

/**
 * In a record: a translation began here, at some time since the page was decoded. Jumps look at this, as
 * they need the record anyway, and the entry word is another cache line.
 */
export const RECORD_TRANSLATED: u32 = 0x200_0000;

const RECORDS_BYTES: usize = 0x4000;
const ENTRIES_BYTES: usize = 0x2000;

/** In a slot, a word each: a fetch TLB miss led here; the next free slot plus 1. */
const IN_USE: usize = 0x5824;
const NEXT_FREE: usize = 0x5828;
/** log2 of the slots for each that is freed at once. */
const EVICT_SHIFT: u32 = 7;
/** What has a free slot. */
const NO_PAGE: u64 = ~0;

function slotBase(hs: usize, slot: u32): usize {
  return (
    <usize>load<u32>(hs + HART_DECODE_BASE) + DECODE_PAGES_AT + <usize>slot * DECODE_PAGE_BYTES
  );
}

function refresh(hs: usize, base: usize): void {
  forgetPage(hs, base);
  // A slot that was never used is zero, and the host has no memory behind it yet: it shall get some
  // where records are only.
  if (load<u64>(base + RECORDS_BYTES) != 0) {
    memory.fill(base, 0, RECORDS_BYTES);
    memory.fill(base + DECODE_ENTRIES, 0, ENTRIES_BYTES);
  }
  forgetCopy(base);
  store<u64>(base + RECORDS_BYTES, <u64>OP_PAGE_END);
  store<u32>(base + EPOCH, load<u32>(hs + HART_DECODE_EPOCH));
}

/**
 * Frees slots whose pages nothing fetched from since the hand came by before. Forgetting what the fetch TLB
 * leads to shows who is in use until it comes by again, and costs the same for many slots as for one.
 */
function evict(hs: usize): void {
  const pages = load<u32>(hs + HART_DECODE_PAGES);
  let slot = load<u32>(hs + HART_DECODE_HAND);
  let freed: u32 = 0;
  while (freed < max<u32>(pages >> EVICT_SHIFT, 1)) {
    const base = slotBase(hs, slot);
    const page = load<u64>(base + PAGE_NUMBER);
    if (load<u32>(base + IN_USE)) store<u32>(base + IN_USE, 0);
    else if (page != NO_PAGE) {
      removePage(hs, page);
      store<u64>(base + PAGE_NUMBER, NO_PAGE);
      store<u32>(base + NEXT_FREE, load<u32>(hs + HART_DECODE_FREE));
      store<u32>(hs + HART_DECODE_FREE, slot + 1);
      freed++;
    }
    slot = slot + 1 == pages ? 0 : slot + 1;
  }
  store<u32>(hs + HART_DECODE_HAND, slot);
  countBy(hs, HART_STAT_PAGES_EVICTED, freed);
  tlbFlushFetch(hs);
}

/** Takes a slot for `page`; pages that had others may lose their decoding. */
function claimSlot(hs: usize, page: u64): usize {
  const used = load<u32>(hs + HART_DECODE_USED);
  let slot = used;
  if (used < load<u32>(hs + HART_DECODE_PAGES)) store<u32>(hs + HART_DECODE_USED, used + 1);
  else {
    if (load<u32>(hs + HART_DECODE_FREE) == 0) evict(hs);
    slot = load<u32>(hs + HART_DECODE_FREE) - 1;
    store<u32>(hs + HART_DECODE_FREE, load<u32>(slotBase(hs, slot) + NEXT_FREE));
  }
  const base = slotBase(hs, slot);
  putPage(hs, page, slot);
  store<u64>(base + PAGE_NUMBER, page);
  // A page that is needed once is as good as freed.
  store<u32>(base + IN_USE, 0);
  return base;
}

/**
 * The decode page of a guest-physical page.
 *
 * @param page guest-physical page number
 * @param entry its frame-table entry
 * @returns address of the record of the page's first parcel
 */
export function decodePage(hs: usize, page: u64, entry: u32): usize {
  const host = frameHost(entry);
  const found = findPage(hs, page);
  if (found != 0) {
    const base = slotBase(hs, found - 1);
    const epoch = load<u32>(hs + HART_DECODE_EPOCH);
    if (load<u32>(base + EPOCH) != epoch) {
      if (unchanged(base, host)) store<u32>(base + EPOCH, epoch);
      else {
        count(hs, HART_STAT_PAGES_CHANGED);
        refresh(hs, base);
      }
    }
    setFrame(base, host);
    store<u32>(base + IN_USE, 1);
    return base;
  }
  const base = claimSlot(hs, page);
  refresh(hs, base);
  setFrame(base, host);
  return base;
}

/** The decode page that `page` has, of whatever epoch; 0 when it has none. */
export function decodedPage(hs: usize, page: u64): usize {
  const found = findPage(hs, page);
  return found == 0 ? 0 : slotBase(hs, found - 1);
}

/** Forgets everything decoded (reset, memory loaded from outside). */
export function decodeReset(hs: usize): void {
  memory.fill(<usize>load<u32>(hs + HART_DECODE_BASE), 0, DECODE_MAP_BYTES);
  store<u32>(hs + HART_DECODE_USED, 0);
  store<u32>(hs + HART_DECODE_HAND, 0);
  store<u32>(hs + HART_DECODE_FREE, 0);
  store<u32>(hs + HART_DECODE_EPOCH, 0);
}

/**
 * A branch forwards in its own page jumps by a distance in records. Backwards it goes the long way,
 * as calls do: there loops and functions are counted and their translations entered.
 */
function nearOf(op: u32): u32 {
  switch (op) {
    case OP_BEQ:
      return OP_BEQ_NEAR;
    case OP_BNE:
      return OP_BNE_NEAR;
    case OP_BLT:
      return OP_BLT_NEAR;
    case OP_BGE:
      return OP_BGE_NEAR;
    case OP_BLTU:
      return OP_BLTU_NEAR;
    case OP_BGEU:
      return OP_BGEU_NEAR;
    case OP_J:
      return OP_J_NEAR;
    default:
      return 0;
  }
}

function localise(record: u64, offset: i32): u64 {
  const near = nearOf(<u32>record & 0xff);
  const distance = <i32>(record >> 32);
  const target = offset + distance;
  if (near == 0 || distance <= 0 || target >= 0x1000) return record;
  return (record & 0xffff_ff00) | <u64>near | ((<u64>(<u32>(distance << 2))) << 32);
}

/**
 * Decodes the instruction at byte `offset` of the page at `base` and stores its record. One that
 * continues in the next page becomes OP_CROSS.
 */
export function decodeAt(hs: usize, base: usize, offset: usize): void {
  const low = parcelAt(base, offset);
  let record: u64;
  if ((low & 3) != 3) record = decode16(low);
  else if (offset == 0xffe) record = <u64>OP_CROSS;
  else record = decode32(low | (parcelAt(base, offset + 2) << 16));
  count(hs, HART_STAT_DECODES);
  const at = base + (offset << 2);
  // A translation of another hart's may begin here before anything was decoded.
  const translated = <u64>(load<u32>(at) & RECORD_TRANSLATED);
  store<u64>(at, localise(record, <i32>offset) | translated);
}
