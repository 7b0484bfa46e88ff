import type { Monotonic } from "../../protocol/platform.ts";

/**
 * The process's monotonic clock. `performance.now` counts from the start of its own thread, so its
 * origin is found once against `process.hrtime`, which is the same in all threads.
 */
export function nodeClock(): Monotonic {
  const originMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();
  return { nowMs: () => originMs + performance.now() };
}
