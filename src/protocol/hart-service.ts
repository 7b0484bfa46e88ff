import type { Handshake } from "./version.ts";

/** What a hart worker needs to run one vCPU. */
export interface HartInit {
  /** The compiled core: a `WebAssembly.Module`. */
  readonly module: unknown;
  /** The VM's shared `WebAssembly.Memory`. */
  readonly memory: unknown;
  /** 0 to MAX_HARTS-1. */
  readonly index: number;
  /** Zero of the VM's monotonic clock, on the clock that `Monotonic` reads. */
  readonly epochMs: number;
  /** A `MessagePort` to ring the doorbell with, where the engine lacks Atomics.waitAsync. */
  readonly doorbell?: unknown;
}

/** How a hart's run ended. */
export type HartEnd =
  | { readonly kind: "stopped" }
  /** `message` is one sentence that names the hart and the guest's pc. */
  | { readonly kind: "crashed"; readonly message: string };

/** The hart worker, as the machine worker sees it. */
export interface HartService extends Handshake {
  /** Instantiates the core on the VM's memory. */
  prepare(init: HartInit): Promise<void>;
  /**
   * Executes until CONTROL.runState is `stopped` or the hart crashes. The worker's event loop stands
   * still meanwhile: it is told things through shared memory only.
   */
  run(): HartEnd;
}
