import type { HartService } from "./hart-service.ts";
import type { AsyncService } from "./rpc.ts";

/** A monotonic clock whose reading means the same in every worker of the process or page. */
export interface Monotonic {
  /** Milliseconds with a fraction since an origin that all workers share. */
  nowMs(): number;
}

/** A worker of ours, seen from the thread that made it. */
export interface WorkerHandle<S> {
  readonly service: AsyncService<S>;
  /**
   * To be told when the worker ends and it was not us who ended it: it failed to load, an exception
   * nobody caught, memory ran out; where it is watched, also when its thread is gone without a word.
   * At most one call.
   */
  onFailure(listener: (message: string) => void): void;
  /** Watches the sign of life that the worker gave at its handshake. */
  watch(signOfLife: string): void;
  /** Ends the worker and all that it started, at once. */
  terminate(): void;
}

/** What worker code needs from the host that it runs on. */
export interface WorkerPlatform {
  readonly clock: Monotonic;
  /** What this worker answers to a handshake: see Handshake. */
  readonly signOfLife: Promise<string>;
  /** UTC in milliseconds since 1970. */
  utcMs(): number;
  /** Fills a view, which may lie in shared memory, with cryptographic random bytes. */
  randomFill(target: Uint8Array): void;
  spawnHart(): WorkerHandle<HartService>;
  /** Lets the event loop take messages; resolves in a later turn of it. */
  turn(): Promise<void>;
}
