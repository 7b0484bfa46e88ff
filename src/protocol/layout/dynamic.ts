/** The part of shared memory whose places depend on the configuration (src/machine/memory-plan.ts). */

/** First byte whose place depends on the configuration. */
export const DYNAMIC_BASE = 0x70_0000;

/**
 * Frame table entry: bits 31–12 the frame's page number in this memory (offset >> 12), bits 11–0
 * flags.
 */
export const Frame = {
  present: 1 << 0,
  writable: 1 << 1,
  /** The page was written since dirty logging cleared this flag (migration, snapshots). */
  dirty: 1 << 2,
  /** Writes must set `dirty`: the page stays out of the write TLB until then. */
  logDirty: 1 << 3,
  /** Contents are not here yet: an access exits (start before RAM is loaded). */
  lazy: 1 << 4,
  /** A device answers what the other flags forbid (flash: writes, and reads unless `present`). */
  device: 1 << 5,
} as const;

/**
 * Decode cache of one hart at HART.decodeBase: a map of DECODE_MAP_ENTRIES u64, the room in which the
 * JIT builds modules, and HART.decodePages decode pages (asm/interp/decode-cache.ts).
 */
export const DECODE_MAP_ENTRIES = 16384;
export const DECODE_MAP_BYTES = DECODE_MAP_ENTRIES * 8;
export const DECODE_PAGE_BYTES = 0x8000;
/** Within a decode page: u32 for each parcel, see asm/jit/code-cache.ts. */
export const DECODE_ENTRIES = 0x6000;
/** What each hart of the largest machine has; and what is worth having: 16 MiB of a program's code. */
export const LEAST_DECODE_PAGES = 1536;
export const MOST_DECODE_PAGES = 4096;
export const JIT_ARENA_AT = DECODE_MAP_BYTES;
export const JIT_ARENA_BYTES = 0x24_2000;
export const DECODE_PAGES_AT = JIT_ARENA_AT + JIT_ARENA_BYTES;

/** Tables of the store of shared translations, and its ring of modules (asm/jit/store.ts). */
export const STORE_TABLES_BYTES = 0x5_0000;
export const STORE_RING_BYTES = 0x100_0000;
