/** Long work in a storage worker: how far it is, and an end before its time. */
import type { JobProgress } from "../../protocol/storage-service.ts";
import { storageError } from "./failures.ts";
import type { StorageHost } from "./storage-host.ts";

/** Messages are looked at this often. */
const TURN_MS = 20;

export class Job {
  done = 0;
  total = 0;
  aborted = false;
  readonly #host: Pick<StorageHost, "nowMs" | "turn">;
  #turnedMs: number;

  constructor(host: Pick<StorageHost, "nowMs" | "turn">) {
    this.#host = host;
    this.#turnedMs = host.nowMs();
  }

  /** There is more to do than was known, in bytes: work has several parts. */
  expect(bytes: number): void {
    this.total += bytes;
  }

  /**
   * To be awaited often: files are synchronous, and a worker that only works hears nothing.
   *
   * @param done bytes, those of earlier parts with them
   * @throws VmError operationAborted once somebody wants it to end
   */
  async step(done: number): Promise<void> {
    this.done = done;
    if (this.#host.nowMs() - this.#turnedMs > TURN_MS) {
      await this.#host.turn();
      this.#turnedMs = this.#host.nowMs();
    }
    if (this.aborted) throw storageError("operationAborted", "the job was given up");
  }
}

export class JobTable {
  readonly #host: StorageHost;
  readonly #jobs = new Map<string, Job>();

  constructor(host: StorageHost) {
    this.#host = host;
  }

  async run<T>(id: string, work: (job: Job) => Promise<T>): Promise<T> {
    const job = new Job(this.#host);
    this.#jobs.set(id, job);
    try {
      return await work(job);
    } finally {
      this.#jobs.delete(id);
    }
  }

  progress(id: string): JobProgress | null {
    const job = this.#jobs.get(id);
    return job === undefined ? null : { done: job.done, total: job.total };
  }

  abort(id: string): void {
    const job = this.#jobs.get(id);
    if (job) job.aborted = true;
  }
}
