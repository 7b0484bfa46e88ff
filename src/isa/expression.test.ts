import { expect, test } from "vitest";
import { evaluate } from "./expression.ts";

const symbols: Readonly<Record<string, bigint>> = { x: 5n, "a.b": 7n, ".": 0x1000n };
const value = (text: string): bigint => evaluate(text, (name) => symbols[name]);

test.each([
  ["1 + 2 * 3", 7n],
  ["(1 + 2) * 3", 9n],
  ["-x + a.b", 2n],
  ["~0 & 0xff", 255n],
  ["1 << 40 | 1", (1n << 40n) | 1n],
  ["0b1010 ^ 'A'", 0x4bn],
  [String.raw`'\n'`, 10n],
  ["7 % 4 - 9 / 2", -1n],
  ["%hi(0x12345fff)", 0x12346n],
  ["%lo(0x12345fff)", -1n],
  ["%pcrel_hi(. + 0x1800)", 2n],
  ["10 - 3 - 2", 5n],
])("%s", (text, expected) => {
  expect(value(text)).toBe(expected);
});

test.each([
  ["1 +", "an operand is missing"],
  ["1 2", 'unexpected "2"'],
  ["y", '"y" is not defined'],
  ["1 @", 'cannot read "@"'],
  ["12ab", 'cannot read "12ab"'],
])("%s is refused", (text, message) => {
  expect(() => value(text)).toThrow(message);
});
