/**
 * The JIT's room in memory, one a hart:
 *
 *     0x00000  blocks of the region
 *     0x02000  groups of accesses: those of the place being emitted, then the saved ones
 *     0x04000  block index of each parcel (u16, 0xffff none), then per-parcel marks (u8)
 *     0x06000  work lists
 *     0x07000  dirty sets of shared exits (u64)
 *     0x08000  registers' locals and the declaration list
 *     0x09000  queue of regions to translate
 *     0x0a000  per-region: bodies' addresses in this batch
 *     0x0b000  block indices of indirect jumps' targets (i16)
 *     0x0c000  branch hints of the batch (u32)
 *     0x10000  function bodies
 *     0x100000 the module
 *     0x1e0000 groups and words at the ends of blocks that merges and loops lie behind
 *     0x1f0000 profile of indirect jumps (asm/jit/profile.ts)
 *     0x200000 the code cache's modules and slots (asm/jit/code-cache.ts), and which of the stored
 *              modules it has (asm/jit/store.ts)
 */
import { HART_DECODE_BASE, JIT_ARENA_AT } from "../generated/layout";
import { Block } from "./block";

export const ARENA_GROUPS: usize = 0x2000;
export const ARENA_KEPT: usize = 0x1e_0000;
export const ARENA_PARCELS: usize = 0x4000;
export const ARENA_MARKS: usize = 0x5000;
export const ARENA_WORK: usize = 0x6000;
export const ARENA_EXITS: usize = 0x7000;
export const ARENA_LOCALS: usize = 0x8000;
export const ARENA_QUEUE: usize = 0x9000;
export const ARENA_BATCH: usize = 0xa000;
export const ARENA_SWITCH: usize = 0xb000;
export const ARENA_PROFILE: usize = 0x1f0000;
export const ARENA_CACHE: usize = 0x20_0000;
export const ARENA_HINTS: usize = 0xc000;
export const ARENA_BODIES: usize = 0x10000;
export const ARENA_MODULE: usize = 0x100000;
/** A region's body must start below this to fit. */
export const ARENA_BODIES_END: usize = 0x80000;

/** The arena of the hart that this instance translates for. */
export let arena: usize = 0;

export function arenaOf(hs: usize): usize {
  return <usize>load<u32>(hs + HART_DECODE_BASE) + JIT_ARENA_AT;
}

export function useArena(hs: usize): void {
  arena = arenaOf(hs);
}

export function blockAt(index: i32): Block {
  return changetype<Block>(arena + <usize>index * offsetof<Block>());
}
