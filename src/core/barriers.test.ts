import { expect, test } from "vitest";
import { atomicFence, hasStrongAtomics } from "./barriers.ts";

test("the fence is a function of the engine's", () => {
  expect(atomicFence()()).toBeUndefined();
  expect(atomicFence()).toBe(atomicFence());
});

test("x86's atomics are barriers", () => {
  expect(hasStrongAtomics()).toBe(process.arch === "x64" || process.arch === "ia32");
});
