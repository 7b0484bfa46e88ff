/** What this browser or this server lacks for running machines. */
import type { MessageKey } from "../i18n/catalogue.ts";

/** What is missing, and what to do about it. */
export interface Missing {
  readonly what: MessageKey;
  readonly fix: MessageKey;
}

/** The facts that decide; a test passes its own. */
export interface Environment {
  readonly isSecureContext: boolean;
  readonly crossOriginIsolated: boolean;
  readonly sharedArrayBuffer: boolean;
  readonly wasm: boolean;
  /** SIMD, threads and bulk memory. */
  readonly wasmFeatures: boolean;
  /** Web Locks and channels between tabs, by which one tab has the machines of all. */
  readonly tabs: boolean;
}

/** The first thing to fix, or null when machines can run. */
export function firstMissing(environment: Environment): Missing | null {
  const { isSecureContext, crossOriginIsolated, sharedArrayBuffer } = environment;
  if (!environment.wasm) return { what: "missing.wasm", fix: "missing.browserFix" };
  if (!isSecureContext) return { what: "missing.insecure", fix: "missing.insecureFix" };
  if (!crossOriginIsolated) return { what: "missing.isolation", fix: "missing.isolationFix" };
  if (!sharedArrayBuffer) return { what: "missing.sharedMemory", fix: "missing.browserFix" };
  if (!environment.wasmFeatures) {
    return { what: "missing.wasmFeatures", fix: "missing.browserFix" };
  }
  if (!environment.tabs) return { what: "missing.tabs", fix: "missing.browserFix" };
  return null;
}

/**
 * A module with a shared memory, an atomic load, a v128 constant and a filling of memory: it validates
 * only where threads, SIMD and bulk memory are there.
 *
 *     (module (import "e" "m" (memory 1 1 shared))
 *       (func i32.const 0 i32.atomic.load drop v128.const 0 drop
 *         i32.const 0 i32.const 0 i32.const 0 memory.fill))
 */
const PROBE = Uint8Array.from(
  [
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    [0x01, 0x04, 0x01, 0x60, 0x00, 0x00],
    [0x02, 0x09, 0x01, 0x01, 0x65, 0x01, 0x6d, 0x02, 0x03, 0x01, 0x01],
    [0x03, 0x02, 0x01, 0x00],
    [0x0a, 0x27, 0x01, 0x25, 0x00, 0x41, 0x00, 0xfe, 0x10, 0x02, 0x00, 0x1a],
    [0xfd, 0x0c, ...Array<number>(16).fill(0), 0x1a],
    [0x41, 0x00, 0x41, 0x00, 0x41, 0x00, 0xfc, 0x0b, 0x00, 0x0b],
  ].flat(),
);

export function thisEnvironment(): Environment {
  const wasm = typeof WebAssembly === "object";
  return {
    isSecureContext: globalThis.isSecureContext,
    crossOriginIsolated: globalThis.crossOriginIsolated,
    sharedArrayBuffer: typeof SharedArrayBuffer === "function",
    wasm,
    wasmFeatures: wasm && WebAssembly.validate(PROBE),
    tabs: hasLocks() && typeof BroadcastChannel === "function",
  };
}

function hasLocks(): boolean {
  return typeof navigator === "object" && "locks" in navigator;
}
