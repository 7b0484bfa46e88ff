import type { BlockNode } from "../block-node.ts";
import { StorageError } from "../errors.ts";
import { isZero, lengthOf, scatterAt, slice } from "../segments.ts";
import { type Eventually, Mutex, type Task, run, wait } from "../task.ts";
import { FilterNode } from "./filter-node.ts";

/** Bytes that are copied at a time, so that a long read is not all of memory. */
const MAX_COPY = 1 << 20;

/** Keeps what is read from a backing image in the image itself: QEMU's `copy-on-read`. */
export class CopyOnReadNode extends FilterNode {
  readonly #mutex = new Mutex();

  constructor(below: BlockNode) {
    super("copy-on-read", below);
  }

  override read(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    return run(this.#read(offset, segments));
  }

  *#read(offset: number, segments: readonly Uint8Array[]): Task<void> {
    const length = lengthOf(segments);
    if (offset < 0 || offset + length > this.sizeBytes) throw new StorageError("EINVAL");
    // A write in between must not be overwritten with what was read before it.
    if (length > 0) yield* this.#mutex.alone(this.#readAndKeep(offset, segments));
  }

  override write(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    return run(this.#mutex.alone(this.#write(offset, segments)));
  }

  *#write(offset: number, segments: readonly Uint8Array[]): Task<void> {
    yield* wait(this.below.write(offset, segments));
  }

  *#readAndKeep(offset: number, segments: readonly Uint8Array[]): Task<void> {
    const { clusterSize } = this;
    const wanted = { offset, segments, end: offset + lengthOf(segments) };
    const start = offset - (offset % clusterSize);
    const end = Math.min(Math.ceil(wanted.end / clusterSize) * clusterSize, this.sizeBytes);
    for (let at = start; at < end;) {
      const status = yield* wait(this.below.status(at, end - at));
      const extent = Math.min(status.length, end - at);
      if (status.allocated) yield* this.#pass(wanted, at, extent);
      else yield* this.#keep(wanted, at, extent);
      at += extent;
    }
  }

  /** The part of what is wanted that the image has itself. */
  *#pass(wanted: Wanted, at: number, length: number): Task<void> {
    const from = Math.max(at, wanted.offset);
    const to = Math.min(at + length, wanted.end);
    if (from >= to) return;
    const parts = slice(wanted.segments, from - wanted.offset, to - from);
    yield* wait(this.below.read(from, parts));
  }

  /** Copies a range, and to the reader what is wanted of it. */
  *#keep(wanted: Wanted, offset: number, length: number): Task<void> {
    const buffer = new Uint8Array(Math.min(MAX_COPY, length));
    for (let done = 0; done < length; done += MAX_COPY) {
      const at = offset + done;
      const bytes = buffer.subarray(0, Math.min(MAX_COPY, length - done));
      yield* wait(this.below.read(at, [bytes]));
      if (this.below.debug !== undefined) yield* wait(this.below.debug("cor_write"));
      if (isZero(bytes)) yield* wait(this.below.writeZeroes(at, bytes.length));
      else yield* wait(this.below.write(at, [bytes]));
      const from = Math.max(at, wanted.offset);
      const to = Math.min(at + bytes.length, wanted.end);
      if (from < to)
        scatterAt(wanted.segments, from - wanted.offset, bytes.subarray(from - at, to - at));
    }
  }
}

/** What a reader asked for. */
interface Wanted {
  readonly offset: number;
  readonly end: number;
  readonly segments: readonly Uint8Array[];
}
