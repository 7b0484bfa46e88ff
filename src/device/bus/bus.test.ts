import { describe, expect, it } from "vitest";
import { ManualClock, RecordingTrace } from "../testing/doubles.ts";
import type { MmioRegion } from "../device-model.ts";
import { Bus } from "./bus.ts";
import { rateLimited } from "./rate-limit.ts";

/** Remembers accesses; reads yield the offset. */
function recorder(): MmioRegion & { readonly log: unknown[] } {
  const log: unknown[] = [];
  return {
    log,
    read: (offset, size) => (log.push(["r", offset, size]), offset),
    write: (offset, size, value) => void log.push(["w", offset, size, value]),
  };
}

describe("Bus", () => {
  it("finds the device at an address", () => {
    const bus = new Bus();
    const [a, b] = [recorder(), recorder()];
    bus.map(0x2000, 0x1000, b);
    bus.map(0x1000, 0x100, a);
    expect(bus.read(0x10fc, 4)).toBe(0xfcn);
    expect(bus.read(0x2004, 2)).toBe(4n);
    expect(bus.write(0x2ffc, 4, 0x1_2345_6789n)).toBe(true);
    expect(b.log.at(-1)).toEqual(["w", 0xffc, 4, 0x2345_6789]);
  });

  it("answers nothing where nothing is", () => {
    const bus = new Bus();
    bus.map(0x1000, 0x100, recorder());
    for (const gpa of [0, 0xfff, 0x1100, 2 ** 52]) {
      expect(bus.read(gpa, 1)).toBeNull();
      expect(bus.write(gpa, 1, 0n)).toBe(false);
    }
    expect(bus.read(0x10fe, 4)).toBeNull();
    expect(bus.read(0x10fc, 8)).toBeNull();
    expect(bus.write(0x10fc, 8, 0n)).toBe(false);
  });

  it("splits 8-byte accesses, low half first", () => {
    const bus = new Bus();
    const device = recorder();
    bus.map(0x1000, 0x100, device);
    expect(bus.read(0x1010, 8)).toBe(0x14_0000_0010n);
    bus.write(0x1010, 8, 0xaaaa_bbbb_cccc_ddddn);
    expect(device.log.slice(2)).toEqual([
      ["w", 0x10, 4, 0xcccc_dddd],
      ["w", 0x14, 4, 0xaaaa_bbbb],
    ]);
  });

  it("takes two devices at one address for a bug", () => {
    const bus = new Bus();
    bus.map(0x1000, 0x100, recorder());
    expect(() => bus.map(0x10ff, 0x100, recorder())).toThrow("two devices at 0x10ff");
  });
});

describe("rateLimited", () => {
  it("lets a burst pass, then counts, by device and second", () => {
    const sink = new RecordingTrace();
    const clock = new ManualClock();
    const trace = rateLimited(sink, clock);
    for (let i = 0; i < 20; i++) trace.guestError("a", `${i}`);
    trace.guestError("b", "other");
    expect(sink.notes).toHaveLength(9);
    clock.advance(1_000_000_000n);
    trace.guestError("a", "again");
    expect(sink.notes.slice(9)).toEqual(["a: 12 more left out", "a: again"]);
  });
});
