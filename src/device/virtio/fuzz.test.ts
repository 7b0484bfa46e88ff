/** Property: whatever a guest writes to registers and rings, a device neither throws nor hangs. */
import { describe, expect, it } from "vitest";
import { Xorshift } from "../../util/xorshift.ts";
import type { AccessSize } from "../device-model.ts";
import { ManualClock, MemoryChar, RecordingTrace } from "../testing/doubles.ts";
import { MemoryDisk } from "../testing/memory-disk.ts";
import { MockDriver } from "../testing/mock-driver.ts";
import { BAR_AT, IO_GPA, MSIX_AT, pciBench, SLOT, WINDOWS } from "../testing/pci-bench.ts";
import { PciDriver } from "../testing/pci-driver.ts";
import { ScsiCdrom } from "../scsi/scsi-cdrom.ts";
import { ScsiDisk } from "../scsi/scsi-disk.ts";
import { BENCH_RAM, virtioBench } from "../testing/virtio-bench.ts";
import { TestMemory } from "../testing/test-memory.ts";
import { VirtioBalloon } from "./balloon/virtio-balloon.ts";
import { VirtioBlk } from "./blk/virtio-blk.ts";
import { keyboardConfig } from "./input/keyboard.ts";
import { EventType } from "./input/regs.ts";
import { VirtioInput } from "./input/virtio-input.ts";
import { VirtioScsi } from "./scsi/virtio-scsi.ts";
import { VirtioConsole } from "./console/virtio-console.ts";
import { VirtioSerial } from "./console/virtio-serial.ts";
import { Feature } from "./features.ts";
import { VirtioRng } from "./rng/virtio-rng.ts";
import type { VirtioDevice } from "./virtio-device.ts";
import { MAGIC, VIRTIO_MMIO_REGS } from "./transport/mmio-regs.ts";

const RAM_BYTES = 0x1_0000;
const SEEDS = Array.from({ length: 40 }, (_, i) => i + 1);

/** A keyboard on which somebody types whenever the driver says something. */
class Typing extends VirtioInput {
  constructor() {
    const config = keyboardConfig("fuzz");
    super({ name: "virtio-keyboard", pciClass: 0x0900, config }, { trace: new RecordingTrace() });
  }

  override notify(queue: number): void {
    super.notify(queue);
    this.report([{ type: EventType.key, code: 30, value: 1 }]);
  }
}

/** A balloon whose host asks for statistics, and for another size, whenever the driver says something. */
class Squeezed extends VirtioBalloon {
  readonly #clock: ManualClock;
  #size = 0;

  constructor() {
    const clock = new ManualClock();
    const memory = new TestMemory(BENCH_RAM, RAM_BYTES, 4096);
    super({ memory, clock, trace: new RecordingTrace() }, { ramBytes: RAM_BYTES });
    this.#clock = clock;
    this.setPollInterval(1);
  }

  override notify(queue: number): void {
    super.notify(queue);
    this.#size = (this.#size + 0x7001) % RAM_BYTES;
    this.setTarget(this.#size);
    this.#clock.advance(1_000_000_000n);
  }
}

const DEVICES: Readonly<Record<string, () => VirtioDevice>> = {
  rng: () => new VirtioRng({ entropy: new Xorshift(1), trace: new RecordingTrace() }),
  console: () => new VirtioConsole({ backend: new MemoryChar(), trace: new RecordingTrace() }),
  serial: () => {
    const port = (number: number) => ({ number, name: "p", backend: new MemoryChar() });
    const trace = new RecordingTrace();
    return new VirtioSerial({ ports: [port(1), port(14)], trace, opened: () => {} });
  },
  keyboard: () => new Typing(),
  balloon: () => new Squeezed(),
  blk: () => new VirtioBlk({ backend: new MemoryDisk(0x8000), trace: new RecordingTrace() }),
  scsi: () => {
    const trace = new RecordingTrace();
    const controller = new VirtioScsi();
    const hd = new ScsiDisk(new MemoryDisk(0x8000), trace, { name: "hd" });
    controller.plug({ target: 0, lun: 0 }, hd);
    const cd = new ScsiCdrom(new MemoryDisk(0x8000), trace, { name: "cd" });
    controller.plug({ target: 0, lun: 1 }, cd);
    return controller;
  },
};

/** Values that drivers and attackers alike are fond of. */
function value(random: Xorshift): number {
  const kind = random.below(5);
  if (kind === 0) return random.below(16);
  if (kind === 1) return BENCH_RAM + 16 * random.below(RAM_BYTES / 16);
  if (kind === 2) return random.pick([0, 1, 3, 11, 15, 64, 128, 0xffff_ffff, 0x8000_0000]);
  return kind === 3 ? 1 << random.below(32) : random.u32();
}

describe.each(Object.keys(DEVICES))("virtio-%s under fire", (name) => {
  const device = DEVICES[name] as () => VirtioDevice;

  it("survives random register accesses", () => {
    const offsets = Object.values(VIRTIO_MMIO_REGS).map(({ at }) => at);
    for (const seed of SEEDS) {
      const random = new Xorshift(seed);
      const { slot } = virtioBench(device(), { packed: seed % 2 === 0, ramBytes: RAM_BYTES });
      for (let i = 0; i < 1500; i++) {
        const size = random.pick<AccessSize>([1, 2, 4, 4, 4]);
        const offset = random.below(4) ? random.pick(offsets) : random.below(0x1000);
        if (random.below(8) === 0) slot.notify(random.below(40));
        if (random.below(2)) slot.regs.write(offset, size, value(random) >>> 0);
        expect(slot.regs.read(offset, size)).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it.each([false, true])("survives random rings (packed %s)", (packed) => {
    for (const seed of SEEDS) {
      const random = new Xorshift(seed);
      const bench = virtioBench(device(), { packed, ramBytes: RAM_BYTES });
      const { slot, memory } = bench;
      const features = (packed ? Feature.ringPacked : 0n) | Feature.eventIdx | Feature.indirectDesc;
      const queues = device().queueSizes.length;
      bench.driver.start(queues, 16, random.below(2) ? features : features & Feature.ringPacked);
      for (let i = 0; i < 200; i++) {
        for (let k = random.below(20); k > 0; k--) {
          memory.writeU32(BENCH_RAM + 4 * random.below(0x400), value(random) >>> 0);
        }
        slot.notify(random.below(queues));
        if (random.below(10) === 0) new MockDriver(slot.regs, memory).start(queues, 16, features);
        if (random.below(50) === 0) slot.snapshot.load(2, slot.snapshot.save());
      }
      expect(slot.regs.read(VIRTIO_MMIO_REGS.MagicValue.at, 4)).toBe(MAGIC);
    }
  });
});

describe.each(Object.keys(DEVICES))("virtio-%s on PCI under fire", (name) => {
  const device = DEVICES[name] as () => VirtioDevice;

  it("survives random accesses to configuration space and BARs", () => {
    for (const seed of SEEDS.slice(0, 20)) {
      const random = new Xorshift(seed);
      const { fn, host, bus } = pciBench(device(), { packed: seed % 2 === 0, ramBytes: RAM_BYTES });
      const regions = WINDOWS.map((window) => ({ window, region: host.windowRegion(window) }));
      for (let i = 0; i < 800; i++) {
        const size = random.pick<AccessSize>([1, 2, 4, 4]);
        if (random.below(40) === 0) bus.enable();
        if (random.below(8) === 0) fn.notify(random.below(40));
        if (random.below(3) === 0) {
          const at = SLOT * 0x8000 + random.below(0x1_0000 / 4);
          host.regs.write(at, size, value(random) >>> 0);
          expect(host.regs.read(at, size)).toBeGreaterThanOrEqual(0);
          continue;
        }
        const base = random.pick([BAR_AT, BAR_AT, BAR_AT + 0x2000, MSIX_AT, IO_GPA]);
        const gpa = base + random.below(random.pick([0x40, 0x1000, 0x4000]));
        const { window, region } = regions.find(
          (one) => gpa >= one.window.base && gpa < one.window.base + one.window.sizeBytes,
        ) as (typeof regions)[number];
        if (random.below(2)) region.write(gpa - window.base, size, value(random) >>> 0);
        expect(region.read(gpa - window.base, size)).toBeGreaterThanOrEqual(0);
        if (random.below(200) === 0) fn.snapshot.load(1, fn.snapshot.save());
      }
    }
  });

  it("survives random requests in sound rings", () => {
    for (const seed of SEEDS.slice(0, 20)) {
      const random = new Xorshift(seed);
      const { bus, memory } = pciBench(device());
      const driver = new PciDriver(bus, memory);
      const queues = device().queueSizes.length;
      driver.start(queues, 64);
      for (let i = 0; i < 200; i++) {
        const queue = random.below(queues);
        const header = Uint8Array.from({ length: 16 + random.below(40) }, () => random.below(256));
        // Mostly requests that get past the first look.
        if (random.below(4))
          header.set([random.below(16), 0, 0, 0, 0, 0, 0, 0, random.below(80), 0]);
        if (random.below(4) && name === "scsi") header.set([1, 0, 0, random.below(3), 0, 0, 0, 0]);
        const out = random.below(2) ? [header] : [header, new Uint8Array(512 * random.below(3))];
        driver.rings[queue]?.add([...out, 1 + 512 * random.below(3), 108, 1]);
        driver.notify(queue);
        driver.rings[queue]?.poll();
        if (random.below(40) === 0) driver.start(queues, 64);
      }
      expect(bus.config(0, 2)).toBe(0x1af4);
    }
  });
});
