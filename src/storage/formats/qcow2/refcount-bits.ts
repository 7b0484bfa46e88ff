/** Counters of 1 to 64 bits in a refcount block: bytes big-endian, smaller ones from bit 0 up. */

/** @returns a bigint for 64-bit counters, a number otherwise */
export function readEntryBits(view: DataView, index: number, bits: number): bigint | number {
  switch (bits) {
    case 64:
      return view.getBigUint64(index * 8);
    case 32:
      return view.getUint32(index * 4);
    case 16:
      return view.getUint16(index * 2);
    case 8:
      return view.getUint8(index);
    default: {
      const perByte = 8 / bits;
      const byte = view.getUint8(Math.floor(index / perByte));
      return (byte >> ((index % perByte) * bits)) & ((1 << bits) - 1);
    }
  }
}

/** @param value within the counter's range */
export function writeEntryBits(view: DataView, index: number, bits: number, value: bigint): void {
  switch (bits) {
    case 64:
      view.setBigUint64(index * 8, value);
      return;
    case 32:
      view.setUint32(index * 4, Number(value));
      return;
    case 16:
      view.setUint16(index * 2, Number(value));
      return;
    case 8:
      view.setUint8(index, Number(value));
      return;
    default: {
      const perByte = 8 / bits;
      const at = Math.floor(index / perByte);
      const shift = (index % perByte) * bits;
      const rest = view.getUint8(at) & ~(((1 << bits) - 1) << shift);
      view.setUint8(at, rest | (Number(value) << shift));
    }
  }
}
