/**
 * What devices need from the world below and beside them. Devices see only these interfaces:
 * neither bus, worker, host nor the layout of shared memory.
 */

/** A stretch of guest memory that is contiguous in the host. Valid until the VM stops. */
export interface GuestSegment {
  readonly bytes: Uint8Array;
}

/**
 * Guest-physical memory for DMA. Every access is bounds checked against the memory slots and sets
 * the dirty flags; a range that is not RAM is refused, since a guest may name any address.
 */
export interface GuestMemory {
  /**
   * The host-contiguous pieces of `[gpa, gpa + length)` in order.
   *
   * @param write true when the device will write; read-only memory is then refused
   * @returns null when any byte of the range is not (writable) RAM
   */
  segments(gpa: number, length: number, write: boolean): GuestSegment[] | null;
  /** Little-endian scalar reads; null outside RAM. `gpa` must be naturally aligned. */
  readU16(gpa: number): number | null;
  readU32(gpa: number): number | null;
  /** A u64 that must fit in 53 bits (addresses); null outside RAM or beyond 2^53. */
  readU64(gpa: number): number | null;
  /** Little-endian scalar writes with release order; false outside writable RAM. */
  writeU16(gpa: number, value: number): boolean;
  writeU32(gpa: number, value: number): boolean;
}

/** One level-triggered wire into the interrupt controller. */
export interface IrqLine {
  set(level: boolean): void;
}

/** The far side of a character device. */
export interface CharBackend {
  /**
   * Takes bytes from the guest.
   * @returns how many were taken; the device offers the rest again after `onWritable`
   */
  write(bytes: Uint8Array): number;
  /** Bytes for the guest, at most `max`; empty when there are none. */
  read(max: number): Uint8Array;
  /**
   * Called by the device once: to be told when `read` has bytes and `write` takes some again.
   * Never called from inside `read` or `write`.
   */
  attach(listener: { onReadable(): void; onWritable(): void }): void;
}

/** Guest-visible clocks. */
export interface Clock {
  /** Guest time in nanoseconds since the machine was built; stands still while paused. */
  monotonicNs(): bigint;
  /** UTC in nanoseconds since 1970, for the RTC. */
  realtimeNs(): bigint;
  /**
   * Calls back at or after `atNs` of guest time, never from inside `at`, and in the order of time.
   * @returns a function that cancels; it may be called at any time
   */
  at(atNs: bigint, callback: () => void): () => void;
}

/** Random bytes of cryptographic quality. */
export interface Entropy {
  /** Fills `target`, which may be a view on shared memory. */
  fill(target: Uint8Array): void;
}

/** Why the guest asked the machine to stop or restart (syscon, PSCI-like devices). */
export type PowerRequest =
  | { readonly kind: "poweroff" }
  | { readonly kind: "reboot" }
  /** `sifive_test` FAIL: the guest's own exit code, 0 to 65535. */
  | { readonly kind: "fail"; readonly code: number };

/** Where power devices deliver requests; the machine acts after the access completes. */
export interface PowerControl {
  request(request: PowerRequest): void;
}

/** A rate-limited note about a guest's misuse of a device; never guest data at length. */
export interface Trace {
  guestError(device: string, message: string): void;
}
