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

/** Why a request to a disk failed: the errno of the same failure in a host's kernel. */
export type BlockErrorCode =
  | "EIO"
  | "ENOSPC"
  | "EINVAL"
  | "ENOTSUP"
  /** The image or the device is read-only. */
  | "EPERM"
  /** The host took the file away, or the image was closed. */
  | "ENOMEDIUM";

/** What an operation of a BlockBackend throws, or rejects with; anything else is a bug. */
export interface BlockFailure extends Error {
  readonly code: BlockErrorCode;
}

/**
 * The image behind a disk device. Offsets and lengths are bytes, multiples of `logicalBlockBytes`,
 * and inside `sizeBytes`: the device checks what the guest asked. Operations finish before they
 * return where the host is synchronous, and return a promise where it is not; several may be under
 * way, and only a flush orders them. A failure is thrown or rejects as a BlockFailure.
 */
export interface BlockBackend {
  /** The disk's length; it changes when the image is resized. */
  readonly sizeBytes: number;
  readonly readOnly: boolean;
  /** The device's write cache is off until the guest switches it on. */
  readonly writeThrough: boolean;
  /** The smallest unit of a request: a power of two, 512 at least. */
  readonly logicalBlockBytes: number;
  /** The unit that is written without reading first: a power of two, not below the logical one. */
  readonly physicalBlockBytes: number;
  /** Fills `segments`, which may be guest memory, one after the other. */
  read(offset: number, segments: readonly Uint8Array[]): void | Promise<void>;
  /** Writes `segments` one after the other; they must not change until the write is done. */
  write(offset: number, segments: readonly Uint8Array[]): void | Promise<void>;
  /** Done when all writes that were done before it was called survive a crash. */
  flush(): void | Promise<void>;
  /** Says that the contents no longer matter; they may read as anything afterwards. */
  discard(offset: number, length: number): void | Promise<void>;
  /** @param mayUnmap whether the space may be given back */
  writeZeroes(offset: number, length: number, mayUnmap: boolean): void | Promise<void>;
  /** Called by the device once: to be told when `sizeBytes` has changed. */
  onResize(listener: () => void): void;
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
