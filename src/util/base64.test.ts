import { expect, test } from "vitest";
import { base64Bytes, base64Text, bytesOfDigits } from "./base64.ts";

test("base64 goes there and back, as Node's", () => {
  for (let length = 0; length < 20; length++) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 97 + length) & 0xff);
    const text = base64Text(bytes);
    expect(text).toBe(Buffer.from(bytes).toString("base64"));
    expect(base64Bytes(text)).toEqual(bytes);
  }
  expect(base64Bytes("YQ==\n")).toEqual(Uint8Array.of(97));
  for (const bad of ["a", "YQ=", "YQ*=", "=YQ="]) expect(base64Bytes(bad)).toBeNull();
});

test("digits stand for bytes without padding, too; bits that fill no byte are dropped", () => {
  expect(bytesOfDigits("YWI")).toEqual(Uint8Array.of(97, 98));
  expect(bytesOfDigits("YWJjZ")).toEqual(Uint8Array.of(97, 98, 99));
  expect(bytesOfDigits("")).toEqual(new Uint8Array(0));
  for (const bad of ["YW I", "YQ=", "Y-"]) expect(bytesOfDigits(bad)).toBeNull();
});
