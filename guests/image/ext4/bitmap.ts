/** Bits in the order of ext4's bitmaps: the lowest of each byte first. */
export class Bitmap {
  readonly bytes: Uint8Array;

  /** @param size in bits; all are 0 */
  constructor(size: number) {
    this.bytes = new Uint8Array(Math.ceil(size / 8));
  }

  set(start: number, count = 1): void {
    for (let bit = start; bit < start + count; bit++) {
      this.bytes[bit >> 3] = (this.bytes[bit >> 3] ?? 0) | (1 << (bit & 7));
    }
  }

  clear(start: number, count: number): void {
    for (let bit = start; bit < start + count; bit++) {
      this.bytes[bit >> 3] = (this.bytes[bit >> 3] ?? 0) & ~(1 << (bit & 7));
    }
  }

  has(bit: number): boolean {
    return (((this.bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1) !== 0;
  }

  /** How many of `count` bits, from `start` on, are 1. */
  count(start: number, count: number): number {
    let ones = 0;
    for (let bit = start; bit < start + count; bit++) {
      ones += ((this.bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1;
    }
    return ones;
  }
}
