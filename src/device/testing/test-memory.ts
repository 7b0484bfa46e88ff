import type { GuestMemory, GuestSegment } from "../ports.ts";

/**
 * GuestMemory over one array, optionally broken into pieces as a real frame table may do, with
 * faults on demand. For tests.
 */
export class TestMemory implements GuestMemory {
  readonly base: number;
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #pieceBytes: number;
  /** Addresses in this range are as if there were no RAM. */
  hole: { readonly from: number; readonly to: number } | null = null;
  /** Makes every write fail, as read-only memory does. */
  readOnly = false;

  /** @param pieceBytes no segment crosses a multiple of this, counted from `base` */
  constructor(base: number, sizeBytes: number, pieceBytes = Infinity) {
    this.base = base;
    this.bytes = new Uint8Array(sizeBytes);
    this.#view = new DataView(this.bytes.buffer);
    this.#pieceBytes = pieceBytes;
  }

  segments(gpa: number, length: number, write: boolean): GuestSegment[] | null {
    if (!this.#allows(gpa, length, write)) return null;
    const out: GuestSegment[] = [];
    for (let at = gpa - this.base, left = length; left > 0;) {
      const piece = Math.min(left, this.#pieceBytes - (at % this.#pieceBytes) || left);
      out.push({ bytes: this.bytes.subarray(at, at + piece) });
      at += piece;
      left -= piece;
    }
    return out;
  }

  readU16(gpa: number): number | null {
    return this.#aligned(gpa, 2, false) ? this.#view.getUint16(gpa - this.base, true) : null;
  }

  readU32(gpa: number): number | null {
    return this.#aligned(gpa, 4, false) ? this.#view.getUint32(gpa - this.base, true) : null;
  }

  readU64(gpa: number): number | null {
    if (!this.#aligned(gpa, 8, false)) return null;
    const value = this.#view.getBigUint64(gpa - this.base, true);
    return value < 2n ** 53n ? Number(value) : null;
  }

  writeU16(gpa: number, value: number): boolean {
    if (!this.#aligned(gpa, 2, true)) return false;
    this.#view.setUint16(gpa - this.base, value, true);
    return true;
  }

  writeU32(gpa: number, value: number): boolean {
    if (!this.#aligned(gpa, 4, true)) return false;
    this.#view.setUint32(gpa - this.base, value, true);
    return true;
  }

  /** For the driver's side of a test, which writes descriptors. */
  writeU64(gpa: number, value: number): void {
    this.#view.setBigUint64(gpa - this.base, BigInt(value), true);
  }

  #aligned(gpa: number, size: number, write: boolean): boolean {
    return gpa % size === 0 && this.#allows(gpa, size, write);
  }

  #allows(gpa: number, length: number, write: boolean): boolean {
    if (!Number.isSafeInteger(gpa) || length < 0 || (write && this.readOnly)) return false;
    const { hole } = this;
    if (hole && gpa < hole.to && hole.from < gpa + length) return false;
    return gpa >= this.base && gpa + length <= this.base + this.bytes.length;
  }
}
