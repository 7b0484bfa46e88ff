import { GuestError } from "../../errors.ts";
import type { BlockRange, Geometry } from "./geometry.ts";

/** Hands out a disk's blocks in ascending order, passing over metadata. Nothing is given back. */
export class BlockAllocator {
  readonly #geometry: Geometry;
  #next = 0;
  #range = 0;

  constructor(geometry: Geometry) {
    this.#geometry = geometry;
  }

  /**
   * The next blocks, at most `count` and at least one.
   *
   * @throws GuestError when the disk is full
   */
  take(count: number): BlockRange {
    const { metadata, blocks } = this.#geometry;
    for (let range = metadata[this.#range]; range?.start === this.#next;) {
      this.#next += range.count;
      this.#range++;
      range = metadata[this.#range];
    }
    const end = Math.min(metadata[this.#range]?.start ?? blocks, blocks);
    const taken = Math.min(count, end - this.#next);
    if (taken <= 0) {
      throw new GuestError(`The files do not fit into an image of ${blocks * 4096} bytes.`);
    }
    const start = this.#next;
    this.#next += taken;
    return { start, count: taken };
  }
}
