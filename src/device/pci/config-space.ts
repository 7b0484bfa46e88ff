import type { AccessSize } from "../device-model.ts";
import { viewOf } from "../../util/bytes.ts";
import { HEADER, StatusBit, type ConfigField } from "./header.ts";

/** Configuration space of a conventional function, in bytes. */
export const CONFIG_BYTES = 256;

/** A function's configuration bytes with what the guest may do to each bit of them. */
export class ConfigSpace {
  readonly #bytes = new Uint8Array(CONFIG_BYTES);
  readonly #view = viewOf(this.#bytes);
  readonly #writable = new Uint8Array(CONFIG_BYTES);
  readonly #clearedByOne = new Uint8Array(CONFIG_BYTES);
  /** What a reset brings back. */
  readonly #initial = new Uint8Array(CONFIG_BYTES);

  constructor() {
    for (const field of Object.values<ConfigField>(HEADER)) {
      const { at, bytes, writable = 0, clearedByOne = 0 } = field;
      spread(this.#writable, at, bytes, writable);
      spread(this.#clearedByOne, at, bytes, clearedByOne);
    }
  }

  /** Sets a field's reset value, and optionally which of its bits the guest may write. */
  define({ at, bytes }: ConfigField, value: number, writable?: number): void {
    spread(this.#initial, at, bytes, value);
    spread(this.#bytes, at, bytes, value);
    if (writable !== undefined) spread(this.#writable, at, bytes, writable);
  }

  /**
   * Puts a capability in front of the list (§6.7).
   *
   * @param at its offset, from 0x40, a multiple of 4
   * @param body what follows id and link
   * @param writable bits of the body that the guest may write; none when absent
   */
  addCapability(at: number, id: number, body: Uint8Array, writable?: Uint8Array): void {
    const next = this.#initial[HEADER.capabilities.at] ?? 0;
    const all = Uint8Array.of(id, next, ...body);
    this.#initial.set(all, at);
    this.#bytes.set(all, at);
    if (writable) this.#writable.set(writable, at + 2);
    this.define(HEADER.capabilities, at);
    this.define(HEADER.status, this.get(HEADER.status) | StatusBit.capabilities);
  }

  get({ at, bytes }: ConfigField): number {
    return this.read(at, bytes);
  }

  /** Changes a field from the device's side. */
  set({ at, bytes }: ConfigField, value: number): void {
    spread(this.#bytes, at, bytes, value);
  }

  /** @param offset a multiple of `size` below CONFIG_BYTES */
  read(offset: number, size: AccessSize): number {
    if (size === 1) return this.#view.getUint8(offset);
    return size === 2 ? this.#view.getUint16(offset, true) : this.#view.getUint32(offset, true);
  }

  write(offset: number, size: AccessSize, value: number): void {
    for (let i = 0; i < size; i++) {
      const at = offset + i;
      const given = (value >>> (8 * i)) & 0xff;
      const writable = this.#writable[at] ?? 0;
      const before = this.#bytes[at] ?? 0;
      const cleared = given & (this.#clearedByOne[at] ?? 0);
      this.#bytes[at] = ((before & ~writable) | (given & writable)) & ~cleared;
    }
  }

  reset(): void {
    this.#bytes.set(this.#initial);
  }

  save(): Uint8Array {
    return this.#bytes.slice();
  }

  /** Takes over from a snapshot what the guest may have written. */
  restore(bytes: Uint8Array): void {
    for (let at = 0; at < CONFIG_BYTES; at++) {
      const writable = this.#writable[at] ?? 0;
      this.#bytes[at] = ((this.#bytes[at] ?? 0) & ~writable) | ((bytes[at] ?? 0) & writable);
    }
  }
}

function spread(target: Uint8Array, at: number, bytes: number, value: number): void {
  for (let i = 0; i < bytes; i++) target[at + i] = (value >>> (8 * i)) & 0xff;
}
