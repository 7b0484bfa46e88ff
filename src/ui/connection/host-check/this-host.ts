/** Asks this browser about itself. */
import { thisEnvironment } from "../../app/missing.ts";
import type { HostEnvironment } from "./environment.ts";
import { WASM_PROBES } from "./wasm-features.ts";

export async function thisHost(): Promise<HostEnvironment> {
  const { wasmFeatures: _features, tabs: _tabs, ...basics } = thisEnvironment();
  const [privateFiles, syncAccess, quota, persisted] = await Promise.all([
    hasPrivateFiles(),
    hasSyncAccess(),
    quotaNow(),
    navigator.storage?.persisted?.().catch(() => null) ?? null,
  ]);
  const has = (probe: keyof typeof WASM_PROBES): boolean =>
    basics.wasm && WebAssembly.validate(WASM_PROBES[probe]);
  return {
    ...basics,
    threads: has("threads"),
    simd: has("simd"),
    bulkMemory: has("bulkMemory"),
    relaxedSimd: has("relaxedSimd"),
    sharedMemoryBytes: basics.wasm && basics.sharedArrayBuffer ? largestMemory() : 0,
    waitAsync: "waitAsync" in Atomics,
    locks: "locks" in navigator,
    broadcast: typeof BroadcastChannel === "function",
    privateFiles,
    syncAccess,
    quota,
    persisted,
    cores: navigator.hardwareConcurrency,
    deviceMemoryGib: (navigator as { deviceMemory?: number }).deviceMemory ?? null,
    folders: "showDirectoryPicker" in globalThis,
    serviceWorker: "serviceWorker" in navigator,
  };
}

/** Asks the browser to evict nothing. @returns whether it will */
export async function askToPersist(): Promise<boolean> {
  return (await navigator.storage?.persist?.()) ?? false;
}

async function quotaNow(): Promise<HostEnvironment["quota"]> {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return quota === undefined ? null : { quota, usage: usage ?? 0 };
  } catch {
    return null;
  }
}

async function hasPrivateFiles(): Promise<boolean> {
  try {
    await navigator.storage.getDirectory();
    return true;
  } catch {
    // Not there, or not in a private window.
    return false;
  }
}

/** Only workers have it. */
function hasSyncAccess(): Promise<boolean> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL("./sync-access.worker.ts", import.meta.url), {
      type: "module",
      name: "host check",
    });
    const end = (has: boolean): void => {
      worker.terminate();
      resolve(has);
    };
    worker.addEventListener("message", ({ data }: MessageEvent<boolean>) => end(data));
    worker.addEventListener("error", () => end(false));
  });
}

/** All that 32-bit pointers reach. */
const MOST_PAGES = 0x1_0000;
const LEAST_PAGES = 0x400;

/** The host commits nothing of it before it is written to. */
function largestMemory(): number {
  for (let pages = MOST_PAGES; pages >= LEAST_PAGES; pages /= 2) {
    try {
      const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
      return memory.buffer.byteLength;
    } catch {
      // Half of it, then.
    }
  }
  return 0;
}
