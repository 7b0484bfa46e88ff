import { deflateRawSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { gunzip, InflateError, isGzip } from "./inflate.ts";
import { Xorshift } from "./xorshift.ts";

const LIMIT = 1 << 24;

function sample(length: number, alphabet: number): Uint8Array {
  const random = new Xorshift(length + alphabet);
  return Uint8Array.from({ length }, () => random.below(alphabet));
}

describe("gunzip", () => {
  it("expands what zlib packs, at every level", () => {
    for (const level of [0, 1, 6, 9]) {
      for (const alphabet of [1, 4, 60, 256]) {
        const data = sample(70_000, alphabet);
        const { bytes, end } = gunzip(gzipSync(data, { level }), 0, LIMIT);
        expect(Buffer.compare(bytes, data)).toBe(0);
        expect(end).toBe(gzipSync(data, { level }).length);
      }
    }
  });

  it("expands an empty file and a fixed-code block", () => {
    expect(gunzip(gzipSync(""), 0, LIMIT).bytes).toHaveLength(0);
    expect(gunzip(gzipSync("abc"), 0, LIMIT).bytes).toEqual(new TextEncoder().encode("abc"));
  });

  it("skips name, comment and extra fields of the header", () => {
    const raw = deflateRawSync("hello");
    const header = [0x1f, 0x8b, 8, 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 2, 0, 9, 9];
    const names = [...Buffer.from("file\0a comment\0")];
    const member = Uint8Array.from([...header, ...names, ...raw, 0, 0, 0, 0, 5, 0, 0, 0]);
    expect(Buffer.from(gunzip(member, 0, LIMIT).bytes).toString()).toBe("hello");
  });

  it("says where the member ended", () => {
    const first = gzipSync("one");
    const both = Buffer.concat([first, gzipSync("two")]);
    expect(gunzip(both, 0, LIMIT).end).toBe(first.length);
    expect(Buffer.from(gunzip(both, first.length, LIMIT).bytes).toString()).toBe("two");
  });

  /** What gunzip does with damaged data: its error, or null. */
  function failure(bytes: Uint8Array): unknown {
    try {
      gunzip(bytes, 0, 1 << 20);
      return null;
    } catch (error) {
      return error;
    }
  }

  it("tells data that is cut short at any byte", () => {
    const packed = gzipSync(sample(3000, 40));
    for (let length = 10; length < packed.length; length += 7) {
      expect(failure(packed.subarray(0, length))).toBeInstanceOf(InflateError);
    }
    const half = failure(packed.subarray(0, packed.length >> 1));
    expect(half).toMatchObject({ truncated: true });
  });

  it("ends with an InflateError or a result on any damage", () => {
    const packed = gzipSync(sample(2000, 30));
    const random = new Xorshift(3);
    const strange = Array.from({ length: 2000 }, () => {
      const damaged = Uint8Array.from(packed);
      damaged[10 + random.below(packed.length - 10)] = random.below(256);
      return failure(damaged);
    }).filter((error) => error !== null && !(error instanceof InflateError));
    expect(strange).toEqual([]);
  });

  it("refuses to expand beyond its limit", () => {
    expect(() => gunzip(gzipSync(new Uint8Array(1 << 20)), 0, 4096)).toThrow("expands beyond 4096");
  });

  it("knows a gzip header", () => {
    expect(isGzip(gzipSync("x"))).toBe(true);
    expect(isGzip(Uint8Array.of(0x1f, 0x8b, 7))).toBe(false);
  });
});
