import type { GuestMemory, GuestSegment } from "../device/ports.ts";
import { Frame, PAGE_BYTES } from "../protocol/layout.ts";
import { assert } from "../util/assert.ts";
import type { MemoryPlan, MemorySlot } from "./memory-plan.ts";

const PAGE_MASK = PAGE_BYTES - 1;
/** Bits of a frame-table entry that hold the frame's offset. */
const FRAME_BITS = 0xffff_f000;

/** GuestMemory over the frame table: besides asm/mmu the only place that knows frames. */
export class FrameMemory implements GuestMemory {
  readonly #slots: readonly MemorySlot[];
  readonly #table: Uint32Array;
  readonly #frames: number;
  readonly #bytes: Uint8Array;
  readonly #u16: Uint16Array;
  readonly #u32: Uint32Array;

  constructor(buffer: ArrayBufferLike, plan: MemoryPlan) {
    const entries = plan.slots.reduce((sum, slot) => sum + slot.pages, 0);
    const length = entries * PAGE_BYTES;
    this.#slots = plan.slots;
    this.#table = new Uint32Array(buffer, plan.frameTable, entries);
    this.#frames = plan.frames;
    this.#bytes = new Uint8Array(buffer, plan.frames, length);
    this.#u16 = new Uint16Array(buffer, plan.frames, length / 2);
    this.#u32 = new Uint32Array(buffer, plan.frames, length / 4);
  }

  segments(gpa: number, length: number, write: boolean): GuestSegment[] | null {
    if (!isAddress(gpa) || !isAddress(length)) return null;
    const out: { start: number; end: number }[] = [];
    let at = gpa;
    const end = gpa + length;
    while (at < end) {
      const offset = this.#offset(at, write);
      if (offset < 0) return null;
      const size = Math.min(end - at, PAGE_BYTES - (at & PAGE_MASK));
      const last = out.at(-1);
      if (last?.end === offset) last.end += size;
      else out.push({ start: offset, end: offset + size });
      at += size;
    }
    return out.map(({ start, end: stop }) => ({ bytes: this.#bytes.subarray(start, stop) }));
  }

  readU16(gpa: number): number | null {
    const offset = this.#aligned(gpa, 2, false);
    return offset < 0 ? null : Atomics.load(this.#u16, offset / 2);
  }

  readU32(gpa: number): number | null {
    const offset = this.#aligned(gpa, 4, false);
    return offset < 0 ? null : Atomics.load(this.#u32, offset / 4);
  }

  readU64(gpa: number): number | null {
    const offset = this.#aligned(gpa, 8, false);
    if (offset < 0) return null;
    const low = Atomics.load(this.#u32, offset / 4);
    const high = Atomics.load(this.#u32, offset / 4 + 1);
    return high >= 2 ** 21 ? null : high * 2 ** 32 + low;
  }

  writeU16(gpa: number, value: number): boolean {
    const offset = this.#aligned(gpa, 2, true);
    if (offset >= 0) Atomics.store(this.#u16, offset / 2, value);
    return offset >= 0;
  }

  writeU32(gpa: number, value: number): boolean {
    const offset = this.#aligned(gpa, 4, true);
    if (offset >= 0) Atomics.store(this.#u32, offset / 4, value);
    return offset >= 0;
  }

  /**
   * Puts an image into memory, read-only slots included. For the loader, before harts run.
   *
   * @throws AssertionError outside memory: the boot plan has checked every range
   */
  load(gpa: number, image: Uint8Array): void {
    let at = 0;
    while (at < image.length) {
      const entry = this.#entry(gpa + at);
      assert(entry >= 0, `image at 0x${gpa.toString(16)} leaves memory`);
      this.#markDirty(entry);
      const inPage = (gpa + at) & PAGE_MASK;
      const part = image.subarray(at, at + PAGE_BYTES - inPage);
      this.#bytes.set(part, this.#frameOffset(entry) + inPage);
      at += part.length;
    }
  }

  /** Zeroes a range for the loader; pages that are zero already stay uncommitted on the host. */
  zero(gpa: number, length: number): void {
    for (let at = 0; at < length;) {
      const entry = this.#entry(gpa + at);
      assert(entry >= 0, `zeroed range at 0x${gpa.toString(16)} leaves memory`);
      const inPage = (gpa + at) & PAGE_MASK;
      const size = Math.min(length - at, PAGE_BYTES - inPage);
      const start = this.#frameOffset(entry) + inPage;
      const bytes = this.#bytes.subarray(start, start + size);
      if (bytes.some((byte) => byte !== 0)) bytes.fill(0);
      at += size;
    }
  }

  /** The contents of a whole slot, whatever harts may do with it now. */
  slotBytes(base: number): Uint8Array {
    const { firstEntry, pages } = this.#slotAt(base);
    return this.#bytes.subarray(firstEntry * PAGE_BYTES, (firstEntry + pages) * PAGE_BYTES);
  }

  /** Bytes of a slot's pages that were written since its memory was made, by harts, devices or the loader. */
  writtenBytes(base: number): number {
    const { firstEntry, pages } = this.#slotAt(base);
    let written = 0;
    for (let entry = firstEntry; entry < firstEntry + pages; entry++) {
      if (((this.#table[entry] as number) & Frame.dirty) !== 0) written++;
    }
    return written * PAGE_BYTES;
  }

  /**
   * Whether loads and fetches of a slot read memory. When they stop doing so, harts have to forget
   * their translations.
   */
  setSlotPresent(base: number, present: boolean): void {
    const { firstEntry, pages } = this.#slotAt(base);
    const entries = this.#table.subarray(firstEntry, firstEntry + pages);
    const [keep, add] = present ? [~0, Frame.present] : [~Frame.present, 0];
    for (let i = 0; i < pages; i++) entries[i] = ((entries[i] as number) & keep) | add;
  }

  /** A copy of a range, or null when part of it is no memory. For debuggers and tests. */
  copy(gpa: number, length: number): Uint8Array | null {
    const segments = this.segments(gpa, length, false);
    if (!segments) return null;
    const out = new Uint8Array(length);
    let at = 0;
    for (const { bytes } of segments) {
      out.set(bytes, at);
      at += bytes.length;
    }
    return out;
  }

  #slotAt(base: number): MemorySlot {
    const slot = this.#slots.find((one) => one.base === base);
    assert(slot, `no memory begins at 0x${base.toString(16)}`);
    return slot;
  }

  #aligned(gpa: number, size: number, write: boolean): number {
    return isAddress(gpa) && gpa % size === 0 ? this.#offset(gpa, write) : -1;
  }

  /** Offset from the first frame, or -1. A device's write marks the page dirty. */
  #offset(gpa: number, write: boolean): number {
    const entry = this.#entry(gpa);
    if (entry < 0) return -1;
    const flags = this.#table[entry] as number;
    if ((flags & Frame.present) === 0) return -1;
    if (write) {
      if ((flags & Frame.writable) === 0) return -1;
      this.#markDirty(entry);
    }
    return this.#frameOffset(entry) + (gpa & PAGE_MASK);
  }

  #markDirty(entry: number): void {
    if (((this.#table[entry] as number) & Frame.dirty) !== 0) return;
    Atomics.or(this.#table, entry, Frame.dirty);
  }

  #frameOffset(entry: number): number {
    return (((this.#table[entry] as number) & FRAME_BITS) >>> 0) - this.#frames;
  }

  #entry(gpa: number): number {
    for (const { base, pages, firstEntry } of this.#slots) {
      const page = Math.floor((gpa - base) / PAGE_BYTES);
      if (page >= 0 && page < pages) return firstEntry + page;
    }
    return -1;
  }
}

function isAddress(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
