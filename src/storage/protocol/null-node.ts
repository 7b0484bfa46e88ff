import type { BlockNode, BlockStatus } from "../block-node.ts";
import { StorageError } from "../errors.ts";
import { fillZero } from "../segments.ts";

/** Forgets what is written: QEMU's `null-co` and `null-aio`. */
export class NullNode implements BlockNode {
  readonly driver: string;
  readonly readOnly = false;
  readonly sizeBytes: number;
  readonly #readsZeroes: boolean;

  /** @param readsZeroes otherwise buffers keep what they held */
  constructor(sizeBytes: number, driver = "null-co", readsZeroes = true) {
    this.sizeBytes = sizeBytes;
    this.driver = driver;
    this.#readsZeroes = readsZeroes;
  }

  read(_offset: number, segments: readonly Uint8Array[]): void {
    if (this.#readsZeroes) fillZero(segments);
  }

  write(): void {}

  writeZeroes(): void {}

  discard(): void {}

  flush(): void {}

  status(offset: number, length: number): BlockStatus {
    const zero = this.#readsZeroes;
    return { length, allocated: true, data: false, zero, offset, file: this };
  }

  truncate(): void {
    throw new StorageError("ENOTSUP", "Image format driver does not support resize");
  }

  close(): void {}
}
