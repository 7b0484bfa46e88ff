import { randomFillSync } from "node:crypto";
import type { WorkerPlatform } from "../../protocol/platform.ts";
import { nodeClock } from "./clock.ts";
import { spawnNodeWorker } from "./worker-handle.ts";

/** @param hartUrl the compiled entry point of hart workers */
export function nodeWorkerPlatform(hartUrl: URL): WorkerPlatform {
  return {
    clock: nodeClock(),
    // Node tells of every worker's exit.
    signOfLife: Promise.resolve(""),
    utcMs: () => Date.now(),
    randomFill: (target) => {
      randomFillSync(target);
    },
    spawnHart: () => spawnNodeWorker(hartUrl, "hart"),
    turn: () => new Promise((resolve) => setImmediate(resolve)),
  };
}
