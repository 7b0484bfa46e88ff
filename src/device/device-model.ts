import type { FdtNode } from "./fdt-node.ts";

/** Access width in bytes of one register access; the bus splits 8-byte accesses. */
export type AccessSize = 1 | 2 | 4;

/** A stretch of guest-physical addresses answered by a device. Never throws on guest input. */
export interface MmioRegion {
  /** @returns the value, 0 to 2^(8·size)-1; what the guest must not read is 0 */
  read(offset: number, size: AccessSize): number;
  write(offset: number, size: AccessSize, value: number): void;
}

/** Where the machine put a device. */
export interface Placement {
  readonly base: number;
  readonly sizeBytes: number;
  /** The device's interrupt source, when it has a wire, in the cells of the interrupt controller. */
  readonly interrupts?: readonly number[];
  /** phandle of the interrupt controller. */
  readonly interruptParent: number;
  /** phandle for this node, when another node points at it. */
  readonly phandle?: number;
}

/** What a snapshot section holds: plain data that survives structured clone. */
export type SnapshotValue =
  | number
  | bigint
  | boolean
  | string
  | Uint8Array
  | null
  | readonly SnapshotValue[]
  | { readonly [field: string]: SnapshotValue };

/** A named, versioned part of a machine's state. */
export interface SnapshotSection<T extends SnapshotValue = SnapshotValue> {
  readonly name: string;
  /** Raised with every change of the state's form. */
  readonly version: number;
  save(): T;
  /** @throws SnapshotError when the version or the state is not one that this code knows */
  load(version: number, state: SnapshotValue): void;
}

/** A snapshot that this build cannot restore; the message names the section. */
export class SnapshotError extends Error {
  override readonly name = "SnapshotError";
}

/** One device: its registers, reset, device-tree node and state. It knows no bus and no worker. */
export interface DeviceModel {
  /** Unique in the machine: names traces and the snapshot section. */
  readonly name: string;
  readonly regs: MmioRegion;
  /** Power-on state. Cancels timers, lowers interrupt lines. */
  reset(): void;
  /** The node for this placement, or null when the device is not announced. */
  fdtNode(place: Placement): FdtNode | null;
  readonly snapshot: SnapshotSection;
}

/** Makes a section whose state is a flat record with the fields and types that `save` returns. */
export function recordSection<T extends { readonly [field: string]: SnapshotValue }>(
  name: string,
  version: number,
  save: () => T,
  restore: (state: T) => void,
): SnapshotSection<T> {
  const load = (from: number, state: SnapshotValue): void => {
    if (from !== version) {
      throw new SnapshotError(`section ${name} has version ${from}, this build reads ${version}`);
    }
    checkRecord(name, save(), state);
    restore(state as T);
  };
  return { name, version, save, load };
}

function checkRecord(
  name: string,
  expected: { readonly [field: string]: SnapshotValue },
  state: SnapshotValue,
): void {
  if (typeof state !== "object" || state === null) {
    throw new SnapshotError(`section ${name} holds no record`);
  }
  const given = state as { readonly [field: string]: SnapshotValue };
  for (const [field, sample] of Object.entries(expected)) {
    const value = given[field];
    if (value === undefined) throw new SnapshotError(`section ${name} lacks ${field}`);
    if (shapeOf(value) !== shapeOf(sample)) {
      throw new SnapshotError(`section ${name}: ${field} is of the wrong type`);
    }
  }
  for (const field of Object.keys(given)) {
    if (!(field in expected)) throw new SnapshotError(`section ${name}: unknown field ${field}`);
  }
}

function shapeOf(value: SnapshotValue): string {
  if (value instanceof Uint8Array) return "bytes";
  return Array.isArray(value) ? "list" : typeof value;
}
