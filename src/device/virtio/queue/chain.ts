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

/** Bytes of a list of buffers. */
export function totalBytes(buffers: readonly Uint8Array[]): number {
  return buffers.reduce((sum, { length }) => sum + length, 0);
}

/** Copies out of buffers, at most `max` bytes after `skip`. */
export function gather(buffers: readonly Uint8Array[], max = Infinity, skip = 0): Uint8Array {
  const out = new Uint8Array(Math.max(0, Math.min(totalBytes(buffers) - skip, max)));
  let at = 0;
  let left = skip;
  for (const buffer of buffers) {
    const from = Math.min(left, buffer.length);
    left -= from;
    const part = buffer.subarray(from, from + out.length - at);
    out.set(part, at);
    at += part.length;
    if (at === out.length) break;
  }
  return out;
}

/** Copies `bytes` into buffers from the start. @returns bytes written, less when they do not fit */
export function scatter(buffers: readonly Uint8Array[], bytes: Uint8Array): number {
  let at = 0;
  for (const buffer of buffers) {
    if (at === bytes.length) break;
    const part = bytes.subarray(at, at + buffer.length);
    buffer.set(part);
    at += part.length;
  }
  return at;
}
