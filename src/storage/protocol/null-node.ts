import type { BlockNode, BlockStatus } from "../block-node.ts";
import { StorageError } from "../errors.ts";
import { fillZero } from "../segments.ts";

/** Reads as zeroes and forgets what is written: QEMU's `null-co`. */
export class NullNode implements BlockNode {
  readonly driver = "null-co";
  readonly readOnly = false;
  readonly sizeBytes: number;

  constructor(sizeBytes: number) {
    this.sizeBytes = sizeBytes;
  }

  read(_offset: number, segments: readonly Uint8Array[]): void {
    fillZero(segments);
  }

  write(): void {}

  writeZeroes(): void {}

  discard(): void {}

  flush(): void {}

  status(offset: number, length: number): BlockStatus {
    return { length, allocated: true, data: false, zero: true, offset, file: this };
  }

  truncate(): void {
    throw new StorageError("ENOTSUP", "Image format driver does not support resize");
  }

  close(): void {}
}
