import type { BlockNode, BlockStatus, TruncateOptions, ZeroOptions } from "../block-node.ts";
import { StorageError } from "../errors.ts";
import { readSegmentsPadded } from "../padded.ts";
import { fillZero, lengthOf, slice } from "../segments.ts";
import { type Eventually, Mutex, type Task, run, wait } from "../task.ts";
import type { FormatInfo, FormatNode } from "./driver.ts";

/** What a stretch of the disk is, as far as it is alike. */
export interface Place {
  readonly kind: "data" | "zero" | "unallocated" | "packed";
  /** At least one byte, never more than asked for. */
  readonly length: number;
  /** Where it is in `file`, for data. */
  readonly host?: number | undefined;
  /** The image's only file when absent. */
  readonly file?: BlockNode | undefined;
  /** The file may have holes where it is. */
  readonly sparse?: boolean;
}

const ZERO_CHUNK = 1 << 20;

/**
 * An image that maps stretches of the disk to places in its files. A format says how: where a
 * stretch is (`find`) and how one is changed (`store`). Operations are done one at a time.
 */
export abstract class MappedNode implements FormatNode {
  abstract readonly driver: string;
  abstract readonly sizeBytes: number;
  readonly file: BlockNode;
  readonly readOnly: boolean;
  backing: BlockNode | undefined;
  protected readonly mutex = new Mutex();
  /** An unallocated stretch is looked for in the backing image, and is this layer's otherwise. */
  protected readonly supportsBacking: boolean = false;

  constructor(file: BlockNode, readOnly: boolean) {
    this.file = file;
    this.readOnly = readOnly;
  }

  abstract describe(): FormatInfo;

  protected abstract find(offset: number, length: number): Task<Place>;

  /** Changes a first part of the range. @returns its length */
  protected abstract store(offset: number, segments: readonly Uint8Array[]): Task<number>;

  /** After all parts of a write. */
  protected *stored(): Task<void> {}

  /** Reads what is `packed`, from `offset` on. */
  // oxlint-disable-next-line require-yield
  protected *unpack(_place: Place, _offset: number, _into: readonly Uint8Array[]): Task<void> {
    throw new StorageError("ENOTSUP");
  }

  /** The units in which `zeroUnits` works, in bytes; 0 where zeroes are written like all else. */
  protected get zeroUnit(): number {
    return 0;
  }

  /** Zeroes whole units in a way of its own. @returns false when they have to be written */
  // oxlint-disable-next-line require-yield
  protected *zeroUnits(_offset: number, _length: number): Task<boolean> {
    return false;
  }

  /** Metadata that is written late. */
  protected *sync(): Task<void> {}

  /** The last words into the file. */
  protected *finish(): Task<void> {}

  read(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    this.#demand(offset, lengthOf(segments), false);
    return run(this.mutex.alone(this.readTask(offset, segments)));
  }

  protected *readTask(offset: number, segments: readonly Uint8Array[]): Task<void> {
    const total = lengthOf(segments);
    for (let done = 0; done < total;) {
      const at = offset + done;
      const place = yield* this.find(at, total - done);
      const into = slice(segments, done, place.length);
      if (place.kind === "data")
        yield* readSegmentsPadded(place.file ?? this.file, place.host as number, into);
      else if (place.kind === "packed") yield* this.unpack(place, at, into);
      else if (place.kind === "zero") fillZero(into);
      else yield* this.readBacking(at, into);
      done += place.length;
    }
  }

  /** Past the end of the backing image all is zeroes. */
  protected *readBacking(offset: number, segments: readonly Uint8Array[]): Task<void> {
    if (this.backing === undefined) fillZero(segments);
    else yield* readSegmentsPadded(this.backing, offset, segments);
  }

  write(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    this.#demand(offset, lengthOf(segments), true);
    return run(this.mutex.alone(this.writeTask(offset, segments)));
  }

  protected *writeTask(offset: number, segments: readonly Uint8Array[]): Task<void> {
    const total = lengthOf(segments);
    for (let done = 0; done < total;)
      done += yield* this.store(offset + done, slice(segments, done, total - done));
    yield* this.stored();
  }

  writeZeroes(offset: number, length: number, options: ZeroOptions = {}): Eventually<void> {
    this.#demand(offset, length, true);
    return run(this.mutex.alone(this.#zeroTask(offset, length, options)));
  }

  *#zeroTask(offset: number, length: number, { noFallback = false }: ZeroOptions): Task<void> {
    const unit = this.zeroUnit;
    const head = unit === 0 ? length : Math.min(length, (unit - (offset % unit)) % unit);
    const whole = unit === 0 ? 0 : length - head - ((length - head) % unit);
    if (noFallback && whole < length) throw new StorageError("ENOTSUP");
    yield* this.writeZeroBytes(offset, head);
    if (whole > 0 && !(yield* this.zeroUnits(offset + head, whole))) {
      if (noFallback) throw new StorageError("ENOTSUP");
      yield* this.writeZeroBytes(offset + head, whole);
    }
    yield* this.writeZeroBytes(offset + head + whole, length - head - whole);
  }

  protected *writeZeroBytes(offset: number, length: number): Task<void> {
    const zeroes = new Uint8Array(Math.min(length, ZERO_CHUNK));
    for (let done = 0; done < length; done += ZERO_CHUNK)
      yield* this.writeTask(offset + done, [
        zeroes.subarray(0, Math.min(ZERO_CHUNK, length - done)),
      ]);
  }

  /** None of these formats gives space back: the contents stay. */
  discard(offset: number, length: number): Eventually<void> {
    this.#demand(offset, length, true);
  }

  flush(): Eventually<void> {
    if (this.readOnly) return;
    return run(this.mutex.alone(this.#flush()));
  }

  *#flush(): Task<void> {
    yield* this.sync();
    yield* wait(this.file.flush());
    for (const other of this.otherFiles) yield* wait(other.flush());
  }

  status(offset: number, length: number): Eventually<BlockStatus> {
    this.#demand(offset, length, false);
    return run(this.mutex.alone(this.#status(offset, length)));
  }

  *#status(offset: number, length: number): Task<BlockStatus> {
    const place = yield* this.find(offset, length);
    const { kind, host, file = this.file, sparse = false } = place;
    const isMissing = kind === "unallocated";
    const isData = kind === "data" || kind === "packed";
    return {
      length: place.length,
      allocated: !isMissing || !this.supportsBacking,
      data: isData,
      zero: kind === "zero" || (isMissing && this.backing === undefined),
      ...(isData && host !== undefined && { offset: host, file }),
      ...(kind === "packed" && { compressed: true }),
      mayHaveHoles: sparse,
    };
  }

  truncate(_sizeBytes: number, _options: TruncateOptions = {}): Eventually<void> {
    throw new StorageError("ENOTSUP", "Image format driver does not support resize");
  }

  get otherFiles(): readonly BlockNode[] {
    return [];
  }

  close(): Eventually<void> {
    return run(this.#close());
  }

  *#close(): Task<void> {
    try {
      if (!this.readOnly) {
        yield* this.sync();
        yield* this.finish();
      }
    } finally {
      for (const other of this.otherFiles) yield* wait(other.close());
      yield* wait(this.file.close());
      if (this.backing !== undefined) yield* wait(this.backing.close());
    }
  }

  #demand(offset: number, length: number, write: boolean): void {
    if (write && this.readOnly) throw new StorageError("EPERM");
    if (offset < 0 || offset + length > this.sizeBytes) throw new StorageError("EINVAL");
  }
}
