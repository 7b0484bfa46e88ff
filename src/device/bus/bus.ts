import type { AccessSize, MmioRegion } from "../device-model.ts";
import { assert } from "../../util/assert.ts";

interface Mapping {
  readonly base: number;
  readonly end: number;
  readonly region: MmioRegion;
}

/** Guest-physical addresses of devices. */
export class Bus {
  /** Sorted by base, without overlaps. */
  readonly #mappings: Mapping[] = [];

  /** Maps `region` at `[base, base + sizeBytes)`; an overlap is a bug of the board. */
  map(base: number, sizeBytes: number, region: MmioRegion): void {
    const end = base + sizeBytes;
    const clash = this.#mappings.find((other) => base < other.end && other.base < end);
    assert(!clash, `two devices at 0x${base.toString(16)}`);
    this.#mappings.push({ base, end, region });
    this.#mappings.sort((a, b) => a.base - b.base);
  }

  /**
   * @param size 1, 2, 4 or 8 bytes
   * @returns null when nothing is mapped there: the hart takes an access fault
   */
  read(gpa: number, size: number): bigint | null {
    if (size === 8) {
      const low = this.read(gpa, 4);
      const high = this.read(gpa + 4, 4);
      return low === null || high === null ? null : low | (high << 32n);
    }
    const found = this.#find(gpa, size);
    if (!found) return null;
    return BigInt(found.region.read(gpa - found.base, size as AccessSize));
  }

  /** @returns false when nothing is mapped there */
  write(gpa: number, size: number, value: bigint): boolean {
    if (size === 8) {
      if (!this.#find(gpa, 4) || !this.#find(gpa + 4, 4)) return false;
      this.write(gpa, 4, value & 0xffff_ffffn);
      return this.write(gpa + 4, 4, (value >> 32n) & 0xffff_ffffn);
    }
    const found = this.#find(gpa, size);
    if (!found) return false;
    const low = Number(BigInt.asUintN(8 * size, value));
    found.region.write(gpa - found.base, size as AccessSize, low);
    return true;
  }

  #find(gpa: number, size: number): Mapping | undefined {
    let low = 0;
    let high = this.#mappings.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if ((this.#mappings[mid] as Mapping).end <= gpa) low = mid + 1;
      else high = mid;
    }
    const found = this.#mappings[low];
    return found && gpa >= found.base && gpa + size <= found.end ? found : undefined;
  }
}
