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
   * To be told when the worker dies of an error of its own (it failed to load, an exception nobody
   * caught, memory ran out). At most one call.
   */
  onFailure(listener: (message: string) => void): void;
  /** Ends the worker and all that it started, at once. */
  terminate(): void;
}

/** What worker code needs from the host that it runs on. */
export interface WorkerPlatform {
  readonly clock: Monotonic;
  /** UTC in milliseconds since 1970. */
  utcMs(): number;
  /** Fills a view, which may lie in shared memory, with cryptographic random bytes. */
  randomFill(target: Uint8Array): void;
  spawnHart(): WorkerHandle<HartService>;
  /** Lets the event loop take messages; resolves in a later turn of it. */
  turn(): Promise<void>;
}
