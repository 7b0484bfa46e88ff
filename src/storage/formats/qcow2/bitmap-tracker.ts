import type { Task } from "../../task.ts";
import { loadBits, markBits, setBits } from "./bitmap-store.ts";
import { type BitmapEntry, readBitmaps, storeBitmaps } from "./bitmaps.ts";
import type { Qcow2Image } from "./image.ts";

/**
 * The bitmaps of an image that is being written: what is written is recorded in those that are
 * enabled. On the disk they say that they are in use until the image is closed.
 */
export class BitmapTracker {
  readonly #image: Qcow2Image;
  readonly #recording: readonly { readonly entry: BitmapEntry; readonly bits: Uint8Array }[];
  #marked = false;

  private constructor(
    image: Qcow2Image,
    recording: readonly { readonly entry: BitmapEntry; readonly bits: Uint8Array }[],
  ) {
    this.#image = image;
    this.#recording = recording;
  }

  /** @returns undefined when the image has no bitmap that records */
  static *load(image: Qcow2Image): Task<BitmapTracker | undefined> {
    const entries = (yield* readBitmaps(image)).filter(({ auto, inUse }) => auto && !inUse);
    if (entries.length === 0) return undefined;
    const recording: { entry: BitmapEntry; bits: Uint8Array }[] = [];
    for (const entry of entries) recording.push({ entry, bits: yield* loadBits(image, entry) });
    return new BitmapTracker(image, recording);
  }

  /** To be called before the disk changes. */
  *record(offset: number, length: number): Task<void> {
    if (!this.#marked) {
      this.#marked = true;
      yield* this.#image.mutex.alone(this.#storeFlags(true));
    }
    for (const { entry, bits } of this.#recording)
      markBits(bits, entry.granularityBits, offset, length);
  }

  /** Writes the bits back; the bitmaps can be trusted again. */
  *close(): Task<void> {
    if (!this.#marked) return;
    for (const { entry, bits } of this.#recording) {
      const now = (yield* readBitmaps(this.#image)).find(({ name }) => name === entry.name);
      if (now !== undefined) yield* setBits(this.#image, now, bits);
    }
    this.#marked = false;
  }

  *#storeFlags(inUse: boolean): Task<void> {
    const names = new Set(this.#recording.map(({ entry }) => entry.name));
    const all = yield* readBitmaps(this.#image);
    yield* storeBitmaps(
      this.#image,
      all.map((entry) => (names.has(entry.name) ? { ...entry, inUse } : entry)),
    );
  }
}
