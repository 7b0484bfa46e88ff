import { announce } from "../../announce.ts";
import type { BlockNode, BlockStatus, TruncateOptions, ZeroOptions } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import { lengthOf } from "../../segments.ts";
import { type Eventually, type Task, run, wait } from "../../task.ts";

export interface RawOptions {
  readonly readOnly?: boolean;
  /** Where the image starts in the file, in bytes. */
  readonly offset?: number;
  /** Its length; the rest of the file when absent. */
  readonly size?: number;
}

/** The bytes of a file as they are, or a window on them. */
export class RawNode implements BlockNode {
  readonly driver = "raw";
  readonly file: BlockNode;
  readonly readOnly: boolean;
  readonly #offset: number;
  readonly #window: number | undefined;

  constructor(file: BlockNode, { readOnly = false, offset = 0, size }: RawOptions = {}) {
    this.file = file;
    this.readOnly = readOnly || file.readOnly;
    this.#offset = offset;
    this.#window = size;
    if (offset > file.sizeBytes || offset + (size ?? 0) > file.sizeBytes)
      throw new StorageError("EINVAL", windowText(file, offset, size));
  }

  allocatedBytes(): number {
    return this.file.allocatedBytes?.() ?? this.file.sizeBytes;
  }

  get sizeBytes(): number {
    return this.#window ?? this.file.sizeBytes - this.#offset;
  }

  read(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    const at = this.#at(offset, lengthOf(segments));
    if (this.file.debug === undefined) return this.file.read(at, segments);
    return run(this.#announced("read_aio", () => this.file.read(at, segments)));
  }

  write(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    const at = this.#at(offset, lengthOf(segments));
    if (this.file.debug === undefined) return this.file.write(at, segments);
    return run(this.#announced("write_aio", () => this.file.write(at, segments)));
  }

  *#announced(event: string, work: () => Eventually<void>): Task<void> {
    yield* announce(this.file, event);
    yield* wait(work());
  }

  writeZeroes(offset: number, length: number, options?: ZeroOptions): Eventually<void> {
    return this.file.writeZeroes(this.#at(offset, length), length, options);
  }

  discard(offset: number, length: number): Eventually<void> {
    return this.file.discard(this.#at(offset, length), length);
  }

  flush(): Eventually<void> {
    return this.file.flush();
  }

  status(offset: number, length: number): Eventually<BlockStatus> {
    return this.file.status(this.#at(offset, length), length);
  }

  truncate(sizeBytes: number, options?: TruncateOptions): Eventually<void> {
    if (this.#window !== undefined)
      throw new StorageError("ENOTSUP", "Cannot resize fixed-size raw disks");
    return this.file.truncate(sizeBytes + this.#offset, options);
  }

  close(): Eventually<void> {
    return this.file.close();
  }

  #at(offset: number, length: number): number {
    if (offset < 0 || offset + length > this.sizeBytes) throw new StorageError("EINVAL");
    return offset + this.#offset;
  }
}

function windowText(file: BlockNode, offset: number, size: number | undefined): string {
  if (offset > file.sizeBytes)
    return `Offset (${offset}) cannot be greater than size of the containing file (${file.sizeBytes})`;
  return (
    `The sum of offset (${offset}) and size (${size}) has to be smaller or equal to the ` +
    `actual size of the containing file (${file.sizeBytes})`
  );
}
