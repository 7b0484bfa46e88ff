import type { BlockNode, BlockStatus } from "../block-node.ts";
import { StorageError } from "../errors.ts";
import { lengthOf, slice } from "../segments.ts";

const PAGE = 65_536;

/** Bytes in memory, sparse: pages that were never written take no room. */
export class MemoryNode implements BlockNode {
  readonly driver = "memory";
  readonly readOnly: boolean;
  #size: number;
  readonly #pages = new Map<number, Uint8Array>();
  /** Pages that a fork has too: they are copied before they are changed. */
  readonly #shared = new Set<number>();

  constructor(initial: Uint8Array | number = 0, readOnly = false) {
    this.readOnly = readOnly;
    this.#size = typeof initial === "number" ? initial : initial.length;
    if (typeof initial !== "number") this.#put(0, initial);
  }

  get sizeBytes(): number {
    return this.#size;
  }

  read(offset: number, segments: readonly Uint8Array[]): void {
    if (offset < 0 || offset + lengthOf(segments) > this.#size) throw new StorageError("EINVAL");
    let at = offset;
    for (const segment of segments) {
      this.#get(at, segment);
      at += segment.length;
    }
  }

  write(offset: number, segments: readonly Uint8Array[]): void {
    this.#demandWritable();
    let at = offset;
    for (const segment of segments) {
      this.#put(at, segment);
      at += segment.length;
    }
    this.#size = Math.max(this.#size, at);
  }

  writeZeroes(offset: number, length: number): void {
    this.#demandWritable();
    this.#size = Math.max(this.#size, offset + length);
    this.#clear(offset, offset + length);
  }

  discard(offset: number, length: number): void {
    this.#demandWritable();
    this.#clear(offset, Math.min(offset + length, this.#size));
  }

  flush(): void {}

  status(offset: number, length: number): BlockStatus {
    const hasPage = (at: number): boolean => this.#pages.has(Math.floor(at / PAGE));
    const data = hasPage(offset);
    let end = (Math.floor(offset / PAGE) + 1) * PAGE;
    while (end < offset + length && hasPage(end) === data) end += PAGE;
    const found = Math.min(end - offset, length);
    return { length: found, allocated: true, data, zero: !data, offset, file: this };
  }

  truncate(sizeBytes: number): void {
    this.#demandWritable();
    if (sizeBytes < this.#size) this.#clear(sizeBytes, this.#size);
    this.#size = sizeBytes;
  }

  close(): void {}

  /** Another file with the same bytes; what was not changed since takes no room of its own. */
  fork(): MemoryNode {
    const copy = new MemoryNode(this.#size);
    for (const [index, page] of this.#pages) {
      copy.#pages.set(index, page);
      copy.#shared.add(index);
      this.#shared.add(index);
    }
    return copy;
  }

  /** Bytes of memory that it takes. */
  allocatedBytes(): number {
    return this.#pages.size * PAGE;
  }

  /** A copy of all bytes, for tests and small images. */
  bytes(): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(this.#size);
    this.read(0, [out]);
    return out;
  }

  #demandWritable(): void {
    if (this.readOnly) throw new StorageError("EPERM");
  }

  #get(offset: number, into: Uint8Array): void {
    for (let done = 0; done < into.length;) {
      const skip = (offset + done) % PAGE;
      const count = Math.min(PAGE - skip, into.length - done);
      const page = this.#pages.get(Math.floor((offset + done) / PAGE));
      if (page === undefined) into.fill(0, done, done + count);
      else into.set(page.subarray(skip, skip + count), done);
      done += count;
    }
  }

  #put(offset: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      const index = Math.floor((offset + done) / PAGE);
      const [part] = slice([bytes], done, PAGE - ((offset + done) % PAGE));
      const page = this.#own(index) ?? new Uint8Array(PAGE);
      this.#pages.set(index, page);
      page.set(part as Uint8Array, (offset + done) % PAGE);
      done += (part as Uint8Array).length;
    }
  }

  /** A page that may be changed. */
  #own(index: number): Uint8Array | undefined {
    const page = this.#pages.get(index);
    if (page === undefined || !this.#shared.delete(index)) return page;
    const copy = page.slice();
    this.#pages.set(index, copy);
    return copy;
  }

  #clear(from: number, to: number): void {
    for (let at = from; at < to;) {
      const index = Math.floor(at / PAGE);
      const end = Math.min((index + 1) * PAGE, to);
      if (end - at === PAGE) this.#pages.delete(index);
      else this.#own(index)?.fill(0, at - index * PAGE, end - index * PAGE);
      at = end;
    }
  }
}
