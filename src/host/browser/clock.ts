import type { Monotonic } from "../../protocol/platform.ts";

/**
 * The page's monotonic clock. A worker's `performance.now` counts from its own time origin; with
 * the origin added, readings of all threads are on one axis (HR-Time §5: origins are taken from one
 * estimate of the epoch, which does not follow changes of the wall clock).
 */
export function browserClock(): Monotonic {
  const originMs = performance.timeOrigin;
  return { nowMs: () => originMs + performance.now() };
}
