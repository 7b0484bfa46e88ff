/** Work on a running domain that takes a while, and what libvirt says of its progress. */
import type { DomainJobStats } from "../../driver/domain-calls.ts";
import { DomainJobType } from "../../driver/domain-flags.ts";
import { param } from "../../driver/typed-params.ts";

/** `virDomainJobOperation`, those that there are. */
export const OPERATION = { dump: 8 } as const;

export class Job {
  /** A value of OPERATION. */
  readonly operation: number;
  /** Bytes of memory. */
  readonly total: number;
  readonly canAbort: boolean;
  processed = 0;
  aborted = false;
  readonly #startMs: number;
  #endMs: number | null = null;

  constructor(operation: number, total: number, nowMs: number, canAbort: boolean) {
    this.operation = operation;
    this.total = total;
    this.canAbort = canAbort;
    this.#startMs = nowMs;
  }

  end(nowMs: number): void {
    this.#endMs = nowMs;
  }

  get hasEnded(): boolean {
    return this.#endMs !== null;
  }

  elapsedMs(nowMs: number): number {
    return Math.max(0, Math.round((this.#endMs ?? nowMs) - this.#startMs));
  }
}

export const NO_JOB: DomainJobStats = { type: DomainJobType.none, params: [] };

export function jobStats(job: Job, nowMs: number): DomainJobStats {
  const { operation, total, processed } = job;
  return {
    type: job.hasEnded ? DomainJobType.completed : DomainJobType.unbounded,
    params: [
      param.int("operation", operation),
      param.ullong("time_elapsed", BigInt(job.elapsedMs(nowMs))),
      param.ullong("memory_total", BigInt(total)),
      param.ullong("memory_processed", BigInt(processed)),
      param.ullong("memory_remaining", BigInt(total - processed)),
    ],
  };
}
