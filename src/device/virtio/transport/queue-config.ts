/** One queue as the driver configures it through the transport, before and while it runs. */
import type { GuestMemory } from "../../ports.ts";
import { Feature } from "../features.ts";
import { DESCRIPTOR_BYTES } from "../queue/collect.ts";
import { PackedQueue } from "../queue/packed-queue.ts";
import type { Queue, QueueLayout, QueueParts, QueueState } from "../queue/queue.ts";
import { SplitQueue } from "../queue/split-queue.ts";

/** Which address register: the descriptor, driver or device area. */
export type QueueArea = "desc" | "driver" | "device";

/** Alignment of the used ring in the legacy layout. */
export const LEGACY_ALIGN = 4096;

type Addresses = { desc: number; driver: number; device: number };

/** A type, not an interface, so that it is a SnapshotValue. */
export type QueueConfigState = {
  readonly size: number;
  readonly ready: boolean;
  readonly desc: number;
  readonly driver: number;
  readonly device: number;
  readonly position: QueueState | null;
};

export class QueueConfig {
  readonly sizeMax: number;
  size: number;
  queue: Queue | null = null;
  readonly #at: Addresses = { desc: 0, driver: 0, device: 0 };

  constructor(sizeMax: number) {
    this.sizeMax = sizeMax;
    this.size = sizeMax;
  }

  get ready(): boolean {
    return this.queue !== null;
  }

  reset(): void {
    this.queue = null;
    this.size = this.sizeMax;
    Object.assign(this.#at, { desc: 0, driver: 0, device: 0 });
  }

  /** Sets one half of an area's address. */
  setAddress(area: QueueArea, high: boolean, value: number): void {
    const before = this.#at[area];
    const low = before % 2 ** 32;
    this.#at[area] = high ? value * 2 ** 32 + low : before - low + value;
  }

  /** One half of an area's address. */
  address(area: QueueArea, high: boolean): number {
    const at = this.#at[area];
    return high ? Math.floor(at / 2 ** 32) : at % 2 ** 32;
  }

  /** The one page-aligned block of the legacy interface (§2.7.2). */
  placeLegacy(gpa: number): void {
    this.size = this.sizeMax;
    const driver = gpa + DESCRIPTOR_BYTES * this.size;
    const driverEnd = driver + 6 + 2 * this.size;
    const device = Math.ceil(driverEnd / LEGACY_ALIGN) * LEGACY_ALIGN;
    Object.assign(this.#at, { desc: gpa, driver, device });
  }

  /** Where the running queue's block of the legacy interface is; 0 while there is none. */
  get legacyAddress(): number {
    return this.ready ? this.#at.desc : 0;
  }

  /** Starts the queue. @returns why it cannot run, or null */
  enable(parts: Omit<QueueParts, "layout">, position?: QueueState): string | null {
    const layout = { size: this.size, ...this.#at };
    const packed = (parts.features & Feature.ringPacked) !== 0n;
    const wrong = packed ? checkPacked(layout) : checkSplit(layout);
    if (wrong) return wrong;
    const outside = checkInRam(parts.memory, layout, packed);
    if (outside) return outside;
    const all = { ...parts, layout };
    this.queue = packed ? new PackedQueue(all, position) : new SplitQueue(all, position);
    return null;
  }

  save(): QueueConfigState {
    const position = this.queue?.save() ?? null;
    return { size: this.size, ready: this.ready, ...this.#at, position };
  }

  restore(state: QueueConfigState): void {
    this.queue = null;
    this.size = state.size;
    const { desc, driver, device } = state;
    Object.assign(this.#at, { desc, driver, device });
  }
}

/** Sizes and alignments of §2.7. */
function checkSplit({ size, desc, driver, device }: QueueLayout): string | null {
  if (size === 0 || (size & (size - 1)) !== 0) return `a size of ${size}, not a power of two`;
  const aligned = desc % 16 === 0 && driver % 2 === 0 && device % 4 === 0;
  return aligned ? null : "misaligned rings";
}

/** Sizes and alignments of §2.8. */
function checkPacked({ size, desc, driver, device }: QueueLayout): string | null {
  if (size === 0 || size > 2 ** 15) return `a size of ${size}`;
  const aligned = desc % 16 === 0 && driver % 4 === 0 && device % 4 === 0;
  return aligned ? null : "misaligned rings";
}

function checkInRam(
  memory: GuestMemory,
  { size, desc, driver, device }: QueueLayout,
  packed: boolean,
): string | null {
  const driverBytes = packed ? 4 : 6 + 2 * size;
  const deviceBytes = packed ? 4 : 6 + 8 * size;
  const inRam =
    memory.segments(desc, DESCRIPTOR_BYTES * size, packed) !== null &&
    memory.segments(driver, driverBytes, false) !== null &&
    memory.segments(device, deviceBytes, true) !== null;
  return inRam ? null : "rings outside RAM";
}
