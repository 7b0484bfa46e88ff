/**
 * Split virtqueues (virtio 1.3 §2.7).
 *
 *     desc    size × { u64 address; u32 length; u16 flags; u16 next }
 *     driver  { u16 flags; u16 idx; u16 ring[size]; u16 used_event }
 *     device  { u16 flags; u16 idx; { u32 id; u32 length } ring[size]; u16 avail_event }
 */
import type { GuestMemory } from "../../ports.ts";
import { Feature } from "../features.ts";
import { DescFlag, MAX_CHAIN_DESCRIPTORS, type Chain, type Descriptor } from "./chain.ts";
import { ChainBuilder, DESCRIPTOR_BYTES, indirectCount, inRam } from "./collect.ts";
import { Guard } from "./guard.ts";
import {
  QueueFault,
  type Queue,
  type QueueLayout,
  type QueueParts,
  type QueueState,
} from "./queue.ts";

const NO_INTERRUPT = 1;
const IDX = 2;
const RING = 4;

interface SplitDescriptor extends Descriptor {
  readonly next: number;
}

export class SplitQueue implements Queue {
  readonly #parts: QueueParts;
  readonly #memory: GuestMemory;
  readonly #layout: QueueLayout;
  readonly #eventIdx: boolean;
  readonly #indirect: boolean;
  readonly #guard: Guard;
  /** Next entry of the available ring to take, free running modulo 2^16. */
  #available: number;
  /** used.idx as last written. */
  #used: number;
  /** used.idx when the driver's wish was last looked at. */
  #signalled: number;

  constructor(parts: QueueParts, state?: QueueState) {
    this.#parts = parts;
    this.#memory = parts.memory;
    this.#layout = parts.layout;
    this.#eventIdx = (parts.features & Feature.eventIdx) !== 0n;
    this.#indirect = (parts.features & Feature.indirectDesc) !== 0n;
    this.#guard = new Guard(parts.broken);
    this.#available = state?.available ?? 0;
    this.#used = state?.used ?? 0;
    this.#signalled = state?.signalled ?? 0;
  }

  get size(): number {
    return this.#layout.size;
  }

  pop(): Chain | null {
    return this.#guard.run(() => {
      if (this.#waiting() === 0 && !this.#awaitMore()) return null;
      const at = this.#layout.driver + RING + 2 * (this.#available % this.size);
      const head = inRam(this.#memory.readU16(at), "the available ring");
      const chain = this.#chain(head);
      this.#available = (this.#available + 1) & 0xffff;
      return chain;
    }, null);
  }

  unpop(_chain: Chain): void {
    this.#available = (this.#available - 1) & 0xffff;
  }

  push(chain: Chain, written: number): void {
    this.publish(chain, written);
    this.signal();
  }

  publish(chain: Chain, written: number): void {
    this.#guard.run(() => {
      const entry = this.#layout.device + RING + 8 * (this.#used % this.size);
      const next = (this.#used + 1) & 0xffff;
      // The entry must be visible before the index that publishes it (§2.7.8.2).
      const stored =
        this.#memory.writeU32(entry, chain.id) &&
        this.#memory.writeU32(entry + 4, written) &&
        this.#memory.writeU16(this.#layout.device + IDX, next);
      if (!stored) throw new QueueFault("the used ring lies outside RAM");
      this.#used = next;
    }, undefined);
  }

  signal(): void {
    this.#guard.run(() => {
      if (this.#used !== this.#signalled && this.#wantsInterrupt()) this.#parts.interrupt();
    }, undefined);
  }

  save(): QueueState {
    return { available: this.#available, used: this.#used, signalled: this.#signalled };
  }

  /** Chains in the available ring that were not taken. */
  #waiting(): number {
    const idx = inRam(this.#memory.readU16(this.#layout.driver + IDX), "the available ring");
    const waiting = (idx - this.#available) & 0xffff;
    if (waiting > this.size) throw new QueueFault("the available index ran ahead of the queue");
    return waiting;
  }

  /** Asks for a notification at the next chain (§2.7.10.1), then looks once more. */
  #awaitMore(): boolean {
    if (!this.#eventIdx) return false;
    const event = this.#layout.device + RING + 8 * this.size;
    if (!this.#memory.writeU16(event, this.#available)) {
      throw new QueueFault("the used ring lies outside RAM");
    }
    return this.#waiting() > 0;
  }

  #chain(head: number): Chain {
    const builder = new ChainBuilder(this.#memory);
    let index = head;
    for (let steps = 0; ; steps++) {
      if (index >= this.size) throw new QueueFault(`descriptor ${index} is not in the table`);
      if (steps >= this.size) throw new QueueFault("a chain has no end");
      const descriptor = this.#descriptor(this.#layout.desc, index);
      if ((descriptor.flags & DescFlag.indirect) !== 0) {
        this.#addTable(builder, descriptor);
        break;
      }
      builder.add(descriptor);
      if ((descriptor.flags & DescFlag.next) === 0) break;
      index = descriptor.next;
    }
    return builder.build(head, 1);
  }

  #addTable(builder: ChainBuilder, table: SplitDescriptor): void {
    const count = indirectCount(table, this.#indirect);
    let index = 0;
    for (let steps = 0; ; steps++) {
      if (index >= count) throw new QueueFault(`descriptor ${index} is not in its indirect table`);
      if (steps >= MAX_CHAIN_DESCRIPTORS) throw new QueueFault("an indirect chain has no end");
      const descriptor = this.#descriptor(table.address, index);
      if ((descriptor.flags & DescFlag.indirect) !== 0) {
        throw new QueueFault("an indirect table holds an indirect descriptor");
      }
      builder.add(descriptor);
      if ((descriptor.flags & DescFlag.next) === 0) return;
      index = descriptor.next;
    }
  }

  #descriptor(table: number, index: number): SplitDescriptor {
    const at = table + DESCRIPTOR_BYTES * index;
    return {
      address: inRam(this.#memory.readU64(at), "a descriptor or its buffer"),
      length: inRam(this.#memory.readU32(at + 8), "a descriptor"),
      flags: inRam(this.#memory.readU16(at + 12), "a descriptor"),
      next: inRam(this.#memory.readU16(at + 14), "a descriptor"),
    };
  }

  /** §2.7.7.2: by event index when negotiated, else by the driver's flag. */
  #wantsInterrupt(): boolean {
    const { driver } = this.#layout;
    const before = this.#signalled;
    this.#signalled = this.#used;
    if (!this.#eventIdx) {
      const flags = inRam(this.#memory.readU16(driver), "the available ring");
      return (flags & NO_INTERRUPT) === 0;
    }
    const event = inRam(this.#memory.readU16(driver + RING + 2 * this.size), "the available ring");
    return ((this.#used - event - 1) & 0xffff) < ((this.#used - before) & 0xffff);
  }
}
