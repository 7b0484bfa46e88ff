/**
 * The driver's side of a virtqueue, for tests: it lays out rings in guest memory, offers chains and
 * collects used ones. Written from the specification, not from the device's code.
 */
import type { QueueLayout } from "../virtio/queue/queue.ts";
import type { TestMemory } from "./test-memory.ts";

const NEXT = 1;
const WRITE = 2;
const INDIRECT = 4;

/** One buffer of a request: bytes for the device, or a length that it may write. */
export type MockBuffer = Uint8Array | number;

export interface MockUsed {
  readonly id: number;
  readonly length: number;
}

export interface MockRing {
  readonly layout: QueueLayout;
  /** Offers a chain. @returns its id, and where its buffers lie */
  add(buffers: readonly MockBuffer[], indirect?: boolean): MockRequest;
  /** Chains that the device returned since the last call. */
  poll(): MockUsed[];
  /** Asks not to be interrupted, or to be again. */
  enableInterrupts(enabled: boolean): void;
}

export interface MockRequest {
  readonly id: number;
  /** The memory of the n-th buffer. */
  bytes(n: number): Uint8Array;
}

/** Hands out guest memory front to back. */
export class MockHeap {
  readonly memory: TestMemory;
  #next: number;

  constructor(memory: TestMemory) {
    this.memory = memory;
    this.#next = memory.base;
  }

  take(bytes: number, align = 16): number {
    const at = Math.ceil(this.#next / align) * align;
    this.#next = at + bytes;
    return at;
  }

  slice(gpa: number, length: number): Uint8Array {
    const at = gpa - this.memory.base;
    return this.memory.bytes.subarray(at, at + length);
  }
}

interface Placed {
  readonly gpa: number;
  readonly length: number;
  readonly flags: number;
}

function place(heap: MockHeap, buffers: readonly MockBuffer[]): Placed[] {
  return buffers.map((buffer) => {
    const length = typeof buffer === "number" ? buffer : buffer.length;
    const gpa = heap.take(length);
    if (typeof buffer !== "number") heap.slice(gpa, length).set(buffer);
    return { gpa, length, flags: typeof buffer === "number" ? WRITE : 0 };
  });
}

function request(heap: MockHeap, id: number, placed: readonly Placed[]): MockRequest {
  return {
    id,
    bytes: (n) => heap.slice(placed[n]?.gpa ?? 0, placed[n]?.length ?? 0),
  };
}

/** virtio 1.3 §2.7 from the driver's side. */
export class MockSplitRing implements MockRing {
  readonly layout: QueueLayout;
  readonly #heap: MockHeap;
  #nextDesc = 0;
  #avail = 0;
  #used = 0;

  constructor(heap: MockHeap, size: number) {
    this.#heap = heap;
    this.layout = {
      size,
      desc: heap.take(16 * size),
      driver: heap.take(6 + 2 * size),
      device: heap.take(6 + 8 * size),
    };
  }

  add(buffers: readonly MockBuffer[], indirect = false): MockRequest {
    const placed = place(this.#heap, buffers);
    const head = this.#nextDesc % this.layout.size;
    if (indirect) this.#addIndirect(head, placed);
    else this.#addDirect(placed);
    this.offer(head);
    return request(this.#heap, head, placed);
  }

  /** Writes descriptor `index` of a table as it stands: for nonsense. */
  describe(index: number, gpa: number, length: number, flags: number, next = 0): void {
    this.#write(this.layout.desc, index, { gpa, length, flags }, next);
  }

  /** Puts a head into the available ring. */
  offer(head: number): void {
    const { driver, size } = this.layout;
    const { memory } = this.#heap;
    memory.writeU16(driver + 4 + 2 * (this.#avail % size), head);
    this.setAvailable(this.#avail + 1);
  }

  setAvailable(index: number): void {
    this.#avail = index & 0xffff;
    this.#heap.memory.writeU16(this.layout.driver + 2, this.#avail);
  }

  poll(): MockUsed[] {
    const { device, size } = this.layout;
    const { memory } = this.#heap;
    const out: MockUsed[] = [];
    while (this.#used !== memory.readU16(device + 2)) {
      const at = device + 4 + 8 * (this.#used % size);
      out.push({ id: memory.readU32(at) ?? -1, length: memory.readU32(at + 4) ?? -1 });
      this.#used = (this.#used + 1) & 0xffff;
    }
    return out;
  }

  enableInterrupts(enabled: boolean): void {
    this.#heap.memory.writeU16(this.layout.driver, enabled ? 0 : 1);
  }

  /** used_event: interrupt me when used.idx passes this. */
  setUsedEvent(index: number): void {
    const { driver, size } = this.layout;
    this.#heap.memory.writeU16(driver + 4 + 2 * size, index & 0xffff);
  }

  get availEvent(): number {
    const { device, size } = this.layout;
    return this.#heap.memory.readU16(device + 4 + 8 * size) ?? -1;
  }

  #addDirect(placed: readonly Placed[]): void {
    placed.forEach((buffer, i) => {
      const index = this.#nextDesc++ % this.layout.size;
      const last = i === placed.length - 1;
      const linked = last ? buffer : { ...buffer, flags: buffer.flags | NEXT };
      this.#write(this.layout.desc, index, linked, last ? 0 : (index + 1) % this.layout.size);
    });
  }

  #addIndirect(head: number, placed: readonly Placed[]): void {
    const table = this.#heap.take(16 * placed.length);
    placed.forEach((buffer, i) => {
      const last = i === placed.length - 1;
      this.#write(table, i, last ? buffer : { ...buffer, flags: buffer.flags | NEXT }, i + 1);
    });
    this.#nextDesc++;
    const outer = { gpa: table, length: 16 * placed.length, flags: INDIRECT };
    this.#write(this.layout.desc, head, outer, 0);
  }

  #write(table: number, index: number, { gpa, length, flags }: Placed, next: number): void {
    const { memory } = this.#heap;
    const at = table + 16 * index;
    memory.writeU64(at, gpa);
    memory.writeU32(at + 8, length);
    memory.writeU16(at + 12, flags);
    memory.writeU16(at + 14, next);
  }
}

const AVAIL = 1 << 7;
const USED = 1 << 15;

/** virtio 1.3 §2.8 from the driver's side. */
export class MockPackedRing implements MockRing {
  readonly layout: QueueLayout;
  readonly #heap: MockHeap;
  #next = 0;
  #wrap = true;
  #used = 0;
  #usedWrap = true;
  #nextId = 0;
  /** Ring slots of each chain in flight, by id. */
  readonly #slots = new Map<number, number>();

  constructor(heap: MockHeap, size: number) {
    this.#heap = heap;
    this.layout = {
      size,
      desc: heap.take(16 * size),
      driver: heap.take(4),
      device: heap.take(4),
    };
  }

  add(buffers: readonly MockBuffer[], indirect = false): MockRequest {
    const placed = place(this.#heap, buffers);
    const id = this.#nextId++ & 0xffff;
    const ring = indirect ? [this.#indirect(placed)] : placed;
    this.#slots.set(id, ring.length);
    const writes = ring.map((buffer, i) => this.#prepare(buffer, i < ring.length - 1, id));
    // The head's flags come last: they publish the chain.
    for (const write of writes.toReversed()) write();
    return request(this.#heap, id, placed);
  }

  poll(): MockUsed[] {
    const { memory } = this.#heap;
    const out: MockUsed[] = [];
    for (;;) {
      const at = this.layout.desc + 16 * this.#used;
      const flags = memory.readU16(at + 14) ?? 0;
      const avail = (flags & AVAIL) !== 0;
      if (avail !== ((flags & USED) !== 0) || avail !== this.#usedWrap) return out;
      const id = memory.readU16(at + 12) ?? -1;
      out.push({ id, length: memory.readU32(at + 8) ?? -1 });
      this.#used += this.#slots.get(id) ?? 1;
      this.#slots.delete(id);
      if (this.#used < this.layout.size) continue;
      this.#used -= this.layout.size;
      this.#usedWrap = !this.#usedWrap;
    }
  }

  enableInterrupts(enabled: boolean): void {
    this.#heap.memory.writeU16(this.layout.driver + 2, enabled ? 0 : 1);
  }

  /** Interrupt me when the descriptor at `offset` of the lap `wrap` is used. */
  setUsedEvent(offset: number, wrap: boolean): void {
    this.#heap.memory.writeU16(this.layout.driver, offset | (wrap ? 0x8000 : 0));
    this.#heap.memory.writeU16(this.layout.driver + 2, 2);
  }

  #prepare(buffer: Placed, more: boolean, id: number): () => void {
    const { memory } = this.#heap;
    const at = this.layout.desc + 16 * this.#next;
    const mark = this.#wrap ? AVAIL : USED;
    memory.writeU64(at, buffer.gpa);
    memory.writeU32(at + 8, buffer.length);
    memory.writeU16(at + 12, id);
    const flags = buffer.flags | (more ? NEXT : 0) | mark;
    this.#next++;
    if (this.#next === this.layout.size) {
      this.#next = 0;
      this.#wrap = !this.#wrap;
    }
    return () => void memory.writeU16(at + 14, flags);
  }

  #indirect(placed: readonly Placed[]): Placed {
    const { memory } = this.#heap;
    const table = this.#heap.take(16 * placed.length);
    placed.forEach((buffer, i) => {
      memory.writeU64(table + 16 * i, buffer.gpa);
      memory.writeU32(table + 16 * i + 8, buffer.length);
      memory.writeU16(table + 16 * i + 12, 0);
      memory.writeU16(table + 16 * i + 14, buffer.flags);
    });
    return { gpa: table, length: 16 * placed.length, flags: INDIRECT };
  }
}
