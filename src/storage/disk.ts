import type { BlockBackend } from "../device/ports.ts";
import type { BlockNode } from "./block-node.ts";
import { StorageError } from "./errors.ts";
import { type Eventually, run, type Task, wait } from "./task.ts";

export interface DiskOptions {
  readonly readOnly?: boolean;
  /** Flushes are not passed on. */
  readonly noFlush?: boolean;
  /** Every write is flushed before it is done. */
  readonly writeThrough?: boolean;
  /** Discards are passed on; otherwise they do nothing. On when absent. */
  readonly discard?: boolean;
  /** 512 when absent. */
  readonly logicalBlockBytes?: number;
}

/** An image as the disk devices of a guest see it. */
export class Disk implements BlockBackend {
  readonly logicalBlockBytes: number;
  readonly #node: BlockNode;
  readonly #options: DiskOptions;
  readonly #listeners: (() => void)[] = [];

  constructor(node: BlockNode, options: DiskOptions = {}) {
    this.#node = node;
    this.#options = options;
    this.logicalBlockBytes = options.logicalBlockBytes ?? 512;
  }

  /** Whole blocks only: what is behind the last one cannot be addressed. */
  get sizeBytes(): number {
    const { sizeBytes } = this.#node;
    return sizeBytes - (sizeBytes % this.logicalBlockBytes);
  }

  get readOnly(): boolean {
    return this.#node.readOnly || (this.#options.readOnly ?? false);
  }

  get physicalBlockBytes(): number {
    return this.logicalBlockBytes;
  }

  read(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    return this.#node.read(offset, segments);
  }

  write(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    return this.#change(() => this.#node.write(offset, segments));
  }

  flush(): Eventually<void> {
    return this.#options.noFlush ? undefined : this.#node.flush();
  }

  discard(offset: number, length: number): Eventually<void> {
    if (this.#options.discard === false) return undefined;
    return this.#change(() => this.#node.discard(offset, length));
  }

  writeZeroes(offset: number, length: number, mayUnmap: boolean): Eventually<void> {
    const unmaps = mayUnmap && this.#options.discard !== false;
    return this.#change(() => this.#node.writeZeroes(offset, length, { mayUnmap: unmaps }));
  }

  onResize(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Makes the image longer or shorter and tells the devices. */
  resize(sizeBytes: number): Eventually<void> {
    return run(this.#resize(sizeBytes));
  }

  close(): Eventually<void> {
    return this.#node.close();
  }

  *#resize(sizeBytes: number): Task<void> {
    yield* wait(this.#node.truncate(sizeBytes));
    for (const listener of this.#listeners) listener();
  }

  #change(operation: () => Eventually<void>): Eventually<void> {
    if (this.readOnly) throw new StorageError("EPERM");
    if (!this.#options.writeThrough) return operation();
    return run(this.#through(operation));
  }

  *#through(operation: () => Eventually<void>): Task<void> {
    yield* wait(operation());
    yield* wait(this.flush());
  }
}
