/**
 * Packed virtqueues (virtio 1.3 §2.8): one ring of descriptors
 *
 *     { u64 address; u32 length; u16 id; u16 flags }
 *
 * in which driver and device each mark their entries by two flag bits compared with a wrap counter
 * that toggles at the ring's end. Driver and device area are event suppression structures
 * { u16 offset (bits 0–14) and wrap counter (bit 15); u16 flags }.
 */
import type { GuestMemory } from "../../ports.ts";
import { Feature } from "../features.ts";
import { DescFlag, type Chain, type Descriptor } from "./chain.ts";
import { ChainBuilder, DESCRIPTOR_BYTES, indirectCount, inRam } from "./collect.ts";
import { Guard } from "./guard.ts";
import {
  QueueFault,
  type Queue,
  type QueueLayout,
  type QueueParts,
  type QueueState,
} from "./queue.ts";

const AVAIL = 1 << 7;
const USED = 1 << 15;
/** Values of the event suppression structures' flags (§2.8.10). */
const Events = { enable: 0, disable: 1, desc: 2 } as const;

interface PackedDescriptor extends Descriptor {
  readonly id: number;
}

/** A place in the ring with the wrap counter that goes with it. */
class Cursor {
  readonly #size: number;
  index: number;
  wrap: boolean;

  /** @param saved index in bits 0–14, wrap counter in bit 15: as event structures hold it */
  constructor(size: number, saved: number) {
    this.#size = size;
    this.index = Math.min(saved & 0x7fff, size - 1);
    this.wrap = (saved & 0x8000) !== 0;
  }

  get packed(): number {
    return this.index | (this.wrap ? 0x8000 : 0);
  }

  move(by: number): void {
    this.index += by;
    if (this.index >= this.#size) this.index -= this.#size;
    else if (this.index < 0) this.index += this.#size;
    else return;
    this.wrap = !this.wrap;
  }
}

const START = 0x8000;

export class PackedQueue implements Queue {
  readonly #parts: QueueParts;
  readonly #memory: GuestMemory;
  readonly #layout: QueueLayout;
  readonly #eventIdx: boolean;
  readonly #indirect: boolean;
  readonly #guard: Guard;
  readonly #available: Cursor;
  readonly #used: Cursor;
  /** Used descriptors since the driver's wish was last looked at. */
  #unsignalled = 0;

  constructor(parts: QueueParts, state?: QueueState) {
    this.#parts = parts;
    this.#memory = parts.memory;
    this.#layout = parts.layout;
    this.#eventIdx = (parts.features & Feature.eventIdx) !== 0n;
    this.#indirect = (parts.features & Feature.indirectDesc) !== 0n;
    this.#guard = new Guard(parts.broken);
    this.#available = new Cursor(parts.layout.size, state?.available ?? START);
    this.#used = new Cursor(parts.layout.size, state?.used ?? START);
  }

  get size(): number {
    return this.#layout.size;
  }

  pop(): Chain | null {
    return this.#guard.run(() => {
      if (!this.#isAvailable() && !this.#awaitMore()) return null;
      const chain = this.#chain();
      this.#available.move(chain.slots);
      return chain;
    }, null);
  }

  unpop(chain: Chain): void {
    this.#available.move(-chain.slots);
  }

  push(chain: Chain, written: number): void {
    this.publish(chain, written);
    this.signal();
  }

  publish(chain: Chain, written: number): void {
    this.#guard.run(() => {
      const at = this.#layout.desc + DESCRIPTOR_BYTES * this.#used.index;
      const mark = this.#used.wrap ? AVAIL | USED : 0;
      const flags = mark | (written > 0 ? DescFlag.write : 0);
      // The flags publish the entry, so they come last (§2.8.6).
      const stored =
        this.#memory.writeU32(at + 8, written) &&
        this.#memory.writeU16(at + 12, chain.id) &&
        this.#memory.writeU16(at + 14, flags);
      if (!stored) throw new QueueFault("the descriptor ring lies outside RAM");
      this.#used.move(chain.slots);
      this.#unsignalled += chain.slots;
    }, undefined);
  }

  signal(): void {
    this.#guard.run(() => {
      if (this.#unsignalled > 0 && this.#wantsInterrupt()) this.#parts.interrupt();
    }, undefined);
  }

  save(): QueueState {
    return { available: this.#available.packed, used: this.#used.packed, signalled: 0 };
  }

  #isAvailable(): boolean {
    const flags = this.#flagsAt(this.#available.index);
    const { wrap } = this.#available;
    return ((flags & AVAIL) !== 0) === wrap && ((flags & USED) !== 0) !== wrap;
  }

  #flagsAt(index: number): number {
    const at = this.#layout.desc + DESCRIPTOR_BYTES * index + 14;
    return inRam(this.#memory.readU16(at), "the descriptor ring");
  }

  /** Asks for a notification at the next chain, then looks once more. */
  #awaitMore(): boolean {
    const { device } = this.#layout;
    const flags = this.#eventIdx ? Events.desc : Events.enable;
    const stored =
      this.#memory.writeU16(device, this.#available.packed) &&
      this.#memory.writeU16(device + 2, flags);
    if (!stored) throw new QueueFault("the device event area lies outside RAM");
    return this.#isAvailable();
  }

  /** The id stands in the chain's last descriptor (§2.8.6.1). */
  #chain(): Chain {
    const builder = new ChainBuilder(this.#memory);
    let index = this.#available.index;
    for (let slots = 1; ; slots++) {
      if (slots > this.size) throw new QueueFault("a chain has no end");
      const descriptor = this.#descriptor(this.#layout.desc, index);
      if ((descriptor.flags & DescFlag.indirect) !== 0) {
        this.#addTable(builder, descriptor);
        return builder.build(descriptor.id, slots);
      }
      builder.add(descriptor);
      if ((descriptor.flags & DescFlag.next) === 0) return builder.build(descriptor.id, slots);
      index = (index + 1) % this.size;
    }
  }

  /** Every descriptor of an indirect table belongs to the chain, in order (§2.8.7). */
  #addTable(builder: ChainBuilder, table: PackedDescriptor): void {
    const count = indirectCount(table, this.#indirect);
    for (let index = 0; index < count; index++) {
      const descriptor = this.#descriptor(table.address, index);
      if ((descriptor.flags & DescFlag.indirect) !== 0) {
        throw new QueueFault("an indirect table holds an indirect descriptor");
      }
      builder.add(descriptor);
    }
  }

  #descriptor(table: number, index: number): PackedDescriptor {
    const at = table + DESCRIPTOR_BYTES * index;
    return {
      address: inRam(this.#memory.readU64(at), "a descriptor or its buffer"),
      length: inRam(this.#memory.readU32(at + 8), "a descriptor"),
      id: inRam(this.#memory.readU16(at + 12), "a descriptor"),
      flags: inRam(this.#memory.readU16(at + 14), "a descriptor"),
    };
  }

  #wantsInterrupt(): boolean {
    const { driver } = this.#layout;
    const flags = inRam(this.#memory.readU16(driver + 2), "the driver event area") & 3;
    const moved = this.#unsignalled;
    this.#unsignalled = 0;
    if (flags !== Events.desc || !this.#eventIdx) return flags !== Events.disable;
    const wish = inRam(this.#memory.readU16(driver), "the driver event area");
    // The event descriptor is passed when it is among the `moved` entries just behind us.
    const sameLap = ((wish & 0x8000) !== 0) === this.#used.wrap;
    const event = (wish & 0x7fff) - (sameLap ? 0 : this.size);
    const behind = this.#used.index - event;
    return behind > 0 && behind <= moved;
  }
}
