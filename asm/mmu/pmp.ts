/** Physical memory protection, 16 entries, granularity 4 bytes (privileged manual §3.7). */
import { HART_PMPADDR, HART_PMPCFG, HART_PMP_TOP } from "../generated/layout";
import { PRIV_M } from "../hart/status";

export const PMP_R: u32 = 1;
export const PMP_W: u32 = 2;
export const PMP_X: u32 = 4;
const PMP_L: u32 = 0x80;

const MODE_TOR: u32 = 1;
const MODE_NA4: u32 = 2;

export const PMP_DENIED: u32 = 0;
/** Allowed, but another byte of the same page may not be: not to be cached in a TLB. */
export const PMP_PARTIAL: u32 = 1;
/** Allowed for the whole page. */
export const PMP_PAGE: u32 = 2;

/** First byte of entry `i`'s range; the bound returned by `rangeEnd` is exclusive. */
function rangeStart(hs: usize, i: usize, mode: u32): u64 {
  const addr = load<u64>(hs + HART_PMPADDR + (i << 3));
  if (mode == MODE_TOR) return i == 0 ? 0 : load<u64>(hs + HART_PMPADDR + ((i - 1) << 3)) << 2;
  if (mode == MODE_NA4) return addr << 2;
  return (addr & (addr + 1)) << 2;
}

function rangeEnd(hs: usize, i: usize, mode: u32): u64 {
  const addr = load<u64>(hs + HART_PMPADDR + (i << 3));
  if (mode == MODE_TOR) return addr << 2;
  if (mode == MODE_NA4) return (addr << 2) + 4;
  return ((addr | (addr + 1)) + 1) << 2;
}

/**
 * Checks an access of `bytes` at physical address `pa` with `priv`.
 *
 * @param need PMP_R, PMP_W, PMP_X or a union
 */
export function pmpCheck(hs: usize, pa: u64, bytes: u64, need: u32, priv: u32): u32 {
  const top = <usize>load<u32>(hs + HART_PMP_TOP);
  const page = pa & ~0xfff;
  let whole = PMP_PAGE;
  for (let i: usize = 0; i < top; i++) {
    const cfg = <u32>load<u8>(hs + HART_PMPCFG + i);
    const mode = (cfg >> 3) & 3;
    if (mode == 0) continue;
    const start = rangeStart(hs, i, mode);
    const end = rangeEnd(hs, i, mode);
    if (start >= end || end <= page || start > (page | 0xfff)) continue;
    if (pa + bytes <= start || pa >= end) {
      whole = PMP_PARTIAL;
      continue;
    }
    // §3.7.1.3: the lowest entry that matches any byte decides; it must match all of them.
    if (pa < start || pa + bytes > end) return PMP_DENIED;
    if (!(priv == PRIV_M && !(cfg & PMP_L)) && (cfg & need) != need) return PMP_DENIED;
    return start <= page && end > (page | 0xfff) ? whole : PMP_PARTIAL;
  }
  // §3.7.1.3: entries are implemented, so S and U need one that matches.
  return priv == PRIV_M ? whole : PMP_DENIED;
}

/** To be called after pmpcfg changed. */
export function pmpUpdateTop(hs: usize): void {
  let top: u32 = 0;
  for (let i: u32 = 0; i < 16; i++) {
    if (load<u8>(hs + HART_PMPCFG + <usize>i) & 0x18) top = i + 1;
  }
  store<u32>(hs + HART_PMP_TOP, top);
}
