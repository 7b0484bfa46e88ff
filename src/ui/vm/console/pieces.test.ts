import { expect, test } from "vitest";
import { pieces } from "./pieces.ts";

test.each([0, 1, 8191, 8192, 8193, 100_000])(
  "%d bytes come whole and in small pieces",
  (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => i % 251);
    const parts = pieces(bytes);
    expect(parts.length).toBeGreaterThan(0);
    expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(8192);
    expect(parts.flatMap((part) => [...part])).toEqual([...bytes]);
  },
);
