import type { BlockNode, BlockStatus, TruncateOptions, ZeroOptions } from "../block-node.ts";
import { StorageError, type Errno } from "../errors.ts";
import type { Eventually } from "../task.ts";

type Operation = "read" | "write" | "writeZeroes" | "discard" | "flush" | "truncate";

/** Passes everything through, late when asked to, and fails where a test says. */
export class FaultNode implements BlockNode {
  readonly driver = "fault";
  readonly #below: BlockNode;
  readonly #later: boolean;
  /** Asked before every operation: the errno to fail with. */
  fail: (operation: Operation, offset: number, length: number) => Errno | undefined = () =>
    undefined;

  /** @param later finish in a promise, as a host without synchronous files does */
  constructor(below: BlockNode, later = false) {
    this.#below = below;
    this.#later = later;
  }

  get sizeBytes(): number {
    return this.#below.sizeBytes;
  }

  get readOnly(): boolean {
    return this.#below.readOnly;
  }

  read(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    return this.#pass("read", offset, bytes(segments), () => this.#below.read(offset, segments));
  }

  write(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    return this.#pass("write", offset, bytes(segments), () => this.#below.write(offset, segments));
  }

  writeZeroes(offset: number, length: number, options?: ZeroOptions): Eventually<void> {
    return this.#pass("writeZeroes", offset, length, () =>
      this.#below.writeZeroes(offset, length, options),
    );
  }

  discard(offset: number, length: number): Eventually<void> {
    return this.#pass("discard", offset, length, () => this.#below.discard(offset, length));
  }

  flush(): Eventually<void> {
    return this.#pass("flush", 0, 0, () => this.#below.flush());
  }

  truncate(sizeBytes: number, options?: TruncateOptions): Eventually<void> {
    return this.#pass("truncate", sizeBytes, 0, () => this.#below.truncate(sizeBytes, options));
  }

  status(offset: number, length: number): Eventually<BlockStatus> {
    return this.#below.status(offset, length);
  }

  close(): Eventually<void> {
    return this.#below.close();
  }

  #pass(
    operation: Operation,
    offset: number,
    length: number,
    act: () => Eventually<void>,
  ): Eventually<void> {
    if (this.#later) return Promise.resolve().then(() => this.#now(operation, offset, length, act));
    return this.#now(operation, offset, length, act);
  }

  #now(
    operation: Operation,
    offset: number,
    length: number,
    act: () => Eventually<void>,
  ): Eventually<void> {
    const errno = this.fail(operation, offset, length);
    if (errno !== undefined) throw new StorageError(errno);
    return act();
  }
}

function bytes(segments: readonly Uint8Array[]): number {
  return segments.reduce((sum, { length }) => sum + length, 0);
}
