import { describe, expect, it } from "vitest";
import { type Environment, firstMissing, thisEnvironment } from "./missing.ts";

const GOOD: Environment = {
  isSecureContext: true,
  crossOriginIsolated: true,
  sharedArrayBuffer: true,
  wasm: true,
  wasmFeatures: true,
  tabs: true,
};

describe("what is missing", () => {
  it("is nothing where everything is there", () => {
    expect(firstMissing(GOOD)).toBeNull();
  });

  it.each<[Partial<Environment>, string]>([
    [{ wasm: false }, "missing.wasm"],
    [{ isSecureContext: false, crossOriginIsolated: false }, "missing.insecure"],
    [{ crossOriginIsolated: false, sharedArrayBuffer: false }, "missing.isolation"],
    [{ sharedArrayBuffer: false }, "missing.sharedMemory"],
    [{ wasmFeatures: false }, "missing.wasmFeatures"],
    [{ tabs: false }, "missing.tabs"],
  ])("with %j is %s", (change, what) => {
    expect(firstMissing({ ...GOOD, ...change })?.what).toBe(what);
  });

  it("is no feature of WebAssembly where this test runs: the probe module is valid", () => {
    expect(thisEnvironment().wasmFeatures).toBe(true);
  });
});
