import type { BlockNode, BlockStatus, TruncateOptions, ZeroOptions } from "../../block-node.ts";
import { announce } from "../../announce.ts";
import { StorageError, strerror } from "../../errors.ts";
import { lengthOf } from "../../segments.ts";
import { type Eventually, type Task, run, wait } from "../../task.ts";
import { writeCompressed } from "./compress.ts";
import type { Qcow2Image } from "./image.ts";
import { lookup } from "./lookup.ts";
import { readGuest } from "./read.ts";
import { looksPreallocated } from "./preallocation.ts";
import { l1EntriesFor } from "./open.ts";
import { growL1, resize } from "./resize.ts";
import { writeGuest } from "./write.ts";
import { discardGuest, zeroGuest } from "./zero.ts";

/** A qcow2 image as a node of the graph. */
export class Qcow2Node implements BlockNode {
  readonly driver = "qcow2";
  readonly image: Qcow2Image;
  /** Clusters were taken that the file has no space for; undefined before anyone asked. */
  #isPreallocated: boolean | undefined;

  constructor(image: Qcow2Image) {
    this.image = image;
  }

  get sizeBytes(): number {
    return this.image.sizeBytes;
  }

  get readOnly(): boolean {
    return this.image.readOnly;
  }

  get clusterSize(): number {
    return this.image.clusterSize;
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
    return run(this.#readVmState(this.vmStateOffset + offset, segments));
  }

  writeVmState(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    this.image.demandAlive();
    if (this.readOnly) throw new StorageError("EPERM");
    return run(this.#writeVmState(this.vmStateOffset + offset, segments));
  }

  *#readVmState(offset: number, segments: readonly Uint8Array[]): Task<void> {
    yield* announce(this.image.file, "vmstate_load");
    yield* readGuest(this.image, offset, segments);
  }

  *#writeVmState(offset: number, segments: readonly Uint8Array[]): Task<void> {
    const { image } = this;
    yield* announce(image.file, "vmstate_save");
    const entries = Math.ceil((offset + lengthOf(segments)) / image.l2Span);
    yield* image.exclusive(growL1(image, entries));
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
    // Encrypted data are not in the file as they are read.
    const hasPlace = extent.host !== undefined && this.image.encryption === undefined;
    const isData = extent.kind === "data" || isCompressed;
    const allocated = extent.kind !== "unallocated";
    return {
      length: extent.length,
      allocated,
      data: isData,
      zero: extent.kind === "zero" || (!allocated && this.image.backing === undefined),
      ...(hasPlace && allocated && { offset: extent.host, file: this.image.data }),
      ...(isCompressed && { compressed: true }),
      ...(extent.kind === "data" && (yield* this.#mayHaveHoles()) && { mayHaveHoles: true }),
    };
  }

  *#mayHaveHoles(): Task<boolean> {
    this.#isPreallocated ??= yield* looksPreallocated(this.image);
    return this.#isPreallocated;
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
        yield* image.exclusive(closeDown(image));
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

/** Writes all back; what cannot be written is complained of, as nobody asks any more. */
function* closeDown(image: Qcow2Image): Task<void> {
  const l2 = attempt(image, "L2 table", image.l2.flush());
  const isL2Done = yield* l2;
  const counts = attempt(image, "refcount block", image.refcounts.cache.flush());
  const areCountsDone = image.usesLazyRefcounts || (yield* counts);
  if (!isL2Done || !areCountsDone) return;
  yield* image.flush();
  yield* image.markClean();
}

function* attempt(image: Qcow2Image, what: string, work: Task<void>): Task<boolean> {
  try {
    yield* work;
    yield* image.barrier();
    return true;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    image.complain(`Failed to flush the ${what} cache: ${strerror(error.errno)}`);
    return false;
  }
}

function* recorded(record: Task<void>, task: Task<void>): Task<void> {
  yield* record;
  yield* task;
}
