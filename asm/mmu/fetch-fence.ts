/** FENCE.I: decoded instructions are checked against memory again before they are used. */
import {
  FETCH_LIST,
  HART_DECODE_EPOCH,
  HART_FETCH_LIST,
  HART_FETCH_LISTED,
  HART_STAT_FETCH_FENCES,
} from "../generated/layout";
import { count } from "../hart/stats";
import { upToDate } from "./code-page";
import { tlbClear, tlbFlushFetch, tlbInUse } from "./tlb";

/**
 * Notes that the fetch TLB's entry at `at` was filled. Every entry in use is in the list, unless the
 * list ran over; it may hold entries that are in use no more, and some twice.
 */
export function noteFetch(hs: usize, at: usize): void {
  const listed = load<u32>(hs + HART_FETCH_LISTED);
  if (listed < FETCH_LIST) {
    if (listed && load<u32>(hs + HART_FETCH_LIST + ((<usize>listed - 1) << 2)) == <u32>at) return;
    store<u32>(hs + HART_FETCH_LIST + ((<usize>listed) << 2), <u32>at);
  }
  store<u32>(hs + HART_FETCH_LISTED, min<u32>(listed, FETCH_LIST) + 1);
}

/**
 * Starts a new epoch: a decode page of an older one is compared with its frame when a fetch comes
 * to it next (asm/interp/decode-cache.ts), so code that did not change keeps its decoding.
 *
 * Kernels that patch their code do this tens of thousands of times in a row. Where few pages are in
 * the fetch TLB, they are compared here and stay in it.
 */
export function fetchFence(hs: usize): void {
  count(hs, HART_STAT_FETCH_FENCES);
  store<u32>(hs + HART_DECODE_EPOCH, load<u32>(hs + HART_DECODE_EPOCH) + 1);
  const listed = load<u32>(hs + HART_FETCH_LISTED);
  let kept: usize = 0;
  if (listed > FETCH_LIST) tlbFlushFetch(hs);
  else {
    for (let i: usize = 0; i < <usize>listed; i++) {
      const at = <usize>load<u32>(hs + HART_FETCH_LIST + (i << 2));
      if (!tlbInUse(at)) continue;
      if (upToDate(hs, <usize>load<u32>(at, 8))) {
        store<u32>(hs + HART_FETCH_LIST + (kept << 2), <u32>at);
        kept++;
      } else tlbClear(at);
    }
  }
  store<u32>(hs + HART_FETCH_LISTED, <u32>kept);
}
