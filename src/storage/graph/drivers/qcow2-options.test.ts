import { describe, expect, test } from "vitest";
import { parseImageOptions } from "../image-options.ts";
import { joinQcow2Options, qcow2Runtime } from "./qcow2-options.ts";

const CLUSTER = 65_536;
const L2_BYTES = 1 << 20;

const runtime = (text: string, l2Bytes = L2_BYTES) =>
  qcow2Runtime(parseImageOptions(text), CLUSTER, l2Bytes);

describe("cache sizes", () => {
  test("the L2 cache gets what the disk can use, the counts the rest", () => {
    expect(runtime("cache-size=4M")).toMatchObject({
      l2CacheBytes: L2_BYTES,
      refcountCacheBytes: 3 << 20,
    });
    expect(runtime("cache-size=1M,refcount-cache-size=256k")).toMatchObject({
      l2CacheBytes: 768 << 10,
      refcountCacheBytes: 256 << 10,
    });
    expect(runtime("l2-cache-entry-size=4k").l2CacheEntryBytes).toBe(4096);
  });

  test.each([
    ["cache-size=0,l2-cache-size=0,refcount-cache-size=0", "may not be set at the same time"],
    ["cache-size=1M,l2-cache-size=2M", "l2-cache-size may not exceed cache-size"],
    ["cache-size=1M,refcount-cache-size=2M", "refcount-cache-size may not exceed cache-size"],
    ["l2-cache-entry-size=33k", "between 512 and the cluster size (65536)"],
    ["refcount-cache-size=256T", "Refcount cache size too big"],
    ["cache-clean-interval=-1", "Cache clean interval too big"],
    ["lazy-refcounts=42", "Parameter 'lazy-refcounts' expects 'on' or 'off'"],
  ])("'%s' is refused", (text, words) => {
    expect(() => runtime(text)).toThrow(words);
  });

  test("a cache of more tables than can be counted is refused", () => {
    expect(() => runtime("l2-cache-entry-size=512,l2-cache-size=1T", 2 ** 40)).toThrow(
      "L2 cache size too big",
    );
  });
});

describe("overlap checks", () => {
  test("a template and single checks add up", () => {
    const { overlapChecks } = runtime("overlap-check=constant,overlap-check.inactive-l2=on");
    expect(overlapChecks.has("qcow2_header")).toBe(true);
    expect(overlapChecks.has("active L2 table")).toBe(false);
    expect(overlapChecks.has("inactive L2 table")).toBe(true);
    expect(runtime("overlap-check.main-header=off").overlapChecks.has("qcow2_header")).toBe(false);
  });

  test.each([
    ["overlap-check=blubb", "Unsupported value 'blubb' for qcow2 option 'overlap-check'"],
    ["overlap-check=constant,overlap-check.template=all", "('constant') and"],
  ])("'%s' is refused", (text, words) => {
    expect(() => runtime(text)).toThrow(words);
  });
});

test("new options replace those of their kind", () => {
  const join = (before: string, given: string) =>
    joinQcow2Options(parseImageOptions(before), parseImageOptions(given));
  expect(join("overlap-check=all", "overlap-check.template=none")).toEqual({
    "overlap-check": { template: "none" },
  });
  expect(join("l2-cache-size=1M", "cache-size=2M")).toEqual({ "cache-size": "2M" });
  expect(join("cache-size=2M,l2-cache-size=1M", "refcount-cache-size=1M")).toEqual({
    "l2-cache-size": "1M",
    "refcount-cache-size": "1M",
  });
});
