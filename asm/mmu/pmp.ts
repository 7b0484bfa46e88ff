/** Physical memory protection, 16 entries, granularity 4 bytes (privileged manual §3.7). */
import {
  HART_PMPADDR,
  HART_PMPCFG,
  HART_PMP_GRANT,
  HART_PMP_LAST,
  HART_PMP_LOW,
  HART_PMP_TOP,
} from "../generated/layout";
import { PRIV_M } from "../hart/status";

export const PMP_R: u32 = 1;
export const PMP_W: u32 = 2;
export const PMP_X: u32 = 4;
const PMP_RWX: u32 = 7;
const PMP_L: u32 = 0x80;

const MODE_TOR: u32 = 1;
const MODE_NA4: u32 = 2;

export const PMP_DENIED: u32 = 0;
/** Allowed, but another byte of the same page may not be: not to be cached in a TLB. */
export const PMP_PARTIAL: u32 = 1;
/** Allowed for the whole page. */
export const PMP_PAGE: u32 = 2;

/** First byte of entry `i`'s range. */
function rangeStart(hs: usize, i: usize, mode: u32): u64 {
  const addr = load<u64>(hs + HART_PMPADDR + (i << 3));
  if (mode == MODE_TOR) return i == 0 ? 0 : load<u64>(hs + HART_PMPADDR + ((i - 1) << 3)) << 2;
  if (mode == MODE_NA4) return addr << 2;
  return (addr & ~(addr ^ (addr + 1))) << 2;
}

/** First byte behind entry `i`'s range. */
function rangeEnd(hs: usize, i: usize, mode: u32): u64 {
  const addr = load<u64>(hs + HART_PMPADDR + (i << 3));
  if (mode == MODE_TOR) return addr << 2;
  if (mode == MODE_NA4) return (addr << 2) + 4;
  return ((addr | (addr ^ (addr + 1))) + 1) << 2;
}

/** What entry `cfg` grants: M-mode is bound by locked entries only (§3.7.1.2). */
function grantOf(cfg: u32, machine: bool): u32 {
  return machine && !(cfg & PMP_L) ? PMP_RWX : cfg & PMP_RWX;
}

/**
 * Finds the stretch around `pa` in which the same entry decides, and what it grants, and keeps both
 * in the hart's block. The lowest entry that matches decides (§3.7.1.3), so each entry before it
 * that does not hold `pa` bounds the stretch.
 */
function findSpan(hs: usize, pa: u64, machine: bool): void {
  const top = <usize>load<u32>(hs + HART_PMP_TOP);
  let low: u64 = 0;
  let last: u64 = ~0;
  // §3.7.1.3: entries are implemented, so S and U need one that matches.
  let grant: u32 = machine ? PMP_RWX : 0;
  for (let i: usize = 0; i < top; i++) {
    const cfg = <u32>load<u8>(hs + HART_PMPCFG + i);
    const mode = (cfg >> 3) & 3;
    if (mode == 0) continue;
    const start = rangeStart(hs, i, mode);
    const end = rangeEnd(hs, i, mode);
    if (start >= end) continue;
    if (end <= pa) {
      low = max(low, end);
    } else if (start > pa) {
      last = min(last, start - 1);
    } else {
      low = max(low, start);
      last = min(last, end - 1);
      grant = grantOf(cfg, machine);
      break;
    }
  }
  const at: usize = machine ? 1 : 0;
  store<u64>(hs + HART_PMP_LOW + (at << 3), low);
  store<u64>(hs + HART_PMP_LAST + (at << 3), last);
  store<u32>(hs + HART_PMP_GRANT + (at << 2), grant);
}

/**
 * Checks an access of `bytes` at physical address `pa` with `priv`.
 *
 * @param need PMP_R, PMP_W, PMP_X or a union
 */
export function pmpCheck(hs: usize, pa: u64, bytes: u64, need: u32, priv: u32): u32 {
  const machine = priv == PRIV_M;
  const at: usize = machine ? 1 : 0;
  const lowAt = hs + HART_PMP_LOW + (at << 3);
  const lastAt = hs + HART_PMP_LAST + (at << 3);
  if (pa < load<u64>(lowAt) || pa > load<u64>(lastAt)) findSpan(hs, pa, machine);
  const low = load<u64>(lowAt);
  const last = load<u64>(lastAt);
  // The deciding entry must match every byte, so an access may not reach over the stretch. (Over
  // the end of an unmatched stretch lies an entry that matches in part: denied as well.)
  if (pa + bytes - 1 > last) return PMP_DENIED;
  if ((load<u32>(hs + HART_PMP_GRANT + (at << 2)) & need) != need) return PMP_DENIED;
  return low <= (pa & ~0xfff) && last >= (pa | 0xfff) ? PMP_PAGE : PMP_PARTIAL;
}

/** To be called after pmpcfg or pmpaddr changed, and at reset. */
export function pmpUpdate(hs: usize): void {
  let top: u32 = 0;
  for (let i: u32 = 0; i < 16; i++) {
    if (load<u8>(hs + HART_PMPCFG + <usize>i) & 0x18) top = i + 1;
  }
  store<u32>(hs + HART_PMP_TOP, top);
  // An empty stretch: the next check finds its own.
  for (let at: usize = 0; at < 2; at++) {
    store<u64>(hs + HART_PMP_LOW + (at << 3), ~0);
    store<u64>(hs + HART_PMP_LAST + (at << 3), 0);
  }
}
