import { describe, expect, it } from "vitest";
import { ManualClock, RecordingTrace } from "../../testing/doubles.ts";
import { pciBench } from "../../testing/pci-bench.ts";
import { TestMemory } from "../../testing/test-memory.ts";
import { BENCH_RAM, virtioBench } from "../../testing/virtio-bench.ts";
import { Feature } from "../features.ts";
import { VIRTIO_MMIO_REGS } from "../transport/mmio-regs.ts";
import { BalloonConfig, BalloonFeature, BalloonQueue, STAT_BYTES } from "./regs.ts";
import { VirtioBalloon } from "./virtio-balloon.ts";

const RAM_BYTES = 0x20_0000;
const SECOND = 1_000_000_000n;
const { inflate: INFLATE, deflate: DEFLATE, stats: STATS } = BalloonQueue;
const CONFIG = VIRTIO_MMIO_REGS.Config.at;

function make({ packed = false, deflateOnOom = false } = {}) {
  const trace = new RecordingTrace();
  const clock = new ManualClock(1_700_000_000n * SECOND);
  const heard: number[] = [];
  const memory = new TestMemory(BENCH_RAM, RAM_BYTES, 4096);
  const changed = (bytes: number): void => void heard.push(bytes);
  const device = new VirtioBalloon(
    { memory, clock, trace, changed },
    { ramBytes: RAM_BYTES, deflateOnOom },
  );
  const bench = virtioBench(device, { packed });
  const ringFeatures = (packed ? Feature.ringPacked : 0n) | Feature.eventIdx;
  const start = (): void => bench.driver.start(3, 8, ringFeatures | BalloonFeature.statsVq);
  start();
  const config = {
    read: (field: number): number => bench.slot.regs.read(CONFIG + field, 4),
    write: (field: number, value: number): void => bench.slot.regs.write(CONFIG + field, 4, value),
  };
  return { ...bench, device, trace, clock, heard, config, start };
}

const pages = (...numbers: readonly number[]): Uint8Array =>
  new Uint8Array(Uint32Array.from(numbers).buffer);

function stats(...entries: readonly (readonly [number, bigint])[]): Uint8Array {
  const bytes = new Uint8Array(entries.length * STAT_BYTES);
  const view = new DataView(bytes.buffer);
  entries.forEach(([tag, value], i) => {
    view.setUint16(i * STAT_BYTES, tag, true);
    view.setBigUint64(i * STAT_BYTES + 2, value, true);
  });
  return bytes;
}

describe("what a balloon offers", () => {
  it("is what QEMU's offers by itself, and deflation where that is asked for", () => {
    const own = ({ driver }: ReturnType<typeof make>): bigint => driver.offered & 0xff_ffffn;
    expect(own(make())).toBe(0b1_0010n);
    expect(own(make({ deflateOnOom: true }))).toBe(0b1_0110n);
  });

  // QEMU 7.2: 1af4:1002, class 00ff, I/O BAR of 64 bytes, no MSI-X.
  it("is QEMU's function on PCI", () => {
    const { device } = make();
    const { bus } = pciBench(device);
    expect(bus.config(0, 4)).toBe(0x1002_1af4);
    expect(bus.config(8, 4)).toBe(0x00ff_0000);
    expect(bus.config(0x2c, 4)).toBe(0x0005_1af4);
    // BAR 1 would hold the MSI-X table.
    expect(bus.config(0x14, 4)).toBe(0);
  });
});

describe.each([false, true])("a balloon (packed %s)", (packed) => {
  it("tells the driver its size, and hears from it how large it is", () => {
    const { device, config, heard, interrupt } = make({ packed });
    expect(device.actualBytes).toBe(RAM_BYTES);
    device.setTarget(RAM_BYTES - 0x3000);
    expect(interrupt.status).toBe(2);
    expect(config.read(BalloonConfig.numPages)).toBe(3);
    expect(device.actualBytes).toBe(RAM_BYTES);
    config.write(BalloonConfig.actual, 2);
    config.write(BalloonConfig.actual, 3);
    config.write(BalloonConfig.actual, 3);
    expect(heard).toEqual([RAM_BYTES - 0x2000, RAM_BYTES - 0x3000]);
    expect(device.actualBytes).toBe(RAM_BYTES - 0x3000);
  });

  it("does not trouble the driver with the size that it has", () => {
    const { device, interrupt } = make({ packed });
    device.setTarget(RAM_BYTES + 1);
    expect(interrupt.raised).toBe(0);
    device.setTarget(-1);
    expect(interrupt.raised).toBe(1);
    device.setTarget(0);
    expect(interrupt.raised).toBe(1);
  });

  it("lets the driver write what is the driver's", () => {
    const { device, config, slot } = make({ packed });
    config.write(BalloonConfig.numPages, 7);
    config.write(BalloonConfig.freePageHintCmdId, 7);
    config.write(BalloonConfig.poisonVal, 0xaaaa_aaaa);
    slot.regs.write(CONFIG + BalloonConfig.actual, 1, 1);
    slot.regs.write(CONFIG + BalloonConfig.actual + 1, 1, 1);
    expect([0, 4, 8, 12].map(config.read)).toEqual([0, 0x101, 0, 0xaaaa_aaaa]);
    // More pages than there are: the guest has none left, and not less than that.
    config.write(BalloonConfig.actual, 0xffff_ffff);
    expect(device.actualBytes).toBe(0);
  });

  it("returns requests, and notes pages that are no memory", () => {
    const { driver, slot, trace } = make({ packed });
    const first = BENCH_RAM / 4096;
    const inflate = driver.rings[INFLATE]?.add([pages(first, first + 511)]);
    slot.notify(INFLATE);
    expect(driver.rings[INFLATE]?.poll()).toEqual([{ id: inflate?.id, length: 0 }]);
    const deflate = driver.rings[DEFLATE]?.add([pages(first), pages(first + 511)]);
    slot.notify(DEFLATE);
    expect(driver.rings[DEFLATE]?.poll()).toEqual([{ id: deflate?.id, length: 0 }]);
    expect(trace.notes).toEqual([]);
    driver.rings[INFLATE]?.add([pages(first, first + 512, 0)]);
    driver.rings[INFLATE]?.add([Uint8Array.of(1, 2)]);
    driver.rings[INFLATE]?.add([new Uint8Array(4 * 513)]);
    slot.notify(INFLATE);
    expect(driver.rings[INFLATE]?.poll()).toHaveLength(3);
    expect(trace.notes).toEqual([
      "virtio-balloon: the page at 0x80200000 is no memory",
      "virtio-balloon: a request ends within a page's number",
      "virtio-balloon: more pages than the guest has",
    ]);
  });

  it("has statistics from the driver's start, and keeps the buffer", () => {
    const { device, driver, slot } = make({ packed });
    expect([device.stats, device.statsAtS]).toEqual([{}, 0]);
    // Tag 10 is of a later version.
    driver.rings[STATS]?.add([stats([4, 2n ** 63n], [5, 7n], [10, 1n]).subarray(0, 29)]);
    slot.notify(STATS);
    expect(device.stats).toEqual({ "stat-free-memory": 2n ** 63n, "stat-total-memory": 7n });
    expect(device.statsAtS).toBe(1_700_000_000);
    expect(driver.rings[STATS]?.poll()).toEqual([]);
  });

  it("asks for statistics again and again, and hears each answer", () => {
    const { device, driver, slot, clock } = make({ packed });
    const ring = driver.rings[STATS];
    const give = (value: bigint): void => {
      ring?.add([stats([0, value])]);
      slot.notify(STATS);
    };
    give(1n);
    device.setPollInterval(2);
    clock.advance(0n);
    expect(ring?.poll()).toMatchObject([{ length: 0 }]);
    give(2n);
    expect(device.stats["stat-swap-in"]).toBe(2n);
    clock.advance(SECOND);
    expect(ring?.poll()).toEqual([]);
    clock.advance(SECOND);
    expect(ring?.poll()).toHaveLength(1);
    // The driver takes its time.
    clock.advance(2n * SECOND);
    give(3n);
    expect([device.stats["stat-swap-in"], device.statsAtS]).toEqual([3n, 1_700_000_004]);
    device.setPollInterval(0);
    clock.advance(9n * SECOND);
    expect(ring?.poll()).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it("keeps the last one of several buffers", () => {
    const { device, driver, slot } = make({ packed });
    const ring = driver.rings[STATS];
    for (const value of [1n, 2n, 3n]) ring?.add([stats([1, value])]);
    slot.notify(STATS);
    expect(device.stats["stat-swap-out"]).toBe(3n);
    expect(ring?.poll()).toHaveLength(2);
  });

  it("is full again after a reset, and asks the next guest for the same", () => {
    const { device, driver, slot, config, heard, start } = make({ packed });
    device.setTarget(0x10_0000);
    config.write(BalloonConfig.actual, 0x100);
    driver.rings[STATS]?.add([stats([1, 1n])]);
    slot.notify(STATS);
    slot.reset();
    expect(heard).toEqual([0x10_0000, RAM_BYTES]);
    expect([device.stats, device.statsAtS]).toEqual([{}, 0]);
    start();
    expect(config.read(BalloonConfig.numPages)).toBe(0x100);
  });

  it("keeps size, questions and the driver's buffer in a snapshot", () => {
    const { device, driver, slot, config, clock } = make({ packed });
    device.setTarget(0x10_0000);
    config.write(BalloonConfig.actual, 0x80);
    driver.rings[STATS]?.add([stats([1, 5n])]);
    slot.notify(STATS);
    device.setPollInterval(3);
    slot.snapshot.load(2, slot.snapshot.save());
    expect(device.actualBytes).toBe(0x18_0000);
    expect(device.pollIntervalS).toBe(3);
    expect(device.stats["stat-swap-out"]).toBe(5n);
    clock.advance(3n * SECOND);
    expect(driver.rings[STATS]?.poll()).toHaveLength(1);
  });
});
