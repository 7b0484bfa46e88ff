import type { BlockNode, BlockStatus, TruncateOptions } from "../block-node.ts";
import { StorageError, errnoOf } from "../errors.ts";
import type { ImageFile } from "../ports.ts";
import { isZero, lengthOf } from "../segments.ts";
import { type Eventually, type Task, run, wait } from "../task.ts";

/** Zeroes are written from one buffer, this many bytes at a time. */
const ZERO_CHUNK = 1 << 20;
/** Holes are looked for in units of a host's page, over one stretch at a time. */
const HOLE_UNIT = 4096;
const HOLE_STRETCH = 1 << 16;

const zeroes = new Uint8Array(ZERO_CHUNK);

/** Told once, before a write that ends behind so many bytes (QEMU's `block-set-write-threshold`). */
export interface WriteThreshold {
  readonly bytes: number;
  passed(excessBytes: number): void;
}

/** A file of the host: Node's, or one in the browser's private file system. */
export class FileNode implements BlockNode {
  readonly driver = "file";
  readonly readOnly: boolean;
  writeThreshold: WriteThreshold | null = null;
  readonly #file: ImageFile;
  readonly #onClose: () => void;

  constructor(file: ImageFile, readOnly: boolean, onClose: () => void = () => {}) {
    this.#file = file;
    this.readOnly = readOnly;
    this.#onClose = onClose;
  }

  get sizeBytes(): number {
    return this.#file.sizeBytes;
  }

  /** Bytes that the file takes on the host. */
  allocatedBytes(): number {
    return this.#file.allocatedBytes();
  }

  read(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    return run(this.#read(offset, segments));
  }

  *#read(offset: number, segments: readonly Uint8Array[]): Task<void> {
    if (offset < 0 || offset + lengthOf(segments) > this.sizeBytes)
      throw new StorageError("EINVAL");
    let at = offset;
    for (const segment of segments) {
      yield* this.#host(() => this.#file.read(at, segment));
      at += segment.length;
    }
  }

  write(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    return run(this.#write(offset, segments));
  }

  *#write(offset: number, segments: readonly Uint8Array[]): Task<void> {
    this.#demandWritable();
    if (this.writeThreshold !== null) this.#watch(offset + lengthOf(segments));
    let at = offset;
    for (const segment of segments) {
      yield* this.#host(() => this.#file.write(at, segment));
      at += segment.length;
    }
  }

  writeZeroes(offset: number, length: number): Eventually<void> {
    return run(this.#writeZeroes(offset, length));
  }

  *#writeZeroes(offset: number, length: number): Task<void> {
    this.#demandWritable();
    if (this.writeThreshold !== null) this.#watch(offset + length);
    const size = this.sizeBytes;
    // Past the end nothing is there yet: longer is enough.
    if (offset + length > size) yield* this.#host(() => this.#file.truncate(offset + length));
    const end = Math.min(offset + length, size);
    for (let at = offset; at < end; at += ZERO_CHUNK) {
      const part = zeroes.subarray(0, Math.min(ZERO_CHUNK, end - at));
      yield* this.#host(() => this.#file.write(at, part));
    }
  }

  /** Hosts that cannot punch holes leave the contents. */
  discard(offset: number, length: number): Eventually<void> {
    this.#demandWritable();
    const end = Math.min(this.sizeBytes, offset + length);
    if (this.#file.discard === undefined || end <= offset) return;
    return run(this.#host(() => this.#file.discard?.(offset, end - offset)));
  }

  flush(): Eventually<void> {
    return run(this.#host(() => (this.readOnly ? undefined : this.#file.flush())));
  }

  status(offset: number, length: number): Eventually<BlockStatus> {
    return run(this.#status(offset, length));
  }

  /** Hosts do not tell where holes are, but whether there are any; then zeroes are taken for them. */
  *#status(offset: number, length: number): Task<BlockStatus> {
    const known = { allocated: true, offset, file: this };
    const taken = this.#file.allocatedBytes();
    if (taken === 0) return { ...known, length, data: false, zero: true };
    if (taken >= this.sizeBytes) return { ...known, length, data: true, zero: false };
    const hole = yield* this.#hole(offset, Math.min(length, HOLE_STRETCH));
    // Zeroes that are longer than all holes together are data.
    const missing = Math.ceil((this.sizeBytes - taken) / HOLE_UNIT) * HOLE_UNIT;
    if (hole.zero && hole.length > missing)
      return { ...known, length: hole.length, data: true, zero: false };
    return { ...known, length: hole.length, data: !hole.zero, zero: hole.zero };
  }

  *#hole(offset: number, length: number): Task<{ length: number; zero: boolean }> {
    // A hole is whole units, wherever in one the range begins.
    const skip = offset % HOLE_UNIT;
    const bytes = new Uint8Array(Math.min(skip + length, this.sizeBytes - offset + skip));
    yield* this.#host(() => this.#file.read(offset - skip, bytes));
    const unitEnd = (at: number): number => Math.min(at + HOLE_UNIT, bytes.length);
    let end = unitEnd(0);
    const zero = isZero(bytes.subarray(0, end));
    while (end < bytes.length) {
      const next = unitEnd(end);
      if (isZero(bytes.subarray(end, next)) !== zero) break;
      end = next;
    }
    return { length: end - skip, zero };
  }

  truncate(sizeBytes: number, options: TruncateOptions = {}): Eventually<void> {
    return run(this.#truncate(sizeBytes, options));
  }

  *#truncate(sizeBytes: number, { preallocation = "off" }: TruncateOptions): Task<void> {
    this.#demandWritable();
    const before = this.sizeBytes;
    yield* this.#host(() => this.#file.truncate(sizeBytes));
    if (preallocation === "off" || preallocation === "metadata") return;
    for (let at = before; at < sizeBytes; at += ZERO_CHUNK) {
      const part = zeroes.subarray(0, Math.min(ZERO_CHUNK, sizeBytes - at));
      yield* this.#host(() => this.#file.write(at, part));
    }
  }

  close(): Eventually<void> {
    this.#onClose();
    return this.#file.close();
  }

  #watch(end: number): void {
    const threshold = this.writeThreshold;
    if (threshold === null || end <= threshold.bytes) return;
    this.writeThreshold = null;
    threshold.passed(end - threshold.bytes);
  }

  #demandWritable(): void {
    if (this.readOnly) throw new StorageError("EPERM");
  }

  /** Runs a host's operation; its errors become ours. */
  *#host(operation: () => Eventually<void>): Task<void> {
    try {
      yield* wait(operation());
    } catch (error) {
      if (error instanceof StorageError) throw error;
      throw new StorageError(errnoOf(error), undefined, error);
    }
  }
}
