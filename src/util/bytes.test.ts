import { describe, expect, it } from "vitest";
import {
  alignDown,
  alignUp,
  asciiBytes,
  concatBytes,
  hex,
  latin1,
  sizeText,
  startsWith,
  utf8Bytes,
} from "./bytes.ts";

describe("byte helpers", () => {
  it("encodes UTF-8 as the platform does", () => {
    for (const text of ["", "plain", "käse", "日本語", "🙂 and \u{10ffff}", "\ud800 alone"]) {
      expect(utf8Bytes(text)).toEqual(new TextEncoder().encode(text));
    }
  });

  it("refuses characters beyond ASCII where ASCII is meant", () => {
    expect(asciiBytes("OSBI")).toEqual(Uint8Array.of(0x4f, 0x53, 0x42, 0x49));
    expect(() => asciiBytes("ä")).toThrow("character 0 of an ASCII string is not ASCII");
  });

  it("aligns beyond 32 bits", () => {
    expect(alignUp(0x1_0000_0001, 0x1000)).toBe(0x1_0000_1000);
    expect(alignDown(0x1_0000_0fff, 0x1000)).toBe(0x1_0000_0000);
    expect(alignUp(0x2000, 0x1000)).toBe(0x2000);
  });

  it("compares a prefix at an offset, within bounds", () => {
    const bytes = Uint8Array.of(1, 2, 3);
    expect(startsWith(bytes, Uint8Array.of(2, 3), 1)).toBe(true);
    expect(startsWith(bytes, Uint8Array.of(3, 4), 2)).toBe(false);
  });

  it("reads Latin-1 and joins arrays", () => {
    expect(latin1(Uint8Array.of(0x41, 0xe9, 0, 0x42))).toBe("A\u00e9\0B");
    expect(latin1(Uint8Array.of(0x41, 0, 0x42), true)).toBe("A");
    expect(concatBytes([Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3)])).toEqual(
      Uint8Array.of(1, 2, 3),
    );
  });

  it("names sizes and addresses for people", () => {
    expect(sizeText(96 * 1024 * 1024)).toBe("96 MiB");
    expect(sizeText(31_900_000)).toBe("30.4 MiB");
    expect(sizeText(273_472)).toBe("273,472 bytes");
    expect(hex(0x80200000)).toBe("0x80200000");
  });
});
