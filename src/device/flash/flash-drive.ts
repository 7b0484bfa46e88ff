/** The image behind a flash bank: read once, then written to as the guest programs. */
import type { BlockBackend, BlockErrorCode, Trace } from "../ports.ts";
import { noteTo, settle } from "../block/settle.ts";
import { assert } from "../../util/assert.ts";
import { BANK_BYTES } from "./regs.ts";

const CHUNK_BYTES = 0x1_0000;
/** Writes that may wait for a slow image; a driver that looks at the status never causes more. */
const MOST_WAITING = 64;

export class FlashDrive {
  readonly #backend: BlockBackend;
  readonly #trace: Trace;
  readonly #name: string;
  /** Writes in the guest's order; the first is under way. */
  readonly #waiting: { readonly offset: number; readonly bytes: Uint8Array }[] = [];

  /** Who waits for the last write. */
  readonly #listeners: (() => void)[] = [];

  /** @param backend an image of BANK_BYTES */
  constructor(backend: BlockBackend, trace: Trace, name: string) {
    assert(backend.sizeBytes === BANK_BYTES, `${name}: an image that is no bank of flash`);
    this.#backend = backend;
    this.#trace = trace;
    this.#name = name;
  }

  get readOnly(): boolean {
    return this.#backend.readOnly;
  }

  /** A write is under way: the chips are not ready. */
  get isBusy(): boolean {
    return this.#waiting.length > 0;
  }

  get isFull(): boolean {
    return this.#waiting.length >= MOST_WAITING;
  }

  /** Reads the image into `array`, which is zero and stays untouched where the image is. */
  async load(array: Uint8Array): Promise<void> {
    const chunk = new Uint8Array(CHUNK_BYTES);
    const words = new Int32Array(chunk.buffer);
    for (let at = 0; at < array.length; at += chunk.length) {
      await this.#backend.read(at, [chunk]);
      if (!isZero(words)) array.set(chunk, at);
    }
  }

  /**
   * Writes what `array` has in `[offset, offset + length)`, in whole blocks of the image.
   *
   * @param failed told when the image could not be written
   */
  save(array: Uint8Array, offset: number, length: number, failed: () => void): void {
    const unit = this.#backend.logicalBlockBytes;
    const start = offset - (offset % unit);
    const end = Math.ceil((offset + length) / unit) * unit;
    this.#waiting.push({ offset: start, bytes: array.slice(start, end) });
    if (this.#waiting.length === 1) this.#next(failed);
  }

  /** Resolves when nothing waits to be written. */
  settled(): Promise<void> {
    if (!this.isBusy) return Promise.resolve();
    return new Promise((resolve) => this.#listeners.push(resolve));
  }

  #next(failed: () => void): void {
    const [first] = this.#waiting;
    if (!first) return this.#listeners.splice(0).forEach((done) => done());
    const done = (failure: BlockErrorCode | null): void => {
      this.#waiting.shift();
      if (failure !== null) {
        this.#trace.guestError(this.#name, `could not update PFLASH: ${failure}`);
        failed();
      }
      this.#next(failed);
    };
    const write = () => this.#backend.write(first.offset, [first.bytes]);
    settle(write, done, noteTo(this.#trace, this.#name));
  }
}

function isZero(words: Int32Array): boolean {
  for (let i = 0; i < words.length; i++) if (words[i] !== 0) return false;
  return true;
}
