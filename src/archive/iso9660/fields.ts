/** How ISO 9660 (ECMA-119) writes numbers, texts and dates. */
import { viewOf } from "../../util/bytes.ts";

/** Bytes of a logical sector, and of a block here. */
export const SECTOR_BYTES = 2048;
/** The first volume descriptor's sector (§6.7.1). */
export const FIRST_DESCRIPTOR = 16;
export const STANDARD_ID = "CD001";

export const DescriptorType = { primary: 1, supplementary: 2, end: 255 } as const;

/** §9.1.6: file flags of a directory record. */
export const RecordFlag = { directory: 2, multiExtent: 0x80 } as const;

export class FieldWriter {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = viewOf(bytes);
  }

  byte(at: number, value: number): void {
    this.bytes[at] = value;
  }

  /** Little-endian, then big-endian (§7.2.3). */
  both16(at: number, value: number): void {
    this.#view.setUint16(at, value, true);
    this.#view.setUint16(at + 2, value, false);
  }

  /** Little-endian, then big-endian (§7.3.3). */
  both32(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
    this.#view.setUint32(at + 4, value, false);
  }

  little32(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  big32(at: number, value: number): void {
    this.#view.setUint32(at, value, false);
  }

  raw(at: number, bytes: Uint8Array): void {
    this.bytes.set(bytes, at);
  }

  /** Latin-1, filled up with spaces. */
  text(at: number, length: number, text: string): void {
    for (let index = 0; index < length; index += 1) {
      this.bytes[at + index] = index < text.length ? text.charCodeAt(index) & 0xff : 0x20;
    }
  }

  /** UCS-2, big-endian, filled up with spaces. */
  wideText(at: number, length: number, text: string): void {
    for (let index = 0; index < length / 2; index += 1) {
      this.#view.setUint16(at + 2 * index, index < text.length ? text.charCodeAt(index) : 0x20);
    }
  }
}

/** §9.1.5: seven bytes, in UTC. */
export function shortDate(date: Date): Uint8Array {
  return Uint8Array.of(
    date.getUTCFullYear() - 1900,
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    0,
  );
}

/** §8.4.26.1: sixteen digits before the time zone's byte; no date is all zeros. */
export function longDate(date: Date | null): string {
  if (date === null) return `${"0".repeat(16)}\0`;
  return `${date.toISOString().replace(/\D/g, "").slice(0, 16)}\0`;
}
