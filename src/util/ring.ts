/**
 * Single-producer single-consumer rings in shared memory.
 *
 * A ring is a header of three u32 words (capacity, head, tail; where they lie is the caller's
 * business) and a power-of-two array of entries. `head` counts entries produced, `tail` entries
 * consumed, both modulo 2^32: the ring is empty when they are equal and full when they differ by
 * the capacity. Only the producer writes head, only the consumer tail.
 */

/** Where a ring's parts lie in its buffer, all in bytes from the buffer's start. */
export interface RingPlace {
  readonly head: number;
  readonly tail: number;
  readonly data: number;
  /** Entries; a power of two. */
  readonly capacity: number;
}

type Entries = Uint8Array | Uint16Array;
type Make<T extends Entries> = new (
  buffer: ArrayBufferLike,
  byteOffset: number,
  length: number,
) => T;

/** One end of a ring whose entries are the elements of `T`. */
export class Ring<T extends Entries> {
  readonly #head: Int32Array;
  readonly #tail: Int32Array;
  readonly #data: T;
  readonly #mask: number;

  /** @throws RangeError when the capacity is no power of two */
  constructor(entries: Make<T>, buffer: ArrayBufferLike, place: RingPlace) {
    if (place.capacity <= 0 || (place.capacity & (place.capacity - 1)) !== 0) {
      throw new RangeError(`ring capacity ${place.capacity} is not a power of two`);
    }
    this.#head = new Int32Array(buffer, place.head, 1);
    this.#tail = new Int32Array(buffer, place.tail, 1);
    this.#data = new entries(buffer, place.data, place.capacity);
    this.#mask = place.capacity - 1;
  }

  get capacity(): number {
    return this.#mask + 1;
  }

  /** Entries waiting. A peer that scribbles over the header cannot make this exceed capacity. */
  get length(): number {
    const used = (Atomics.load(this.#head, 0) - Atomics.load(this.#tail, 0)) >>> 0;
    return Math.min(used, this.capacity);
  }

  /** Room for entries. */
  get space(): number {
    return this.capacity - this.length;
  }

  /** Producer: puts as many of `values` as fit. @returns how many */
  push(values: ArrayLike<number>): number {
    const head = Atomics.load(this.#head, 0);
    const count = Math.min(values.length, this.space);
    for (let i = 0; i < count; i++) {
      this.#data[(head + i) & this.#mask] = values[i] ?? 0;
    }
    Atomics.store(this.#head, 0, (head + count) | 0);
    return count;
  }

  /** Consumer: the next entries, at most `max`, as a copy; they stay until `drop`. */
  peek(max: number): T {
    const tail = Atomics.load(this.#tail, 0);
    const count = Math.min(max, this.length);
    const out = this.#data.slice(0, count) as T;
    for (let i = 0; i < count; i++) out[i] = this.#data[(tail + i) & this.#mask] ?? 0;
    return out;
  }

  /** Consumer: removes the next `count` entries. */
  drop(count: number): void {
    const tail = Atomics.load(this.#tail, 0);
    Atomics.store(this.#tail, 0, (tail + Math.min(count, this.length)) | 0);
  }

  /** Consumer: removes and returns the next entries, at most `max`. */
  take(max: number): T {
    const out = this.peek(max);
    this.drop(out.length);
    return out;
  }
}
