import { StorageError } from "../../errors.ts";
import type { MetadataKind } from "../../formats/qcow2/metadata-map.ts";
import {
  ALL_CHECKS,
  CACHED_CHECKS,
  CONSTANT_CHECKS,
  DEFAULT_RUNTIME,
  type Qcow2Runtime,
} from "../../formats/qcow2/runtime.ts";
import { type ImageOptions, childOptions, mergeOptions, textOf } from "../image-options.ts";
import { numberOption, sizeOption, switchOption } from "../option-values.ts";

/** Names of options that can be changed while an image is open. */
export const QCOW2_RUNTIME_OPTIONS: readonly string[] = [
  "lazy-refcounts",
  "pass-discard-request",
  "pass-discard-snapshot",
  "pass-discard-other",
  "overlap-check",
  "cache-size",
  "l2-cache-size",
  "l2-cache-entry-size",
  "refcount-cache-size",
  "cache-clean-interval",
];

const MIN_REFCOUNT_TABLES = 4;
const MAX_TABLES = 0x7fff_ffff;

function invalid(message: string): StorageError {
  return new StorageError("EINVAL", message);
}

/**
 * What the user chose for an image.
 *
 * @param l2Bytes of all L2 tables that the disk can have: a larger cache is of no use
 * @throws StorageError with QEMU's words
 */
export function qcow2Runtime(
  options: ImageOptions,
  clusterSize: number,
  l2Bytes: number,
): Qcow2Runtime {
  for (const name of ["request", "snapshot", "other"])
    switchOption(options, `pass-discard-${name}`);
  const interval = numberOption(options, "cache-clean-interval") ?? 0;
  const sizes = cacheSizes(options, clusterSize, l2Bytes);
  if (interval < 0 || interval > 0xffff_ffff) throw invalid("Cache clean interval too big");
  return {
    ...sizes,
    lazyRefcounts: switchOption(options, "lazy-refcounts"),
    overlapChecks: overlapChecks(options),
  };
}

/** Options of an image that is opened again: new ones replace all of their kind. */
export function joinQcow2Options(before: ImageOptions, given: ImageOptions): ImageOptions {
  const kept = { ...before };
  const overlap = childOptions(given, "overlap-check");
  const isNewTemplate = textOf(given, "overlap-check") ?? textOf(overlap, "template");
  if (isNewTemplate !== undefined) delete kept["overlap-check"];
  const isNewTotal = given["cache-size"] !== undefined;
  if (isNewTotal) {
    delete kept["l2-cache-size"];
    delete kept["refcount-cache-size"];
  }
  const joined = mergeOptions(kept, given);
  const isComplete = ["cache-size", "l2-cache-size", "refcount-cache-size"].every(
    (name) => joined[name] !== undefined,
  );
  if (isComplete && !isNewTotal) delete joined["cache-size"];
  return joined;
}

type CacheSizes = Pick<Qcow2Runtime, "l2CacheBytes" | "l2CacheEntryBytes" | "refcountCacheBytes">;

function cacheSizes(options: ImageOptions, clusterSize: number, l2Bytes: number): CacheSizes {
  const entry = sizeOption(options, "l2-cache-entry-size");
  const shares = sharesOf(options, clusterSize, l2Bytes);
  const l2CacheEntryBytes = Math.min(entry ?? DEFAULT_RUNTIME.l2CacheEntryBytes, clusterSize);
  if (entry !== undefined) demandEntrySize(entry, clusterSize);
  if (shares.l2 / l2CacheEntryBytes > MAX_TABLES) throw invalid("L2 cache size too big");
  if (shares.refcounts / clusterSize > MAX_TABLES) throw invalid("Refcount cache size too big");
  return { l2CacheEntryBytes, l2CacheBytes: shares.l2, refcountCacheBytes: shares.refcounts };
}

function demandEntrySize(entry: number, clusterSize: number): void {
  if (entry >= 512 && entry <= clusterSize && Number.isInteger(Math.log2(entry))) return;
  throw invalid(
    `L2 cache entry size must be a power of two between 512 and the cluster size (${clusterSize})`,
  );
}

/** What each cache gets of what was given for both, or for one. */
function sharesOf(
  options: ImageOptions,
  clusterSize: number,
  l2Bytes: number,
): { readonly l2: number; readonly refcounts: number } {
  const both = sizeOption(options, "cache-size");
  const l2Given = sizeOption(options, "l2-cache-size");
  const refcountsGiven = sizeOption(options, "refcount-cache-size");
  const l2 = Math.min(l2Given ?? DEFAULT_RUNTIME.l2CacheBytes, l2Bytes);
  const refcounts = refcountsGiven ?? DEFAULT_RUNTIME.refcountCacheBytes;
  if (both === undefined) return { l2, refcounts };
  if (l2Given !== undefined && refcountsGiven !== undefined) {
    throw invalid(
      "cache-size, l2-cache-size and refcount-cache-size may not be set at the same time",
    );
  }
  if (l2Given !== undefined && l2Given > both)
    throw invalid("l2-cache-size may not exceed cache-size");
  if (refcountsGiven !== undefined && refcountsGiven > both)
    throw invalid("refcount-cache-size may not exceed cache-size");
  if (l2Given !== undefined) return { l2, refcounts: both - l2 };
  if (refcountsGiven !== undefined) return { l2: both - refcountsGiven, refcounts };
  const least = Math.min(both, MIN_REFCOUNT_TABLES * clusterSize);
  const most = Math.min(both - least, l2Bytes);
  return { l2: most, refcounts: both - most };
}

const TEMPLATES: Readonly<Record<string, readonly MetadataKind[]>> = {
  none: [],
  constant: CONSTANT_CHECKS,
  cached: CACHED_CHECKS,
  all: ALL_CHECKS,
};

/** QEMU's names of the single checks. */
const SINGLE_CHECKS: Readonly<Record<string, MetadataKind>> = {
  "main-header": "qcow2_header",
  "active-l1": "active L1 table",
  "active-l2": "active L2 table",
  "refcount-table": "refcount table",
  "refcount-block": "refcount block",
  "snapshot-table": "snapshot table",
  "inactive-l1": "inactive L1 table",
  "inactive-l2": "inactive L2 table",
  "bitmap-directory": "bitmap directory",
};

function overlapChecks(options: ImageOptions): ReadonlySet<MetadataKind> {
  const single = childOptions(options, "overlap-check");
  const short = textOf(options, "overlap-check") ?? textOf(single, "");
  const template = textOf(single, "template");
  if (short !== undefined && template !== undefined && short !== template) {
    throw invalid(
      `Conflicting values for qcow2 options 'overlap-check' ('${short}') ` +
        `and 'overlap-check.template' ('${template}')`,
    );
  }
  const name = short ?? template ?? "cached";
  const base = TEMPLATES[name];
  if (base === undefined) {
    throw invalid(
      `Unsupported value '${name}' for qcow2 option 'overlap-check'. ` +
        "Allowed are any of the following: none, constant, cached, all",
    );
  }
  const checks = new Set(base);
  for (const [key, kind] of Object.entries(SINGLE_CHECKS)) {
    const value = switchOption(single, key);
    if (value === true) checks.add(kind);
    if (value === false) checks.delete(kind);
  }
  return checks;
}
