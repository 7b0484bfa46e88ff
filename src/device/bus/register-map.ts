import type { AccessSize, MmioRegion } from "../device-model.ts";
import type { Trace } from "../ports.ts";
import { assert } from "../../util/assert.ts";
import { hex } from "../../util/bytes.ts";

/** One register, a bank of equal registers (`count`, `stride`), or a byte range (`bytes`). */
export interface RegisterSpec {
  readonly at: number;
  readonly access: "ro" | "wo" | "rw";
  /** Widths at which the guest may access it; `[4]` when absent. */
  readonly widths?: readonly AccessSize[];
  readonly count?: number;
  readonly stride?: number;
  /** Length of a range whose handlers get offset and size of each access themselves. */
  readonly bytes?: number;
}

export type RegisterMap = Readonly<Record<string, RegisterSpec>>;

type Read<S> = S extends { bytes: number }
  ? (offset: number, size: AccessSize) => number
  : S extends { count: number }
    ? (index: number) => number
    : () => number;
type Write<S> = S extends { bytes: number }
  ? (offset: number, size: AccessSize, value: number) => void
  : S extends { count: number }
    ? (index: number, value: number) => void
    : (value: number) => void;

/** Exactly the handlers that each register's access demands. */
export type Handlers<M extends RegisterMap> = {
  readonly [K in keyof M]: (M[K]["access"] extends "ro" | "rw"
    ? { readonly read: Read<M[K]> }
    : { readonly read?: never }) &
    (M[K]["access"] extends "wo" | "rw"
      ? { readonly write: Write<M[K]> }
      : { readonly write?: never });
};

interface Slot {
  readonly name: string;
  readonly widths: readonly AccessSize[];
  readonly read: ((size: AccessSize) => number) | null;
  readonly write: ((size: AccessSize, value: number) => void) | null;
}

interface Range {
  readonly name: string;
  readonly spec: RegisterSpec & { readonly bytes: number };
  readonly read: ((offset: number, size: AccessSize) => number) | null;
  readonly write: ((offset: number, size: AccessSize, value: number) => void) | null;
}

/** Accepts handlers of any shape; the mapped type has checked them against the map. */
interface AnyHandler {
  readonly read?: (...args: never[]) => number;
  readonly write?: (...args: never[]) => void;
}

/**
 * Dispatches accesses by a register map flattened once. An access that no register takes, of the
 * wrong width, or against the register's direction reads 0 or is dropped, and is traced.
 */
export class RegisterBank<M extends RegisterMap> implements MmioRegion {
  readonly #device: string;
  readonly #trace: Trace;
  readonly #slots = new Map<number, Slot>();
  readonly #ranges: Range[] = [];

  constructor(device: string, map: M, handlers: Handlers<M>, trace: Trace) {
    this.#device = device;
    this.#trace = trace;
    for (const [name, spec] of Object.entries(map)) {
      const handler = handlers[name as keyof M] as AnyHandler;
      if (spec.bytes !== undefined) this.#addRange(name, { ...spec, bytes: spec.bytes }, handler);
      else this.#addSlots(name, spec, handler);
    }
  }

  read(offset: number, size: AccessSize): number {
    const slot = this.#slots.get(offset);
    if (slot) {
      if (slot.read && slot.widths.includes(size)) return mask(slot.read(size), size);
      return this.#refuse("read", slot.name, offset, size);
    }
    const range = this.#rangeOf(offset, size);
    if (range?.read) return mask(range.read(offset - range.spec.at, size), size);
    return this.#refuse("read", range?.name, offset, size);
  }

  write(offset: number, size: AccessSize, value: number): void {
    const slot = this.#slots.get(offset);
    if (slot) {
      if (slot.write && slot.widths.includes(size)) slot.write(size, mask(value, size));
      else this.#refuse("write", slot.name, offset, size);
      return;
    }
    const range = this.#rangeOf(offset, size);
    if (range?.write) range.write(offset - range.spec.at, size, mask(value, size));
    else this.#refuse("write", range?.name, offset, size);
  }

  /** Names of all registers with their offsets, for a debugger's register view. */
  registers(): { readonly name: string; readonly offset: number }[] {
    const slots = [...this.#slots].map(([offset, { name }]) => ({ name, offset }));
    const ranges = this.#ranges.map(({ name, spec }) => ({ name, offset: spec.at }));
    return [...slots, ...ranges].sort((a, b) => a.offset - b.offset);
  }

  #addSlots(name: string, spec: RegisterSpec, handler: AnyHandler): void {
    const count = spec.count ?? 1;
    const read = handler.read as ((...args: number[]) => number) | undefined;
    const write = handler.write as ((...args: number[]) => void) | undefined;
    for (let i = 0; i < count; i++) {
      const offset = spec.at + i * (spec.stride ?? 4);
      assert(!this.#slots.has(offset), `${this.#device}: two registers at ${hex(offset)}`);
      const banked = spec.count !== undefined;
      this.#slots.set(offset, {
        name: banked ? `${name}[${i}]` : name,
        widths: spec.widths ?? [4],
        read: read ? () => (banked ? read(i) : read()) : null,
        write: write ? (_, value) => (banked ? write(i, value) : write(value)) : null,
      });
    }
  }

  #addRange(name: string, spec: Range["spec"], handler: AnyHandler): void {
    const read = (handler.read as Range["read"] | undefined) ?? null;
    const write = (handler.write as Range["write"] | undefined) ?? null;
    this.#ranges.push({ name, spec, read, write });
  }

  #rangeOf(offset: number, size: AccessSize): Range | undefined {
    return this.#ranges.find(
      ({ spec }) =>
        offset >= spec.at &&
        offset + size <= spec.at + spec.bytes &&
        (spec.widths ?? [4]).includes(size),
    );
  }

  #refuse(verb: string, register: string | undefined, offset: number, size: number): 0 {
    const what = register ?? "no register";
    this.#trace.guestError(this.#device, `${size}-byte ${verb} of ${what} at ${hex(offset)}`);
    return 0;
  }
}

function mask(value: number, size: AccessSize): number {
  return size === 4 ? value >>> 0 : value & (2 ** (8 * size) - 1);
}
