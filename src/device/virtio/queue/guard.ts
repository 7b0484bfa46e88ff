import { QueueFault } from "./queue.ts";

/** Keeps what the driver broke inside its queue: after the first fault nothing runs any more. */
export class Guard {
  readonly #report: (why: string) => void;
  #broken = false;

  constructor(report: (why: string) => void) {
    this.#report = report;
  }

  run<T>(action: () => T, otherwise: T): T {
    if (this.#broken) return otherwise;
    try {
      return action();
    } catch (error) {
      if (!(error instanceof QueueFault)) throw error;
      this.#broken = true;
      this.#report(error.message);
      return otherwise;
    }
  }
}
