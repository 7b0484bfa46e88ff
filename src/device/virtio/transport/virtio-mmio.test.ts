import { describe, expect, it } from "vitest";
import type { AccessSize } from "../../device-model.ts";
import { recordSection } from "../../device-model.ts";
import { BENCH_RAM, virtioBench } from "../../testing/virtio-bench.ts";
import type { MockSplitRing } from "../../testing/mock-ring.ts";
import { Feature } from "../features.ts";
import { readLe, type VirtioContext, type VirtioDevice } from "../virtio-device.ts";
import { VIRTIO_MMIO_REGS as R } from "./mmio-regs.ts";
import { Status } from "./status.ts";

/** Returns every chain at once and remembers what the transport told it. */
class EchoDevice implements VirtioDevice {
  readonly name = "echo";
  readonly deviceId = 42;
  readonly queueSizes = [16, 8];
  readonly features = 1n << 3n;
  readonly configBytes = 8;
  readonly config = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  readonly log: string[] = [];
  readonly snapshot = recordSection(
    "echo",
    1,
    () => ({ config: this.config.slice() }),
    (state) => this.config.set(state.config),
  );
  context: VirtioContext | null = null;

  readConfig(offset: number, size: AccessSize): number {
    return readLe(this.config, offset, size);
  }

  writeConfig(offset: number, size: AccessSize, value: number): void {
    this.log.push(`config ${offset} ${size} ${value}`);
  }

  activate(context: VirtioContext): void {
    this.context = context;
    this.log.push("activate");
  }

  notify(index: number): void {
    const queue = this.context?.queue(index);
    for (let chain = queue?.pop(); chain; chain = queue?.pop()) queue?.push(chain, 0);
  }

  stopQueue(index: number): void {
    this.log.push(`stop ${index}`);
  }

  deactivate(): void {
    this.context = null;
    this.log.push("deactivate");
  }
}

function make() {
  const device = new EchoDevice();
  return { device, ...virtioBench(device) };
}

describe("virtio-mmio", () => {
  it("identifies itself as a version 2 device", () => {
    const { driver } = make();
    expect(driver.read(R.MagicValue)).toBe(0x74726976);
    expect(driver.read(R.Version)).toBe(2);
    expect(driver.read(R.DeviceID)).toBe(42);
    expect(driver.read(R.SHMLenLow)).toBe(0xffff_ffff);
  });

  it("says by DeviceID 0 that a slot is empty, and takes nothing", () => {
    const { driver, slot } = virtioBench(null);
    expect(driver.read(R.MagicValue)).toBe(0x74726976);
    expect(driver.read(R.DeviceID)).toBe(0);
    driver.write(R.Status, 1);
    expect(driver.status).toBe(0);
    expect(driver.offered).toBe(0n);
    slot.notify(0);
    expect(
      slot.fdtNode({ base: 0x1000_1000, sizeBytes: 0x1000, interrupts: [1], interruptParent: 1 })
        .name,
    ).toBe("virtio_mmio@10001000");
  });

  it("offers the device's features with those of queues and transport", () => {
    const { driver } = make();
    const { version1, eventIdx, indirectDesc, ringReset } = Feature;
    expect(driver.offered).toBe((1n << 3n) | version1 | eventIdx | indirectDesc | ringReset);
    driver.write(R.DeviceFeaturesSel, 2);
    expect(driver.read(R.DeviceFeatures)).toBe(0);
  });

  it("refuses FEATURES_OK without VERSION_1 or with what it did not offer", () => {
    const { driver, device } = make();
    expect(driver.negotiate(1n << 3n)).toBe(false);
    expect(driver.negotiate(Feature.version1 | (1n << 5n))).toBe(false);
    expect(driver.negotiate(Feature.version1 | (1n << 3n))).toBe(true);
    expect(device.log.filter((line) => line === "activate")).toEqual([]);
  });

  it("runs a queue from set-up to interrupt", () => {
    const { driver, device, slot, interrupt } = make();
    driver.start(2, 8);
    expect(device.log.at(-1)).toBe("activate");
    const { id } = driver.rings[1]?.add([Uint8Array.of(1)]) ?? {};
    slot.notify(1);
    expect(driver.rings[1]?.poll()).toEqual([{ id, length: 0 }]);
    expect(interrupt.acknowledge()).toBe(1);
  });

  it("does nothing for a notification before DRIVER_OK", () => {
    const { driver, slot } = make();
    driver.negotiate(Feature.version1);
    const ring = driver.setUpQueue(0, 8);
    ring.add([1]);
    slot.notify(0);
    expect(ring.poll()).toEqual([]);
    driver.driverOk();
    slot.notify(0);
    slot.notify(9);
    expect(ring.poll()).toHaveLength(1);
  });

  it("reports sizes by queue and 0 for queues it has not", () => {
    const { driver } = make();
    const sizes = [0, 1, 2].map((queue) => {
      driver.write(R.QueueSel, queue);
      return driver.read(R.QueueSizeMax);
    });
    expect(sizes).toEqual([16, 8, 0]);
  });

  it("keeps a running queue from being moved", () => {
    const { driver, slot, trace } = make();
    driver.start(1, 8);
    driver.placeQueue(0, { size: 4, desc: 0, driver: 0, device: 0 });
    expect(trace.notes.length).toBeGreaterThan(0);
    driver.rings[0]?.add([1]);
    slot.notify(0);
    expect(driver.rings[0]?.poll()).toHaveLength(1);
  });

  it.each([
    ["rings outside RAM", { size: 8, desc: 0x1000, driver: 0x2000, device: 0x3000 }],
    ["misaligned rings", { size: 8, desc: BENCH_RAM + 8, driver: BENCH_RAM, device: BENCH_RAM }],
    ["a size of 6", { size: 6, desc: BENCH_RAM, driver: BENCH_RAM, device: BENCH_RAM }],
    ["rings outside RAM", { size: 8, desc: 2 ** 60, driver: BENCH_RAM, device: BENCH_RAM }],
  ])("needs a reset when a queue has %s", (why, layout) => {
    const { driver, trace } = make();
    driver.negotiate(Feature.version1);
    driver.placeQueue(0, layout);
    driver.write(R.QueueReady, 1);
    expect(driver.read(R.QueueReady)).toBe(0);
    expect(driver.status & Status.needsReset).not.toBe(0);
    expect(trace.notes.at(-1)).toContain(why);
  });

  it("needs a reset, and says so once, when a running driver breaks its queue", () => {
    const { driver, slot, interrupt, device } = make();
    driver.start(1, 8);
    (driver.rings[0] as MockSplitRing).offer(77);
    slot.notify(0);
    slot.notify(0);
    expect(driver.status & Status.needsReset).not.toBe(0);
    expect(interrupt.acknowledge()).toBe(2);
    expect(interrupt.raised).toBe(1);
    expect(device.log.filter((line) => line === "deactivate")).toHaveLength(2);
    driver.start(1, 8);
    expect(driver.status & Status.needsReset).toBe(0);
    driver.rings[0]?.add([1]);
    slot.notify(0);
    expect(driver.rings[0]?.poll()).toHaveLength(1);
  });

  it("stops and resets single queues", () => {
    const { driver, slot, device } = make();
    driver.start(2, 8, Feature.ringReset);
    driver.write(R.QueueSel, 1);
    driver.write(R.QueueReset, 1);
    expect(driver.read(R.QueueReset)).toBe(0);
    expect(driver.read(R.QueueReady)).toBe(0);
    expect(device.log.at(-1)).toBe("stop 1");
    driver.rings[1]?.add([1]);
    slot.notify(1);
    expect(driver.rings[1]?.poll()).toEqual([]);
    const ring = driver.setUpQueue(1, 4);
    ring.add([1]);
    slot.notify(1);
    expect(ring.poll()).toHaveLength(1);
    driver.write(R.QueueReady, 0);
    expect(driver.read(R.QueueReady)).toBe(0);
  });

  it("gives the configuration space at every natural width, and 0 beyond it", () => {
    const { slot, device } = make();
    expect(slot.regs.read(0x104, 4)).toBe(0x0807_0605);
    expect(slot.regs.read(0x102, 2)).toBe(0x0403);
    expect(slot.regs.read(0x107, 1)).toBe(8);
    expect(slot.regs.read(0x108, 4)).toBe(0);
    expect(slot.regs.read(0x101, 2)).toBe(0);
    slot.regs.write(0x104, 2, 0x1_0203);
    expect(device.log.at(-1)).toBe("config 4 2 515");
  });

  it("counts configuration changes and tells a running driver only", () => {
    const { driver, device, interrupt } = make();
    driver.start(2, 8);
    const before = driver.read(R.ConfigGeneration);
    device.context?.configChanged();
    expect(driver.read(R.ConfigGeneration)).toBe(before + 1);
    expect(interrupt.status).toBe(2);
  });

  it("clears interrupt and negotiation at reset", () => {
    const { driver, interrupt, slot } = make();
    driver.start(2, 8);
    interrupt.raise(1);
    driver.write(R.Status, 0);
    expect(driver.status).toBe(0);
    expect(interrupt.status).toBe(0);
    driver.rings[0]?.add([1]);
    slot.notify(0);
    expect(driver.rings[0]?.poll()).toEqual([]);
  });

  it("goes on from a snapshot", () => {
    const first = make();
    first.driver.start(2, 8, Feature.eventIdx);
    for (let i = 0; i < 3; i++) {
      first.driver.rings[0]?.add([1]);
      first.slot.notify(0);
    }
    expect(first.driver.rings[0]?.poll()).toHaveLength(3);
    const second = make();
    second.memory.bytes.set(first.memory.bytes);
    second.slot.snapshot.load(2, first.slot.snapshot.save());
    expect(second.driver.status).toBe(first.driver.status);
    const { id } = first.driver.rings[0]?.add([1]) ?? {};
    second.memory.bytes.set(first.memory.bytes);
    second.slot.notify(0);
    first.memory.bytes.set(second.memory.bytes);
    expect(first.driver.rings[0]?.poll()).toEqual([{ id, length: 0 }]);
  });

  it("refuses a snapshot of another kind of device", () => {
    const { slot } = make();
    const empty = virtioBench(null);
    expect(() => slot.snapshot.load(2, empty.slot.snapshot.save())).toThrow(
      "another kind of device",
    );
  });
});
