import type { Task } from "../../task.ts";

/** Guest bytes whose clusters have a new place that no entry leads to yet. */
export interface PendingWrite {
  readonly start: number;
  readonly end: number;
}

/**
 * Allocating writes whose data are under way. Their entries are set afterwards, so whatever else
 * changes the entries of these clusters has to wait; the rest of the image need not.
 */
export class PendingWrites {
  readonly #waiting = new Map<PendingWrite, (() => void)[]>();

  add(write: PendingWrite): void {
    this.#waiting.set(write, []);
  }

  remove(write: PendingWrite): void {
    const waiting = this.#waiting.get(write) ?? [];
    this.#waiting.delete(write);
    for (const wake of waiting) wake();
  }

  /** One that touches `[start, end)`. */
  overlapping(start: number, end: number): PendingWrite | undefined {
    for (const write of this.#waiting.keys())
      if (write.start < end && write.end > start) return write;
    return undefined;
  }

  /** Until `write` has ended. */
  *wait(write: PendingWrite): Task<void> {
    yield new Promise<void>((resolve) => this.#waiting.get(write)?.push(resolve));
  }
}
