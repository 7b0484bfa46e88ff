import type { GuestMemory } from "../../ports.ts";
import type { SnapshotValue } from "../../device-model.ts";
import type { Chain } from "./chain.ts";

/** Where the driver put a queue's three areas, and how many descriptors it holds. */
export interface QueueLayout {
  readonly size: number;
  /** Descriptor area. */
  readonly desc: number;
  /** Driver area: the available ring, or the driver event suppression structure. */
  readonly driver: number;
  /** Device area: the used ring, or the device event suppression structure. */
  readonly device: number;
}

/** What a queue is built on. */
export interface QueueParts {
  readonly memory: GuestMemory;
  readonly layout: QueueLayout;
  /** Negotiated feature bits. */
  readonly features: bigint;
  /** A buffer was used and the driver wants to know. */
  readonly interrupt: () => void;
  /** The driver broke the rules: the device needs a reset. Called once; the queue stays dead. */
  readonly broken: (why: string) => void;
}

/**
 * The device's side of a virtqueue, whichever its ring format. It never throws on what the driver
 * wrote: a broken queue yields no chains.
 */
export interface Queue {
  readonly size: number;
  /** The next available chain, or null. Takes it: it must come back through `push`. */
  pop(): Chain | null;
  /** Gives back the last popped chain as if it had never been taken. */
  unpop(chain: Chain): void;
  /**
   * Returns a chain as used and interrupts when the driver wants that.
   *
   * @param written bytes written to its writable buffers, from their start
   */
  push(chain: Chain, written: number): void;
  /** As `push`, but for the interrupt: `signal` is to follow. */
  publish(chain: Chain, written: number): void;
  /** Interrupts when the driver wants that for what was published since the last time. */
  signal(): void;
  save(): QueueState;
}

/** Positions in the rings; the rings themselves are guest memory. */
export type QueueState = {
  readonly available: number;
  readonly used: number;
  readonly signalled: number;
  readonly [field: string]: SnapshotValue;
};

/** A rule that the driver broke; stays inside the queue. */
export class QueueFault extends Error {
  override readonly name = "QueueFault";
}
