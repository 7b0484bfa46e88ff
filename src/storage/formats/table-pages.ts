import { viewOf } from "../../util/bytes.ts";
import type { BlockNode } from "../block-node.ts";
import { readPadded } from "../padded.ts";
import { type Task, wait } from "../task.ts";

const PAGE = 65_536;
/** 4 MiB of tables at most, whatever an image says of their size. */
const MAX_PAGES = 64;
const TWO32 = 2 ** 32;

/** Metadata tables of an image, read in pages as they are needed and written through at once. */
export class TablePages {
  readonly #file: BlockNode;
  /** By page number; the one that was used last comes last. */
  readonly #pages = new Map<number, DataView>();
  readonly #littleEndian: boolean;

  constructor(file: BlockNode, { littleEndian = true }: { littleEndian?: boolean } = {}) {
    this.#file = file;
    this.#littleEndian = littleEndian;
  }

  *#page(number: number): Task<DataView> {
    let page = this.#pages.get(number);
    if (page === undefined) {
      const bytes = new Uint8Array(PAGE);
      yield* readPadded(this.#file, number * PAGE, bytes);
      page = viewOf(bytes);
      const [oldest] = this.#pages.keys();
      if (this.#pages.size >= MAX_PAGES && oldest !== undefined) this.#pages.delete(oldest);
    } else this.#pages.delete(number);
    this.#pages.set(number, page);
    return page;
  }

  /** The 32-bit word at a multiple of 4 bytes in the file. */
  *word(at: number): Task<number> {
    const page = yield* this.#page(Math.floor(at / PAGE));
    return page.getUint32(at % PAGE, this.#littleEndian);
  }

  /** The 64-bit number at a multiple of 8; above 2^53 it is rounded, and every limit refuses it. */
  *long(at: number): Task<number> {
    const page = yield* this.#page(Math.floor(at / PAGE));
    const first = page.getUint32(at % PAGE, this.#littleEndian);
    const second = page.getUint32((at % PAGE) + 4, this.#littleEndian);
    return this.#littleEndian ? second * TWO32 + first : first * TWO32 + second;
  }

  /** Writes bytes to the file, and to what is known of it. */
  *write(at: number, bytes: Uint8Array): Task<void> {
    yield* wait(this.#file.write(at, [bytes]));
    this.note(at, bytes);
  }

  /** Hears of bytes that were written to the file by another way. */
  note(at: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      const skip = (at + done) % PAGE;
      const count = Math.min(PAGE - skip, bytes.length - done);
      const page = this.#pages.get(Math.floor((at + done) / PAGE));
      if (page !== undefined) {
        const into = new Uint8Array(page.buffer, page.byteOffset, PAGE);
        into.set(bytes.subarray(done, done + count), skip);
      }
      done += count;
    }
  }

  *putWord(at: number, value: number): Task<void> {
    const bytes = new Uint8Array(4);
    viewOf(bytes).setUint32(0, value, this.#littleEndian);
    yield* this.write(at, bytes);
  }

  *putLong(at: number, value: number): Task<void> {
    const bytes = new Uint8Array(8);
    viewOf(bytes).setBigUint64(0, BigInt(value), this.#littleEndian);
    yield* this.write(at, bytes);
  }
}
