import type { BlockNode, BlockStatus } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import { lengthOf, scatterAt } from "../../segments.ts";
import { type Eventually, type Task, run, wait } from "../../task.ts";
import type { BlockCache } from "./block-cache.ts";
import { BLOCK_BYTES, BlockLoader } from "./block-loader.ts";
import { ReadAhead } from "./read-ahead.ts";
import type { WebResource } from "./resource.ts";

/** 4 MiB ahead of each stream at most. */
const MOST_AHEAD = 32;

/** A resource of the web, read only: QEMU's drivers `http` and `https`. */
export class WebNode implements BlockNode {
  readonly driver: string;
  readonly readOnly = true;
  readonly #resource: WebResource;
  readonly #cache: BlockCache | null;
  readonly #loader: BlockLoader;
  readonly #ahead = new ReadAhead(MOST_AHEAD);

  /** @param cache closed with the node */
  constructor(resource: WebResource, cache: BlockCache | null) {
    this.driver = resource.url.slice(0, resource.url.indexOf(":")).toLowerCase();
    this.#resource = resource;
    this.#cache = cache;
    this.#loader = new BlockLoader(resource, cache);
  }

  get sizeBytes(): number {
    return this.#resource.sizeBytes;
  }

  read(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    const length = lengthOf(segments);
    if (offset < 0 || offset + length > this.sizeBytes) throw new StorageError("EINVAL");
    return length === 0 ? undefined : run(this.#read(offset, length, segments));
  }

  *#read(offset: number, length: number, segments: readonly Uint8Array[]): Task<void> {
    const first = Math.floor(offset / BLOCK_BYTES);
    const last = Math.floor((offset + length - 1) / BLOCK_BYTES);
    const { first: next, count } = this.#ahead.read(first, last);
    for (let index = first; index <= last; index++) {
      const pending = this.#loader.read(index, last);
      // After what is needed now, but not only when that has come.
      if (index === first && count > 0) this.#loader.prefetch(next, count);
      const block = yield* wait(pending);
      const start = index * BLOCK_BYTES;
      const from = Math.max(offset, start);
      const end = Math.min(offset + length, start + block.length);
      scatterAt(segments, from - offset, block.subarray(from - start, end - start));
    }
  }

  write(): never {
    throw new StorageError("EPERM");
  }

  writeZeroes(): never {
    throw new StorageError("EPERM");
  }

  discard(): never {
    throw new StorageError("EPERM");
  }

  flush(): void {}

  status(offset: number, length: number): BlockStatus {
    return { length, allocated: true, data: true, zero: false, offset, file: this };
  }

  truncate(): never {
    throw new StorageError("ENOTSUP", "Image format driver does not support resize");
  }

  close(): Eventually<void> {
    return this.#cache?.close();
  }
}
