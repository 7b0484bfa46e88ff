import type { MetadataKind } from "./metadata-map.ts";

/** How an open image is kept, as far as users choose; sizes in bytes. */
export interface Qcow2Runtime {
  /** The image's own flag when undefined. */
  readonly lazyRefcounts: boolean | undefined;
  readonly l2CacheBytes: number;
  /** L2 tables are cached in pieces of this size. */
  readonly l2CacheEntryBytes: number;
  readonly refcountCacheBytes: number;
  /** What guest data must not be written over. */
  readonly overlapChecks: ReadonlySet<MetadataKind>;
}

/** Checks that need no reading: where the header says that something is. */
export const CONSTANT_CHECKS: readonly MetadataKind[] = [
  "qcow2_header",
  "active L1 table",
  "refcount table",
  "snapshot table",
  "bitmap directory",
  "encryption header",
];
/** And those of what is in memory anyhow; the default. */
export const CACHED_CHECKS: readonly MetadataKind[] = [
  ...CONSTANT_CHECKS,
  "active L2 table",
  "refcount block",
  "inactive L1 table",
];
export const ALL_CHECKS: readonly MetadataKind[] = [...CACHED_CHECKS, "inactive L2 table"];

const L2_CACHE_BYTES = 32 << 20;
const L2_CACHE_ENTRY_BYTES = 65_536;
const REFCOUNT_CACHE_BYTES = 8 << 20;

export const DEFAULT_RUNTIME: Qcow2Runtime = {
  lazyRefcounts: undefined,
  l2CacheBytes: L2_CACHE_BYTES,
  l2CacheEntryBytes: L2_CACHE_ENTRY_BYTES,
  refcountCacheBytes: REFCOUNT_CACHE_BYTES,
  overlapChecks: new Set(CACHED_CHECKS),
};
