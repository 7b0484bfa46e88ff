import { describe, expect, it } from "vitest";
import type { GuestMemory } from "../ports.ts";

/** A memory under test, with what the contract must know of it. */
export interface MemoryUnderTest {
  readonly memory: GuestMemory;
  /** Start and length of writable RAM; at least 64 KiB, page aligned. */
  readonly ram: number;
  readonly ramBytes: number;
  /** Start of a readable page that must not be written, if the memory has one. */
  readonly rom?: number;
}

/** What every GuestMemory does; each implementation's test runs it. */
export function guestMemoryContract(name: string, make: () => MemoryUnderTest): void {
  describe(`${name} keeps the contract of guest memory`, () => {
    it("yields the bytes of a range in order", () => {
      const { memory, ram } = make();
      const length = 3 * 4096;
      const pieces = memory.segments(ram + 100, length, true) ?? [];
      let next = 0;
      for (const { bytes } of pieces)
        for (let i = 0; i < bytes.length; i++) bytes[i] = next++ & 0xff;
      expect(next).toBe(length);
      expect(memory.readU32(ram + 104)).toBe(0x07060504);
      expect(memory.readU16(ram + 100 + 256)).toBe(0x0100);
    });

    it("reads back what it wrote, little-endian", () => {
      const { memory, ram } = make();
      expect(memory.writeU32(ram + 8, 0x89abcdef)).toBe(true);
      expect(memory.writeU32(ram + 12, 0x1234)).toBe(true);
      expect(memory.readU64(ram + 8)).toBe(0x1234_89ab_cdef);
      expect(memory.writeU16(ram + 10, 0xffff)).toBe(true);
      expect(memory.readU32(ram + 8)).toBe(0xffffcdef);
    });

    it("gives an empty list for an empty range in RAM", () => {
      const { memory, ram } = make();
      expect(memory.segments(ram, 0, true)).toEqual([]);
    });

    it("refuses ranges that leave RAM on either side", () => {
      const { memory, ram, ramBytes } = make();
      const end = ram + ramBytes;
      expect(memory.segments(ram - 1, 2, false)).toBeNull();
      expect(memory.segments(end - 1, 2, false)).toBeNull();
      expect(memory.segments(end - 1, 1, true)).toHaveLength(1);
      expect(memory.segments(ram, ramBytes + 1, false)).toBeNull();
      expect(memory.readU32(end)).toBeNull();
      expect(memory.writeU32(ram - 4, 0)).toBe(false);
    });

    it("refuses addresses that are no addresses", () => {
      const { memory } = make();
      for (const gpa of [-1, 0.5, Number.NaN, 2 ** 53, Infinity]) {
        expect(memory.segments(gpa, 4, false)).toBeNull();
        expect(memory.readU32(gpa)).toBeNull();
        expect(memory.writeU16(gpa, 1)).toBe(false);
      }
    });

    it("refuses misaligned scalars", () => {
      const { memory, ram } = make();
      expect(memory.readU16(ram + 1)).toBeNull();
      expect(memory.readU32(ram + 2)).toBeNull();
      expect(memory.readU64(ram + 4)).toBeNull();
      expect(memory.writeU32(ram + 2, 0)).toBe(false);
    });

    it("refuses a u64 that is no address of ours", () => {
      const { memory, ram } = make();
      memory.writeU32(ram, 0);
      memory.writeU32(ram + 4, 0x0020_0000);
      expect(memory.readU64(ram)).toBeNull();
      memory.writeU32(ram + 4, 0x001f_ffff);
      expect(memory.readU64(ram)).toBe(0x001f_ffff * 2 ** 32);
    });

    it("lets read-only memory be read and not written", () => {
      const { memory, rom } = make();
      if (rom === undefined) return;
      expect(memory.segments(rom, 16, false)).not.toBeNull();
      expect(memory.segments(rom, 16, true)).toBeNull();
      expect(memory.writeU32(rom, 1)).toBe(false);
    });
  });
}
