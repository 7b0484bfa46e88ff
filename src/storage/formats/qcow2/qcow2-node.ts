import type { BlockNode, BlockStatus, TruncateOptions, ZeroOptions } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import { lengthOf } from "../../segments.ts";
import { type Eventually, type Task, run, wait } from "../../task.ts";
import { writeCompressed } from "./compress.ts";
import type { Qcow2Image } from "./image.ts";
import { lookup } from "./lookup.ts";
import { readGuest } from "./read.ts";
import { l1EntriesFor } from "./open.ts";
import { growL1, resize } from "./resize.ts";
import { writeGuest } from "./write.ts";
import { discardGuest, zeroGuest } from "./zero.ts";

/** A qcow2 image as a node of the graph. */
export class Qcow2Node implements BlockNode {
  readonly driver = "qcow2";
  readonly image: Qcow2Image;

  constructor(image: Qcow2Image) {
    this.image = image;
  }

  get sizeBytes(): number {
    return this.image.sizeBytes;
  }

  get readOnly(): boolean {
    return this.image.readOnly;
  }

  read(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    this.#demand(offset, lengthOf(segments), false);
    return run(readGuest(this.image, offset, segments));
  }

  write(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    this.#demand(offset, lengthOf(segments), true);
    return this.#changing(offset, lengthOf(segments), writeGuest(this.image, offset, segments));
  }

  /** Whole clusters, each stored compressed where that makes it shorter. */
  writeCompressed(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    this.#demand(offset, lengthOf(segments), true);
    const task = writeCompressed(this.image, offset, segments);
    return this.#changing(offset, lengthOf(segments), task);
  }

  writeZeroes(offset: number, length: number, options?: ZeroOptions): Eventually<void> {
    this.#demand(offset, length, true);
    return this.#changing(offset, length, zeroGuest(this.image, offset, length, options));
  }

  discard(offset: number, length: number): Eventually<void> {
    this.#demand(offset, length, true);
    return this.#changing(offset, length, discardGuest(this.image, offset, length));
  }

  /** Records what changes in the bitmaps that follow it. */
  #changing(offset: number, length: number, task: Task<void>): Eventually<void> {
    const { bitmaps } = this.image;
    if (bitmaps === undefined) return run(task);
    return run(recorded(bitmaps.record(offset, length), task));
  }

  /** Where the state of a virtual machine is kept: behind the disk, as the guest's offsets go. */
  get vmStateOffset(): number {
    return l1EntriesFor(this.image.header, this.sizeBytes) * this.image.l2Span;
  }

  readVmState(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    this.image.demandAlive();
    return run(readGuest(this.image, this.vmStateOffset + offset, segments));
  }

  writeVmState(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    this.image.demandAlive();
    if (this.readOnly) throw new StorageError("EPERM");
    return run(this.#writeVmState(this.vmStateOffset + offset, segments));
  }

  *#writeVmState(offset: number, segments: readonly Uint8Array[]): Task<void> {
    const { image } = this;
    const entries = Math.ceil((offset + lengthOf(segments)) / image.l2Span);
    yield* image.mutex.alone(growL1(image, entries));
    yield* writeGuest(image, offset, segments);
  }

  flush(): Eventually<void> {
    if (this.readOnly) return;
    return run(this.image.mutex.alone(this.#flush()));
  }

  *#flush(): Task<void> {
    this.image.demandAlive();
    yield* this.image.flush();
  }

  status(offset: number, length: number): Eventually<BlockStatus> {
    this.#demand(offset, length, false);
    return run(this.image.mutex.alone(this.#status(offset, length)));
  }

  *#status(offset: number, length: number): Task<BlockStatus> {
    const extent = yield* lookup(this.image, offset, length);
    const isCompressed = extent.kind === "compressed";
    const hasPlace = extent.host !== undefined;
    const isData = extent.kind === "data" || isCompressed;
    const allocated = extent.kind !== "unallocated";
    return {
      length: extent.length,
      allocated,
      data: isData,
      zero: extent.kind === "zero" || (!allocated && this.image.backing === undefined),
      ...(hasPlace && allocated && { offset: extent.host, file: this.image.data }),
      ...(isCompressed && { compressed: true }),
    };
  }

  truncate(sizeBytes: number, options: TruncateOptions = {}): Eventually<void> {
    if (this.readOnly) throw new StorageError("EPERM");
    return run(resize(this.image, sizeBytes, options));
  }

  close(): Eventually<void> {
    return run(this.#close());
  }

  *#close(): Task<void> {
    const { image } = this;
    try {
      if (!image.readOnly && !image.dead) {
        if (image.bitmaps !== undefined) yield* image.bitmaps.close();
        yield* image.mutex.alone(image.flush());
        yield* image.markClean();
      }
    } finally {
      if (image.hasDataFile) yield* wait(image.data.close());
      yield* wait(image.file.close());
      if (image.backing !== undefined) yield* wait(image.backing.close());
    }
  }

  #demand(offset: number, length: number, write: boolean): void {
    this.image.demandAlive();
    if (write && this.readOnly) throw new StorageError("EPERM");
    if (offset < 0 || offset + length > this.sizeBytes) throw new StorageError("EINVAL");
  }
}

function* recorded(record: Task<void>, task: Task<void>): Task<void> {
  yield* record;
  yield* task;
}
