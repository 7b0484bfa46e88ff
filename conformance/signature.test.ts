import { describe, expect, test } from "vitest";
import { compareSignatures, parseSignature } from "./signature.ts";

describe("parsing", () => {
  test("a line is a word, its last digits the lowest byte", () => {
    expect([...parseSignature("04030201\n08070605\n")]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test("words may have any width", () => {
    expect(parseSignature("0807060504030201\r\n")).toEqual(parseSignature("04030201\n08070605"));
  });

  test("what is no word is refused by its line", () => {
    expect(() => parseSignature("00\nxyz0")).toThrow("line 2 of the signature");
    expect(() => parseSignature("123")).toThrow("line 1 of the signature");
  });
});

describe("comparing", () => {
  const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

  test("equal signatures may differ in padding", () => {
    expect(compareSignatures(bytes(1, 2), bytes(1, 2, 0, 0))).toBeUndefined();
    expect(compareSignatures(bytes(1, 2, 3), bytes(1, 2))).toContain("3 bytes instead of 2");
  });

  test("the first word that differs is named", () => {
    const actual = new Uint8Array(16).fill(1);
    const expected = actual.slice();
    expected[9] = 7;
    expect(compareSignatures(actual, expected)).toBe(
      "signature+0x8 is 0x0101010101010101 instead of 0x0101010101010701",
    );
  });
});
