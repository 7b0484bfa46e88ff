import { describe, expect, it } from "vitest";
import type { CharBackend } from "../ports.ts";

export interface CharUnderTest {
  readonly backend: CharBackend;
  /** Limits how many bytes `write` takes from now on. */
  readonly setRoom: (bytes: number) => void;
  /** Bytes for the guest arrive. */
  readonly feed: (bytes: Uint8Array) => void;
  /** What the guest wrote, in order. */
  readonly written: () => Uint8Array;
}

/** What every CharBackend does; each implementation's test runs it. */
export function charBackendContract(name: string, make: () => CharUnderTest): void {
  const bytes = Uint8Array.from({ length: 100 }, (_, i) => i);

  describe(`${name} keeps the contract of a character backend`, () => {
    it("takes bytes in order and says how many", () => {
      const { backend, written } = make();
      expect(backend.write(bytes)).toBe(100);
      expect(backend.write(new Uint8Array(0))).toBe(0);
      expect(written()).toEqual(bytes);
    });

    it("takes a part when it has little room, and says when there is more", () => {
      const { backend, setRoom, written } = make();
      let writable = 0;
      backend.attach({ onReadable: () => {}, onWritable: () => writable++ });
      setRoom(40);
      const taken = backend.write(bytes);
      expect(taken).toBe(40);
      expect(backend.write(bytes.subarray(taken))).toBe(0);
      setRoom(1000);
      expect(writable).toBeGreaterThan(0);
      backend.write(bytes.subarray(taken));
      expect(written()).toEqual(bytes);
    });

    it("keeps its own copy: the guest's buffer may change at once", () => {
      const { backend, written } = make();
      const buffer = bytes.slice();
      backend.write(buffer);
      buffer.fill(0xff);
      expect(written()).toEqual(bytes);
    });

    it("gives what has arrived, at most what is asked for", () => {
      const { backend, feed } = make();
      let readable = 0;
      backend.attach({ onReadable: () => readable++, onWritable: () => {} });
      expect(backend.read(10)).toHaveLength(0);
      feed(bytes);
      expect(readable).toBe(1);
      expect(backend.read(30)).toEqual(bytes.subarray(0, 30));
      expect(backend.read(1000)).toEqual(bytes.subarray(30));
      expect(backend.read(1)).toHaveLength(0);
    });
  });
}
