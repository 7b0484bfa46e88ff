import type { AccessSize, SnapshotSection } from "../device-model.ts";
import type { Queue } from "./queue/queue.ts";

/** Chains that a device serves at one notification. */
export const BURST_CHAINS = 256;

/** What a running device may use; valid from `activate` until `deactivate`. */
export interface VirtioContext {
  /** Negotiated feature bits. */
  readonly features: bigint;
  /** The queue, or null while the driver has it disabled. */
  queue(index: number): Queue | null;
  /**
   * Has `notify(queue)` called again once the machine has looked after everything else: for a
   * device that stopped at BURST_CHAINS, so that a busy driver cannot keep the machine to itself.
   */
  again(queue: number): void;
  /** The device changed its configuration space: a new generation and a notification. */
  configChanged(): void;
  /** The driver broke the device's own protocol: DEVICE_NEEDS_RESET (virtio 1.3 §2.1.1). */
  needsReset(why: string): void;
}

/** A device type behind any transport. It knows neither registers nor host. */
export interface VirtioDevice {
  /** `virtio-rng`: names traces, device-tree comments and the snapshot section. */
  readonly name: string;
  /** Device type number (virtio 1.3 §5). */
  readonly deviceId: number;
  /** Class on PCI, where the type has several. */
  readonly pciClass?: number;
  /** Largest size of each queue; powers of two. */
  readonly queueSizes: readonly number[];
  /** The type's own feature bits; queues' and transport's are added below. */
  readonly features: bigint;
  /** Length of the configuration space in bytes. */
  readonly configBytes: number;
  /** An aligned read inside the configuration space. */
  readConfig(offset: number, size: AccessSize): number;
  /** An aligned write; what is not writable is ignored. */
  writeConfig(offset: number, size: AccessSize, value: number): void;
  /** DRIVER_OK: queues may be used. Requests already waiting are the device's to look for. */
  activate(context: VirtioContext): void;
  /** The driver notified a queue. */
  notify(queue: number): void;
  /** The driver disabled or reset one queue: forget its requests in flight. */
  stopQueue(queue: number): void;
  /** Device reset, or needs-reset: forget requests in flight and everything negotiated. */
  deactivate(): void;
  /**
   * True while something that the device began before its reset may still touch guest memory: the
   * status then reads as it was until that is over (§2.4.2).
   */
  readonly isBusy?: boolean;
  readonly snapshot: SnapshotSection;
}

/** Reads `size` bytes of a little-endian configuration structure. */
export function readLe(config: Uint8Array, offset: number, size: AccessSize): number {
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + (config[offset + i] ?? 0);
  return value;
}
