/** FENCE.I: decoded instructions are checked against memory again before they are used. */
import { HART_DECODE_EPOCH, HART_STAT_FETCH_FENCES } from "../generated/layout";
import { count } from "../hart/stats";
import { tlbFlushFetch } from "./tlb";

/**
 * Starts a new epoch: a decode page of an older one is compared with its frame when a fetch comes
 * to it next (asm/interp/decode-cache.ts), so code that did not change keeps its decoding.
 */
export function fetchFence(hs: usize): void {
  count(hs, HART_STAT_FETCH_FENCES);
  store<u32>(hs + HART_DECODE_EPOCH, load<u32>(hs + HART_DECODE_EPOCH) + 1);
  tlbFlushFetch(hs);
}
