import { expect, it } from "vitest";
import { InflatedClusters } from "./inflated-clusters.ts";

it("keeps the clusters that were used last, four mebibytes of them", () => {
  const clusters = new InflatedClusters(1 << 20);
  const bytes = [0, 1, 2, 3, 4].map((i) => Uint8Array.of(i));
  for (const i of [0, 1, 2, 3]) clusters.set(i * 512, bytes[i] as Uint8Array);
  expect(clusters.get(0)).toBe(bytes[0]);
  clusters.set(4 * 512, bytes[4] as Uint8Array);
  expect([0, 1, 2, 3, 4].map((i) => clusters.get(i * 512)?.[0])).toEqual([0, undefined, 2, 3, 4]);
  clusters.clear();
  expect(clusters.get(0)).toBeUndefined();
});

it("keeps one cluster at least", () => {
  const clusters = new InflatedClusters(16 << 20);
  clusters.set(0, Uint8Array.of(1));
  expect(clusters.get(0)).toEqual(Uint8Array.of(1));
});
