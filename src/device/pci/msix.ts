/** MSI-X: a table of messages in a BAR of its own, and the capability that rules it (PCI 3.0 §6.8.2). */
import type { AccessSize, MmioRegion } from "../device-model.ts";
import { assert } from "../../util/assert.ts";
import { viewOf } from "../../util/bytes.ts";
import { CapabilityId } from "./header.ts";
import type { PciFunction } from "./pci-function.ts";

/** Where messages go: a write of 32 bits by the device. */
export interface MsiSink {
  send(address: number, data: number): void;
}

const ENTRY_BYTES = 16;
const Entry = { addressLow: 0, addressHigh: 4, data: 8, control: 12 } as const;
const ENTRY_MASKED = 1;
/** As QEMU lays out a BAR that holds nothing else. */
const PENDING_AT = 0x800;
export const MSIX_BAR_BYTES = 0x1000;
/** Bits of the capability's message control. */
const Control = { enable: 1 << 15, maskAll: 1 << 14 } as const;
/** Vectors of a table that this BAR has room for. */
const MAX_VECTORS = PENDING_AT / ENTRY_BYTES;

export type MsixState = { readonly table: Uint8Array; readonly pending: Uint8Array };

export class Msix {
  /** Contents of the BAR. */
  readonly region: MmioRegion;
  readonly vectors: number;
  readonly #sink: MsiSink;
  readonly #table: Uint8Array;
  readonly #view: DataView;
  readonly #pending: Uint8Array;
  #control: () => number = () => 0;

  /** @param vectors 1 to MAX_VECTORS */
  constructor(vectors: number, sink: MsiSink) {
    assert(vectors <= MAX_VECTORS, `an MSI-X table of ${vectors} vectors`);
    this.vectors = vectors;
    this.#sink = sink;
    this.#table = new Uint8Array(vectors * ENTRY_BYTES);
    this.#view = viewOf(this.#table);
    this.#pending = new Uint8Array(8 * Math.ceil(vectors / 64));
    this.region = {
      read: (offset, size) => this.#read(offset, size),
      write: (offset, size, value) => this.#write(offset, size, value),
    };
    this.reset();
  }

  /** Adds the capability at `at` of `fn`, whose BAR `bar` is `region`. */
  attach(fn: PciFunction, at: number, bar: number): void {
    const body = new Uint8Array(10);
    const view = viewOf(body);
    view.setUint16(0, this.vectors - 1, true);
    view.setUint32(2, bar, true);
    view.setUint32(6, PENDING_AT | bar, true);
    fn.config.addCapability(at, CapabilityId.msix, body, Uint8Array.of(0x00, 0xc0));
    const field = { at: at + 2, bytes: 2 } as const;
    this.#control = () => fn.config.get(field);
    fn.listeners.push({
      onWrite: (offset, size) => {
        if (offset < at + 4 && offset + size > at + 2) this.#deliverAll();
      },
    });
  }

  /** The guest takes messages instead of INTA. */
  get enabled(): boolean {
    return (this.#control() & Control.enable) !== 0;
  }

  /** Sends the message of a vector, now or when it is unmasked. */
  notify(vector: number): void {
    if (vector >= this.vectors || !this.enabled) return;
    if (this.#masked(vector)) this.#setPending(vector, true);
    else this.#send(vector);
  }

  reset(): void {
    this.#table.fill(0);
    this.#pending.fill(0);
    for (let i = 0; i < this.vectors; i++) {
      this.#view.setUint32(i * ENTRY_BYTES + Entry.control, ENTRY_MASKED, true);
    }
  }

  save(): MsixState {
    return { table: this.#table.slice(), pending: this.#pending.slice() };
  }

  restore({ table, pending }: MsixState): void {
    this.#table.set(table.subarray(0, this.#table.length));
    this.#pending.set(pending.subarray(0, this.#pending.length));
  }

  #read(offset: number, size: AccessSize): number {
    let value = 0;
    for (let i = size - 1; i >= 0; i--) {
      const at = offset + i;
      const byte = this.#table[at] ?? this.#pending[at - PENDING_AT] ?? 0;
      value = value * 256 + byte;
    }
    return value;
  }

  /** Entries are written by whole words only (§6.8.2); the pending bits are read-only. */
  #write(offset: number, size: AccessSize, value: number): void {
    if (size !== 4 || offset % 4 !== 0 || offset + 4 > this.#table.length) return;
    const register = offset % ENTRY_BYTES;
    this.#view.setUint32(offset, register === Entry.control ? value & ENTRY_MASKED : value, true);
    if (register === Entry.control) this.#deliver(Math.floor(offset / ENTRY_BYTES));
  }

  #deliverAll(): void {
    for (let vector = 0; vector < this.vectors; vector++) this.#deliver(vector);
  }

  /** Sends what was held back, once nothing masks it any more. */
  #deliver(vector: number): void {
    if (!this.#isPending(vector) || !this.enabled || this.#masked(vector)) return;
    this.#setPending(vector, false);
    this.#send(vector);
  }

  #masked(vector: number): boolean {
    const control = this.#view.getUint32(vector * ENTRY_BYTES + Entry.control, true);
    return (this.#control() & Control.maskAll) !== 0 || (control & ENTRY_MASKED) !== 0;
  }

  #send(vector: number): void {
    const at = vector * ENTRY_BYTES;
    const high = this.#view.getUint32(at + Entry.addressHigh, true);
    const address = high * 2 ** 32 + this.#view.getUint32(at + Entry.addressLow, true);
    this.#sink.send(address, this.#view.getUint32(at + Entry.data, true));
  }

  #isPending(vector: number): boolean {
    return (((this.#pending[vector >> 3] ?? 0) >> (vector & 7)) & 1) === 1;
  }

  #setPending(vector: number, pending: boolean): void {
    const bit = 1 << (vector & 7);
    const before = this.#pending[vector >> 3] ?? 0;
    this.#pending[vector >> 3] = pending ? before | bit : before & ~bit;
  }
}
