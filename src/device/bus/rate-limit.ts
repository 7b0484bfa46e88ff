import type { Clock, Trace } from "../ports.ts";

/** Notes a device may leave in one second of guest time before the rest are only counted. */
const BURST = 8;
const SECOND_NS = 1_000_000_000n;

interface Window {
  startNs: bigint;
  used: number;
  dropped: number;
}

/**
 * Keeps a guest that misuses a device in a loop from flooding the log: the first notes of each
 * device and second pass, then one that says how many were left out.
 */
export function rateLimited(sink: Trace, clock: Pick<Clock, "monotonicNs">): Trace {
  const windows = new Map<string, Window>();
  return {
    guestError(device, message) {
      const now = clock.monotonicNs();
      const window = windows.get(device) ?? { startNs: now, used: 0, dropped: 0 };
      windows.set(device, window);
      if (now - window.startNs >= SECOND_NS) {
        if (window.dropped > 0) sink.guestError(device, `${window.dropped} more left out`);
        Object.assign(window, { startNs: now, used: 0, dropped: 0 });
      }
      if (window.used++ < BURST) sink.guestError(device, message);
      else window.dropped++;
    },
  };
}
