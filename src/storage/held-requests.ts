import { StorageError } from "./errors.ts";
import type { Eventually } from "./task.ts";

/** QEMU's `werror` and `rerror`: `enospc` stops for want of room and reports everything else. */
export type ErrorPolicy = "report" | "ignore" | "enospc" | "stop";

export interface ErrorPolicies {
  /** `report` when absent. */
  readonly readError?: ErrorPolicy;
  /** `enospc` when absent; for flushes, discards and zeroes too. */
  readonly writeError?: ErrorPolicy;
}

/** A request that failed. */
export interface RequestError {
  readonly operation: "read" | "write";
  readonly action: "report" | "ignore" | "stop";
  readonly nospace: boolean;
  readonly reason: string;
}

type Operation = RequestError["operation"];

/** A request that waits for the machine to go on. */
interface Held {
  retry(): void;
  drop(): void;
}

/**
 * Requests of a guest that fail: told to the guest, passed over, or kept until the machine, which is
 * to stop meanwhile, goes on and they are tried again. To the device a kept request is a slow one.
 */
export class HeldRequests {
  /** Told every failure. With the action `stop` the machine is to be paused. */
  onError: (error: RequestError) => void = () => {};
  readonly #policies: Readonly<Record<Operation, ErrorPolicy>>;
  readonly #running = new Set<Promise<void>>();
  #held: Held[] = [];

  constructor({ readError = "report", writeError = "enospc" }: ErrorPolicies) {
    this.#policies = { read: readError, write: writeError };
  }

  /** Carries out a request, which may be tried several times. */
  run(operation: Operation, request: () => Eventually<void>): Eventually<void> {
    try {
      const pending = request();
      if (pending instanceof Promise) return this.#follow(operation, request, pending);
    } catch (error) {
      return this.#failed(operation, request, error);
    }
  }

  /** The machine goes on: everything kept is tried again, in its order. */
  retry(): void {
    for (const held of this.#takeAll()) held.retry();
  }

  /** The machine was reset: what is kept fails, and nobody hears of it any more. */
  drop(): void {
    for (const held of this.#takeAll()) held.drop();
  }

  /** Resolves when the host is busy with no request any more; kept ones are not with the host. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  async #follow(
    operation: Operation,
    request: () => Eventually<void>,
    pending: Promise<void>,
  ): Promise<void> {
    this.#running.add(pending);
    try {
      await pending;
    } catch (error) {
      return this.#failed(operation, request, error);
    } finally {
      this.#running.delete(pending);
    }
  }

  #failed(operation: Operation, request: () => Eventually<void>, error: unknown): Eventually<void> {
    // Anything else is a bug, which another try would not mend.
    if (!(error instanceof StorageError)) throw error;
    const nospace = error.code === "ENOSPC";
    const action = actionOf(this.#policies[operation], nospace);
    this.onError({ operation, action, nospace, reason: error.message });
    if (action === "report") throw error;
    if (action === "ignore") return undefined;
    return new Promise((resolve, reject) => {
      const again = async (): Promise<void> => this.run(operation, request);
      this.#held.push({ retry: () => resolve(again()), drop: () => reject(error) });
    });
  }

  #takeAll(): readonly Held[] {
    const held = this.#held;
    this.#held = [];
    return held;
  }
}

function actionOf(policy: ErrorPolicy, nospace: boolean): RequestError["action"] {
  if (policy !== "enospc") return policy;
  return nospace ? "stop" : "report";
}
