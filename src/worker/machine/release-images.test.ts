import { expect, test } from "vitest";
import { releaseImages } from "./release-images.ts";

test("images give their memory back, also where two share a buffer or one is missing", () => {
  const both = new Uint8Array(64);
  const kernel = { name: "kernel", bytes: both.subarray(0, 32) };
  const initrd = { name: "initrd", bytes: both.subarray(32) };
  releaseImages({ kernel, initrd });
  expect(both.buffer.byteLength).toBe(0);
  expect(kernel.bytes.length).toBe(0);
});

test("shared memory stays", () => {
  const bytes = new Uint8Array(new SharedArrayBuffer(16));
  releaseImages({ firmware: { name: "firmware", bytes } });
  expect(bytes.length).toBe(16);
});
