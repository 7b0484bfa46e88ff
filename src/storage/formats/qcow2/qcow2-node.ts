import type { BlockNode, BlockStatus, TruncateOptions, ZeroOptions } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import { lengthOf } from "../../segments.ts";
import { type Eventually, type Task, run, wait } from "../../task.ts";
import { writeCompressed } from "./compress.ts";
import type { Qcow2Image } from "./image.ts";
import { lookup } from "./lookup.ts";
import { readGuest } from "./read.ts";
import { resize } from "./resize.ts";
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
    return run(writeGuest(this.image, offset, segments));
  }

  /** Whole clusters, each stored compressed where that makes it shorter. */
  writeCompressed(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    this.#demand(offset, lengthOf(segments), true);
    return run(writeCompressed(this.image, offset, segments));
  }

  writeZeroes(offset: number, length: number, options?: ZeroOptions): Eventually<void> {
    this.#demand(offset, length, true);
    return run(zeroGuest(this.image, offset, length, options));
  }

  discard(offset: number, length: number): Eventually<void> {
    this.#demand(offset, length, true);
    return run(discardGuest(this.image, offset, length));
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
    const hasPlace = extent.host !== undefined && this.image.cipher === undefined;
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
