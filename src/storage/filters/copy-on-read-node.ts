import type { BlockNode } from "../block-node.ts";
import { StorageError } from "../errors.ts";
import { isZero, lengthOf, slice } from "../segments.ts";
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
    if (length > 0) yield* this.#mutex.alone(this.#copy(offset, length));
    yield* wait(this.below.read(offset, segments));
  }

  override write(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    return run(this.#mutex.alone(this.#write(offset, segments)));
  }

  *#write(offset: number, segments: readonly Uint8Array[]): Task<void> {
    yield* wait(this.below.write(offset, segments));
  }

  *#copy(offset: number, length: number): Task<void> {
    const { clusterSize } = this;
    const start = offset - (offset % clusterSize);
    const end = Math.min(Math.ceil((offset + length) / clusterSize) * clusterSize, this.sizeBytes);
    for (let at = start; at < end;) {
      const status = yield* wait(this.below.status(at, end - at));
      const extent = Math.min(status.length, end - at);
      if (!status.allocated) yield* this.#copyRange(at, extent);
      at += extent;
    }
  }

  *#copyRange(offset: number, length: number): Task<void> {
    const buffer = new Uint8Array(Math.min(MAX_COPY, length));
    for (let done = 0; done < length; done += MAX_COPY) {
      const parts = slice([buffer], 0, Math.min(MAX_COPY, length - done));
      const [bytes] = parts as readonly [Uint8Array];
      yield* wait(this.below.read(offset + done, parts));
      if (this.below.debug !== undefined) yield* wait(this.below.debug("cor_write"));
      if (isZero(bytes)) yield* wait(this.below.writeZeroes(offset + done, bytes.length));
      else yield* wait(this.below.write(offset + done, parts));
    }
  }
}
