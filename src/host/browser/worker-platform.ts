import type { WorkerPlatform } from "../../protocol/platform.ts";
import { browserClock } from "./clock.ts";
import { holdSignOfLife } from "./sign-of-life.ts";
import { workerHandle } from "./worker-handle.ts";

/** getRandomValues fills at most this many bytes a call (Web Crypto §10.1.1). */
const RANDOM_QUOTA_BYTES = 65536;

/** @param newHart starts the script of a hart worker */
export function browserWorkerPlatform(newHart: () => Worker): WorkerPlatform {
  const { port1, port2 } = new MessageChannel();
  const turns: (() => void)[] = [];
  port1.onmessage = () => turns.shift()?.();
  return {
    clock: browserClock(),
    signOfLife: holdSignOfLife(),
    utcMs: () => Date.now(),
    randomFill,
    spawnHart: () => workerHandle(newHart()),
    // A message to oneself: timers are throttled to 4 ms and more.
    turn: () =>
      new Promise((resolve) => {
        turns.push(resolve);
        port2.postMessage(0);
      }),
  };
}

/** getRandomValues refuses shared memory, hence the copy. */
function randomFill(target: Uint8Array): void {
  const chunk = new Uint8Array(Math.min(target.length, RANDOM_QUOTA_BYTES));
  for (let at = 0; at < target.length; at += chunk.length) {
    crypto.getRandomValues(chunk);
    target.set(chunk.subarray(0, target.length - at), at);
  }
}
