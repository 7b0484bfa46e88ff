import type { BlockCache } from "./block-cache.ts";
import type { WebResource } from "./resource.ts";

/** What is loaded, and kept, at a time: two clusters of a usual qcow2 image. */
export const BLOCK_BYTES = 1 << 17;
/** Blocks that are asked for in one request. */
const MOST_PER_REQUEST = 32;
const MOST_REQUESTS = 4;
/** Blocks in memory: more than what is loaded ahead of all streams. */
const KEPT_BLOCKS = 192;

interface Run {
  readonly first: number;
  readonly count: number;
  readonly start: () => void;
}

/** Blocks of a resource: those used last in memory, others in the cache, the rest from the server. */
export class BlockLoader {
  readonly #resource: WebResource;
  readonly #cache: BlockCache | null;
  /** In the order of their last use. */
  readonly #kept = new Map<number, Uint8Array>();
  readonly #coming = new Map<number, Promise<Uint8Array>>();
  readonly #waiting: Run[] = [];
  #requests = 0;

  constructor(resource: WebResource, cache: BlockCache | null) {
    this.#resource = resource;
    this.#cache = cache;
  }

  /** Block `index`, or its promise; what is missing up to block `last` is asked for at the same time. */
  read(index: number, last: number): Uint8Array | Promise<Uint8Array> {
    const kept = this.#kept.get(index) ?? this.#fromCache(index);
    if (kept !== undefined) {
      this.#keep(index, kept);
      return kept;
    }
    this.#ask(index, last, true);
    return this.#coming.get(index) as Promise<Uint8Array>;
  }

  /** Loads what is missing of `count` blocks, after all that is waited for. */
  prefetch(first: number, count: number): void {
    const last = Math.min(first + count, this.#blocks) - 1;
    this.#ask(first, last, false);
  }

  get #blocks(): number {
    return Math.ceil(this.#resource.sizeBytes / BLOCK_BYTES);
  }

  #fromCache(index: number): Uint8Array | undefined {
    if (!this.#cache?.has(index)) return undefined;
    return this.#cache.read(index, this.#lengthOf(index, 1)) ?? undefined;
  }

  #lengthOf(first: number, count: number): number {
    return Math.min(this.#resource.sizeBytes - first * BLOCK_BYTES, count * BLOCK_BYTES);
  }

  #isMissing(index: number): boolean {
    return !this.#kept.has(index) && !this.#coming.has(index) && !this.#cache?.has(index);
  }

  /** One request for each row of missing blocks. */
  #ask(first: number, last: number, urgent: boolean): void {
    for (let at = first; at <= last; at++) {
      if (!this.#isMissing(at)) continue;
      let end = at + 1;
      while (end <= last && end - at < MOST_PER_REQUEST && this.#isMissing(end)) end++;
      this.#request(at, end - at, urgent);
      at = end - 1;
    }
  }

  #request(first: number, count: number, urgent: boolean): void {
    const bytes = new Promise<void>((start) => {
      const run = { first, count, start };
      // What the guest waits for comes before what it might want.
      if (urgent) this.#waiting.unshift(run);
      else this.#waiting.push(run);
    }).then(() => this.#resource.load(first * BLOCK_BYTES, this.#lengthOf(first, count)));
    for (let i = 0; i < count; i++) this.#expect(first + i, i, bytes);
    const done = (): void => {
      this.#requests--;
      this.#startNext();
    };
    bytes.then(done, done);
    this.#startNext();
  }

  #expect(index: number, inRun: number, run: Promise<Uint8Array>): void {
    const block = run.then((bytes) => {
      // A copy: the rest of a long answer must not stay for one block of it.
      const from = inRun * BLOCK_BYTES;
      const own = bytes.slice(from, from + BLOCK_BYTES);
      this.#keep(index, own);
      this.#cache?.write(index, own);
      return own;
    });
    this.#coming.set(index, block);
    const forget = (): void => void this.#coming.delete(index);
    block.then(forget, forget);
  }

  #startNext(): void {
    while (this.#requests < MOST_REQUESTS) {
      const run = this.#waiting.shift();
      if (run === undefined) return;
      this.#requests++;
      run.start();
    }
  }

  #keep(index: number, block: Uint8Array): void {
    this.#kept.delete(index);
    this.#kept.set(index, block);
    if (this.#kept.size <= KEPT_BLOCKS) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}
