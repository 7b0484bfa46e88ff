import type { MachineService } from "../protocol/machine-service.ts";
import type { WorkerHandle } from "../protocol/platform.ts";
import type { ImageSource } from "./types.ts";

/** What a load tells, and what ends it before its time. */
export interface LoadControl {
  /** Bytes that are there, of how many; null while that is not known. */
  onBytes(done: number, total: number | null): void;
  readonly signal: AbortSignal;
}

/** What the embedding API needs from the host: implemented in host/browser and host/node. */
export interface MachineHost {
  /** The compiled core, a `WebAssembly.Module`. @throws VmError when it cannot be had */
  core(): Promise<unknown>;
  /**
   * Reads an image in full.
   *
   * @returns bytes of the caller's own: they are transferred to the machine worker
   * @throws VmError naming the image
   */
  load(source: ImageSource, control?: LoadControl): Promise<Uint8Array>;
  spawnMachine(): WorkerHandle<MachineService>;
}
