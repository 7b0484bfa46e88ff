/** Why OpenPGP data cannot be used. Callers turn it into a sentence about the file it came from. */
export class OpenPgpError extends Error {
  override readonly name = "OpenPgpError";
}

/** Big-endian fields of a packet body, in order, with every length checked. */
export class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** Offset of the next byte. */
  get at(): number {
    return this.#at;
  }

  bytes(length: number): Uint8Array {
    if (length > this.left) {
      throw new OpenPgpError("a packet ends too early");
    }
    const piece = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return piece;
  }

  rest(): Uint8Array {
    return this.bytes(this.left);
  }

  u8(): number {
    return this.bytes(1)[0] ?? 0;
  }

  u16(): number {
    return this.u8() * 0x100 + this.u8();
  }

  u32(): number {
    return this.u16() * 0x1_0000 + this.u16();
  }

  /** RFC 9580 §3.2: a multiprecision integer, without leading zeros. */
  mpi(): Uint8Array {
    const bits = this.u16();
    return this.bytes((bits + 7) >> 3);
  }
}

/** `bytes` with zeros before it, `length` bytes in all; null when it is longer already. */
export function leftPad(bytes: Uint8Array, length: number): Uint8Array | null {
  if (bytes.length > length) {
    return null;
  }
  const padded = new Uint8Array(length);
  padded.set(bytes, length - bytes.length);
  return padded;
}
