/** Instruction fetch: virtual address → decode page. */
import {
  CROSS_RECORD,
  FRAME_PRESENT,
  HART_PRIV,
  HART_STAT_FETCH_MISSES,
} from "../generated/layout";
import { decode16, decode32 } from "../generated/decode";
import { OP_PAGE_END } from "../generated/opcodes";
import { count } from "../hart/stats";
import { PRIV_M } from "../hart/status";
import { frameEntry } from "../mmu/frames";
import { PMP_DENIED, PMP_PAGE, PMP_X, pmpCheck } from "../mmu/pmp";
import { modeOf, TLB_BARE, tlbArray, tlbFill, tlbSlot } from "../mmu/tlb";
import { noteFetch } from "../mmu/fetch-fence";
import { ACCESS_FETCH, NO_ADDRESS, raiseAccessFault, walk, walkKind } from "../mmu/walk";
import { parcelAt } from "../mmu/code-page";
import { decodePage } from "./decode-cache";

/** Fetches are a parcel at a time: IALIGN is 16. */
const PARCEL: u64 = 2;

/** Set by `fetchMiss`: PMP allows this parcel, but not all of its page. */
let partial: bool = false;

/**
 * The decode page for the instruction at `pc`, translated and checked anew.
 *
 * @returns 0 with a pending trap whose tval is `pc`
 */
function fetchMiss(hs: usize, pc: u64): usize {
  count(hs, HART_STAT_FETCH_MISSES);
  const priv = load<u32>(hs + HART_PRIV);
  let pa = pc;
  if (priv != PRIV_M) {
    pa = walk(hs, pc, ACCESS_FETCH, priv, false, false);
    if (pa == NO_ADDRESS) return 0;
  }
  const grant = pmpCheck(hs, pa, PARCEL, PMP_X, priv);
  const at = grant == PMP_DENIED ? <usize>0 : frameEntry(pa);
  const entry = at ? load<u32>(at) : 0;
  if (!(entry & FRAME_PRESENT)) {
    raiseAccessFault(hs, ACCESS_FETCH, pc);
    return 0;
  }
  const base = decodePage(hs, pa >> 12, entry);
  partial = grant != PMP_PAGE;
  if (!partial) {
    const kind = priv == PRIV_M ? TLB_BARE : walkKind;
    tlbFill(hs, tlbArray(hs, modeOf(priv, false), 2), pc, <u32>base, kind);
    noteFetch(hs, tlbSlot(tlbArray(hs, modeOf(priv, false), 2), pc));
  }
  return base;
}

/** `fetchMiss` behind the fetch TLB, where only whole pages are. */
function fetchPage(hs: usize, pc: u64): usize {
  const at = tlbSlot(tlbArray(hs, modeOf(load<u32>(hs + HART_PRIV), false), 2), pc);
  if (load<u64>(at) == (pc & ~0xfff)) {
    partial = false;
    return <usize>load<u32>(at, 8);
  }
  return fetchMiss(hs, pc);
}

/** The bits of the instruction at `pc`, zero-extended; 0 when they cannot be fetched. */
export function fetchBits(hs: usize, pc: u64): u32 {
  const base = fetchPage(hs, pc);
  if (base == 0) return 0;
  const offset = <usize>(pc & 0xfff);
  const low = parcelAt(base, offset);
  if ((low & 3) != 3) return low;
  if (offset != 0xffe) return low | (parcelAt(base, offset + 2) << 16);
  const next = fetchPage(hs, pc + PARCEL);
  return next ? low | (parcelAt(next, 0) << 16) : low;
}

/**
 * Decodes the one instruction at `pc` into the hart's own record, followed by a page-end record:
 * for an instruction that crosses a page, or a page that PMP divides.
 *
 * @returns address of the record; 0 with a pending trap. When the second half cannot be fetched,
 *   tval is its address (§3.1.16)
 */
export function singleRecord(hs: usize, pc: u64): usize {
  const first = fetchPage(hs, pc);
  if (first == 0) return 0;
  const at = hs + CROSS_RECORD;
  const low = parcelAt(first, <usize>(pc & 0xfff));
  if ((low & 3) != 3) {
    store<u64>(at, decode16(low));
    store<u64>(at + 8, <u64>OP_PAGE_END);
    return at;
  }
  const second = fetchPage(hs, pc + PARCEL);
  if (second == 0) return 0;
  const high = parcelAt(second, <usize>((pc + PARCEL) & 0xfff));
  store<u64>(at, decode32(low | (high << 16)));
  store<u64>(at + 16, <u64>OP_PAGE_END);
  return at;
}

/**
 * Where execution goes on at `pc` after a fetch TLB miss.
 *
 * @returns address of a record; 0 with a pending trap
 */
export function fetchRecord(hs: usize, pc: u64): usize {
  const base = fetchMiss(hs, pc);
  if (base == 0) return 0;
  return partial ? singleRecord(hs, pc) : base + ((<usize>(pc & 0xfff)) << 2);
}
