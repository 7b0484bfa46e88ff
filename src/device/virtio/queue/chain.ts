/** One request: the buffers of a descriptor chain, in order. */

/** Bytes of a chain stay below this (virtio 1.3 §2.7.5.2: a chain is no longer than 2^32 bytes). */
export const MAX_CHAIN_BYTES = 2 ** 32 - 1;
/** Descriptors in one chain, indirect ones included: what QEMU takes too. */
export const MAX_CHAIN_DESCRIPTORS = 1024;

/** Device-readable buffers come first, device-writable ones after (§2.7.4.2). */
export interface Chain {
  /** Names the chain when it is returned. */
  readonly id: number;
  /** Descriptor slots it takes in the ring itself; 1 for an indirect one. */
  readonly slots: number;
  readonly readable: readonly Uint8Array[];
  readonly writable: readonly Uint8Array[];
}

/** A descriptor as either ring format gives it. */
export interface Descriptor {
  readonly address: number;
  readonly length: number;
  readonly flags: number;
}

export const DescFlag = { next: 1, write: 2, indirect: 4 } as const;
