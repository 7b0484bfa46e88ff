/** Turns descriptors into buffers, checking every rule that a driver can break. */
import type { GuestMemory } from "../../ports.ts";
import {
  DescFlag,
  MAX_CHAIN_BYTES,
  MAX_CHAIN_DESCRIPTORS,
  type Chain,
  type Descriptor,
} from "./chain.ts";
import { QueueFault } from "./queue.ts";

export const DESCRIPTOR_BYTES = 16;

/** Collects the buffers of one chain. */
export class ChainBuilder {
  readonly #memory: GuestMemory;
  readonly #readable: Uint8Array[] = [];
  readonly #writable: Uint8Array[] = [];
  #bytes = 0;
  #descriptors = 0;

  constructor(memory: GuestMemory) {
    this.#memory = memory;
  }

  /** @throws QueueFault when the buffer is not RAM, or follows the wrong kind, or is one too many */
  add({ address, length, flags }: Descriptor): void {
    if (++this.#descriptors > MAX_CHAIN_DESCRIPTORS) throw new QueueFault("a chain has no end");
    this.#bytes += length;
    if (this.#bytes > MAX_CHAIN_BYTES) throw new QueueFault("a chain is longer than 2^32 bytes");
    const write = (flags & DescFlag.write) !== 0;
    if (!write && this.#writable.length > 0) {
      throw new QueueFault("a readable buffer follows a writable one");
    }
    const segments = this.#memory.segments(address, length, write);
    if (!segments) throw new QueueFault("a buffer lies outside RAM");
    const buffers = write ? this.#writable : this.#readable;
    for (const { bytes } of segments) buffers.push(bytes);
    // A zero-length writable descriptor still ends the readable part.
    if (write && segments.length === 0) this.#writable.push(new Uint8Array(0));
  }

  build(id: number, slots: number): Chain {
    return { id, slots, readable: this.#readable, writable: this.#writable };
  }
}

/** Checks an indirect descriptor. @returns how many descriptors its table holds */
export function indirectCount({ length, flags }: Descriptor, allowed: boolean): number {
  if (!allowed) throw new QueueFault("an indirect descriptor was not negotiated");
  // §2.7.5.3.1
  if ((flags & DescFlag.next) !== 0) throw new QueueFault("an indirect descriptor has a next one");
  if (length === 0 || length % DESCRIPTOR_BYTES !== 0) {
    throw new QueueFault(`an indirect table has a length of ${length} bytes`);
  }
  return length / DESCRIPTOR_BYTES;
}

/** Value of a guest read, which is null outside RAM. */
export function inRam<T>(value: T | null, what: string): T {
  if (value === null) throw new QueueFault(`${what} lies outside RAM`);
  return value;
}
