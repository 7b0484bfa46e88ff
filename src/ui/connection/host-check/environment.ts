/** What a browser can be asked about itself, for the host check; tests pass their own. */
import type { Environment } from "../../app/missing.ts";

export interface HostEnvironment extends Omit<Environment, "wasmFeatures" | "tabs"> {
  readonly simd: boolean;
  readonly threads: boolean;
  readonly bulkMemory: boolean;
  /** Fused multiply-add of translated floating point code. */
  readonly relaxedSimd: boolean;
  /** The largest shared memory that could be had, in bytes; 0 for none. */
  readonly sharedMemoryBytes: number;
  readonly waitAsync: boolean;
  readonly locks: boolean;
  readonly broadcast: boolean;
  /** The origin private file system can be opened. */
  readonly privateFiles: boolean;
  /** Its files can be written in place by a worker. */
  readonly syncAccess: boolean;
  /** What this origin may store and stores, in bytes; null where nobody says. */
  readonly quota: { readonly quota: number; readonly usage: number } | null;
  /** Nothing is evicted when the browser wants its space back; null where nobody says. */
  readonly persisted: boolean | null;
  readonly cores: number;
  /** GiB, rounded by the browser, at most 8 in some; null where it does not tell. */
  readonly deviceMemoryGib: number | null;
  /** Folders and files of the computer (File System Access). */
  readonly folders: boolean;
  readonly serviceWorker: boolean;
}
