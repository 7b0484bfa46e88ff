import { expect, it } from "vitest";
import { KeycodeSet } from "./domain-flags.ts";
import { keycodeOf } from "./key-names.ts";
import { qnumOf } from "./keycode-sets.ts";

/** Left Ctrl, Delete, A and Pause, from the specifications of the sets. */
const KEYS: readonly (readonly [set: keyof typeof KeycodeSet, codes: readonly number[]])[] = [
  ["linux", [29, 111, 30, 119]],
  ["xt", [0x1d, 0xe053, 0x1e, 0xe046]],
  ["atset1", [0x1d, 0xe053, 0x1e, 0xe046]],
  ["atset2", [0x14, 0xe071, 0x1c, 0xe077]],
  ["atset3", [0x11, 0x64, 0x1c, 0x62]],
  ["xtKbd", [0x1d, 0x153, 0x1e, 0x146]],
  ["usb", [224, 76, 4, 72]],
  ["win32", [0x11, 0x2e, 0x41, 0x13]],
  ["osx", [0x3b, 0x75, 0x00]],
  ["qnum", [0x1d, 0xd3, 0x1e, 0xc6]],
];

it.each(KEYS)("a key has the same number by %s", (set, codes) => {
  const qnums = [0x1d, 0xd3, 0x1e, 0xc6].slice(0, codes.length);
  expect(codes.map((code) => qnumOf(KeycodeSet[set], code))).toEqual(qnums);
});

it("keys without a number have 0, and codes of no key none", () => {
  expect(qnumOf(KeycodeSet.linux, keycodeOf(KeycodeSet.linux, "KEY_RFKILL") ?? 0)).toBe(0);
  expect(qnumOf(KeycodeSet.linux, 600)).toBeUndefined();
  expect(qnumOf(KeycodeSet.usb, 0)).toBe(0);
  expect(qnumOf(KeycodeSet.usb, 2)).toBeUndefined();
  expect(qnumOf(KeycodeSet.atset1, 0xe0ff)).toBeUndefined();
  expect(qnumOf(KeycodeSet.win32, 0x10)).toBeUndefined();
  expect(qnumOf(99, 30)).toBeUndefined();
});

it("Windows's keys that are on either side have one name, the other side's has another", () => {
  const code = (name: string) => keycodeOf(KeycodeSet.win32, name);
  expect([code("VK_SHIFT"), code("VK_LSHIFT"), code("VK_RSHIFT")]).toEqual([undefined, 160, 161]);
  expect([code("VK_CONTROL"), code("VK_LCONTROL"), code("VK_RCONTROL")]).toEqual([
    17,
    undefined,
    163,
  ]);
});
