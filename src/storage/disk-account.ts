import type { Eventually } from "./task.ts";

/** Kinds of requests that are counted apart. */
export type RequestKind = "rd" | "wr" | "flush" | "unmap";

/** Counts a guest's requests, and the time that they take. */
export class DiskAccount {
  readonly #nowMs: () => number;
  readonly #counts = { rd: 0, wr: 0, flush: 0, unmap: 0 };
  readonly #bytes = { rd: 0, wr: 0, flush: 0, unmap: 0 };
  readonly #ms = { rd: 0, wr: 0, flush: 0, unmap: 0 };
  #errors = 0;

  /** @param nowMs a clock of milliseconds with fractions */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Runs a request of `bytes`, which is counted when it ends. */
  run(kind: RequestKind, bytes: number, request: () => Eventually<void>): Eventually<void> {
    const began = this.#nowMs();
    try {
      const pending = request();
      if (pending instanceof Promise) return this.#follow(kind, bytes, began, pending);
    } catch (error) {
      this.#errors++;
      throw error;
    }
    this.#ended(kind, bytes, began);
  }

  stats() {
    const ns = (kind: RequestKind): number => Math.round(this.#ms[kind] * 1e6);
    return {
      rdReq: this.#counts.rd,
      rdBytes: this.#bytes.rd,
      wrReq: this.#counts.wr,
      wrBytes: this.#bytes.wr,
      flushReq: this.#counts.flush,
      unmapReq: this.#counts.unmap,
      unmapBytes: this.#bytes.unmap,
      rdTotalTimeNs: ns("rd"),
      wrTotalTimeNs: ns("wr"),
      flushTotalTimeNs: ns("flush"),
      errors: this.#errors,
    };
  }

  async #follow(
    kind: RequestKind,
    bytes: number,
    began: number,
    pending: Promise<void>,
  ): Promise<void> {
    try {
      await pending;
    } catch (error) {
      this.#errors++;
      throw error;
    }
    this.#ended(kind, bytes, began);
  }

  #ended(kind: RequestKind, bytes: number, began: number): void {
    this.#counts[kind]++;
    this.#bytes[kind] += bytes;
    this.#ms[kind] += this.#nowMs() - began;
  }
}
