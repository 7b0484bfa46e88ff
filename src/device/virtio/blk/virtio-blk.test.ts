import { describe, expect, it } from "vitest";
import { MemoryDisk } from "../../testing/memory-disk.ts";
import type { MockBuffer, MockRing } from "../../testing/mock-ring.ts";
import { RecordingTrace } from "../../testing/doubles.ts";
import { pciBench } from "../../testing/pci-bench.ts";
import { PciDriver } from "../../testing/pci-driver.ts";
import { virtioBench } from "../../testing/virtio-bench.ts";
import { VIRTIO_MMIO_REGS } from "../transport/mmio-regs.ts";
import { Status } from "../transport/status.ts";
import { BlkConfig, BlkFeature, BlkStatus, BlkType, MAX_RANGE_SECTORS } from "./regs.ts";
import { VirtioBlk, type VirtioBlkOptions } from "./virtio-blk.ts";

const DISK_BYTES = 64 * 512;

function header(type: number, sector = 0n): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setBigUint64(8, sector, true);
  return bytes;
}

function range(sector: bigint, sectors: number, flags = 0): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, sector, true);
  view.setUint32(8, sectors, true);
  view.setUint32(12, flags, true);
  return bytes;
}

const data = (length: number, seed = 1): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 7 + seed) & 0xff);

interface Side {
  readonly rings: readonly MockRing[];
  notify(queue: number): void;
  start(queues: number, size: number, features?: bigint): void;
  readStatus(): number;
}

/** The same device behind either transport. */
const TRANSPORTS: Readonly<Record<string, (device: VirtioBlk) => Side>> = {
  mmio: (device) => {
    const { slot, driver } = virtioBench(device, { packed: true });
    return {
      rings: driver.rings,
      notify: (queue) => slot.notify(queue),
      start: (...args) => driver.start(...args),
      readStatus: () => driver.status,
    };
  },
  pci: (device) => {
    const { bus, memory } = pciBench(device, { packed: true });
    const driver = new PciDriver(bus, memory);
    return {
      rings: driver.rings,
      notify: (queue) => driver.notify(queue),
      start: (...args) => driver.start(...args),
      readStatus: () => bus.read(0x4_0000_8014, 1),
    };
  },
};

function make(
  transport: string,
  options: VirtioBlkOptions = {},
  disk = new MemoryDisk(DISK_BYTES),
) {
  const trace = new RecordingTrace();
  const device = new VirtioBlk({ backend: disk, trace }, options);
  const side = (TRANSPORTS[transport] as (device: VirtioBlk) => Side)(device);
  side.start(device.queueSizes.length, 16, BlkFeature.flush);
  /** One request; its status, when it has ended. */
  const ask = (buffers: readonly MockBuffer[], queue = 0) => {
    const ring = side.rings[queue] as MockRing;
    const request = ring.add([...buffers, 1]);
    request.bytes(buffers.length)[0] = 0xff;
    side.notify(queue);
    return {
      bytes: (n: number) => request.bytes(n),
      get status() {
        return request.bytes(buffers.length)[0];
      },
    };
  };
  return { disk, device, side, ask, trace };
}

describe.each(["mmio", "pci"])("virtio-blk over %s", (transport) => {
  it("reads and writes in whatever pieces the driver likes", () => {
    const { ask, disk, side } = make(transport);
    const bytes = data(1536);
    const written = ask([header(BlkType.out, 3n), bytes.subarray(0, 100), bytes.subarray(100)]);
    expect(written.status).toBe(BlkStatus.ok);
    expect(disk.bytes.subarray(3 * 512, 6 * 512)).toEqual(bytes);
    const read = ask([
      header(BlkType.in, 4n).subarray(0, 7),
      header(BlkType.in, 4n).subarray(7),
      512,
      512,
    ]);
    expect(read.status).toBe(BlkStatus.ok);
    expect(read.bytes(2)).toEqual(bytes.subarray(512, 1024));
    expect(side.rings[0]?.poll().map(({ length }) => length)).toEqual([1, 1025]);
  });

  it("takes header, data and status out of one buffer each way", () => {
    const { ask, disk } = make(transport);
    const whole = new Uint8Array(16 + 512);
    whole.set(header(BlkType.out, 1n));
    whole.fill(9, 16);
    expect(ask([whole]).status).toBe(BlkStatus.ok);
    expect(disk.bytes.subarray(512, 1024).every((byte) => byte === 9)).toBe(true);
  });

  it("flushes, discards, zeroes and names itself", () => {
    const { ask, disk } = make(transport, { serial: "a-serial-number-that-is-long" });
    expect(ask([header(BlkType.flush)]).status).toBe(BlkStatus.ok);
    expect(ask([header(BlkType.discard), range(2n, 4)]).status).toBe(BlkStatus.ok);
    expect(ask([header(BlkType.writeZeroes), range(8n, 2, 1)]).status).toBe(BlkStatus.ok);
    expect(disk.log).toEqual(["flush", "discard 1024 2048", "zero 4096 1024 true"]);
    const id = ask([header(BlkType.getId), 20]);
    expect(new TextDecoder().decode(id.bytes(1))).toBe("a-serial-number-that");
  });

  it.each<[string, readonly MockBuffer[], number]>([
    ["a read past the end", [header(BlkType.in, 63n), 1024], BlkStatus.ioError],
    ["a write past the end", [header(BlkType.out, 64n), data(512)], BlkStatus.ioError],
    ["a sector beyond counting", [header(BlkType.in, 2n ** 63n), 512], BlkStatus.ioError],
    ["half a sector", [header(BlkType.in), 100], BlkStatus.ioError],
    ["an unknown type", [header(77)], BlkStatus.unsupported],
    ["a discard that unmaps", [header(BlkType.discard), range(0n, 1, 1)], BlkStatus.unsupported],
    ["unknown flags", [header(BlkType.writeZeroes), range(0n, 1, 4)], BlkStatus.unsupported],
    ["half a range", [header(BlkType.discard), data(8)], BlkStatus.ioError],
    [
      "a range that is too long",
      [header(BlkType.discard), range(0n, MAX_RANGE_SECTORS + 1)],
      BlkStatus.ioError,
    ],
    ["a range past the end", [header(BlkType.writeZeroes), range(60n, 5)], BlkStatus.ioError],
  ])("refuses %s", (_, buffers, status) => {
    const { ask, disk } = make(transport);
    expect(ask(buffers).status).toBe(status);
    expect(disk.log).toEqual([]);
  });

  it("needs a reset after a request without header or status", () => {
    const { side } = make(transport);
    side.rings[0]?.add([Uint8Array.of(1, 2, 3), 1]);
    side.notify(0);
    expect(side.readStatus() & Status.needsReset).not.toBe(0);
  });

  it("tells errors of the image", () => {
    const { ask, disk, trace } = make(transport);
    disk.fault = "EIO";
    expect(ask([header(BlkType.in), 512]).status).toBe(BlkStatus.ioError);
    disk.fault = "ENOTSUP";
    expect(ask([header(BlkType.flush)]).status).toBe(BlkStatus.unsupported);
    disk.write = () => {
      throw new TypeError("a bug");
    };
    expect(ask([header(BlkType.out), data(512)]).status).toBe(BlkStatus.ioError);
    expect(trace.notes).toEqual(["virtio-blk: the image failed: a bug"]);
  });

  it("says that a disk is read-only, and refuses to change it", () => {
    const disk = new MemoryDisk(DISK_BYTES);
    disk.readOnly = true;
    const { device, ask } = make(transport, {}, disk);
    expect(device.features & BlkFeature.readOnly).not.toBe(0n);
    expect(ask([header(BlkType.out), data(512)]).status).toBe(BlkStatus.ioError);
    expect(ask([header(BlkType.discard), range(0n, 1)]).status).toBe(BlkStatus.ioError);
    expect(ask([header(BlkType.in), 512]).status).toBe(BlkStatus.ok);
  });

  it("returns slow requests in the order in which they end", async () => {
    const { ask, disk, side } = make(transport);
    disk.isSlow = true;
    ask([header(BlkType.in), 512]);
    ask([header(BlkType.in, 1n), 1024]);
    expect(disk.held).toBe(2);
    expect(side.rings[0]?.poll()).toEqual([]);
    await disk.release(1);
    expect(side.rings[0]?.poll()).toMatchObject([{ length: 1025 }]);
    await disk.release();
    expect(side.rings[0]?.poll()).toMatchObject([{ length: 513 }]);
  });

  it("is not reset before slow requests have let go of memory, and never returns them", async () => {
    const { ask, device, disk, side } = make(transport);
    disk.isSlow = true;
    const request = ask([header(BlkType.in), 512]);
    device.deactivate();
    expect(device.isBusy).toBe(true);
    await disk.release();
    expect(device.isBusy).toBe(false);
    expect(request.status).toBe(0xff);
    expect(side.rings[0]?.poll()).toEqual([]);
  });

  it("tells the driver of small requests together, of large ones soon", () => {
    const device = new VirtioBlk({
      backend: new MemoryDisk(1 << 20),
      trace: new RecordingTrace(),
    });
    const { driver, interrupt, slot } = virtioBench(device);
    driver.start(1, 16);
    const [ring] = driver.rings;
    for (let i = 0; i < 5; i++) ring?.add([header(BlkType.in, BigInt(i)), 512, 1]);
    slot.notify(0);
    expect(ring?.poll()).toHaveLength(5);
    expect(interrupt.raised).toBe(1);
    for (let i = 0; i < 2; i++) ring?.add([header(BlkType.in), 1 << 19, 1]);
    slot.notify(0);
    expect(ring?.poll()).toHaveLength(2);
    expect(interrupt.raised).toBe(3);
  });

  it("serves several queues", () => {
    const { ask, side, device } = make(transport, { queues: 4 });
    expect(device.queueSizes).toHaveLength(4);
    expect(device.readConfig(BlkConfig.numQueues, 2)).toBe(4);
    expect(ask([header(BlkType.in), 512], 3).status).toBe(BlkStatus.ok);
    expect(side.rings[3]?.poll()).toHaveLength(1);
  });
});

describe("virtio-blk's configuration", () => {
  it("describes the disk", () => {
    const disk = new MemoryDisk(1 << 20);
    disk.physicalBlockBytes = 4096;
    const device = new VirtioBlk({ backend: disk, trace: new RecordingTrace() });
    expect(device.readConfig(BlkConfig.capacity, 4)).toBe(2048);
    expect(device.readConfig(BlkConfig.blkSize, 4)).toBe(512);
    expect(device.readConfig(BlkConfig.physicalBlockExp, 1)).toBe(3);
    expect(device.readConfig(BlkConfig.heads, 1)).toBe(16);
  });

  it("changes with the image's size, and tells a running driver", () => {
    const disk = new MemoryDisk(DISK_BYTES);
    const device = new VirtioBlk({ backend: disk, trace: new RecordingTrace() });
    const { driver, interrupt } = virtioBench(device);
    driver.start(1, 8);
    disk.resize(2 * DISK_BYTES);
    expect(driver.read({ at: 0x100 })).toBe(128);
    expect(interrupt.status).toBe(2);
  });

  it("writes through when the driver chose that, or cannot flush", () => {
    const disk = new MemoryDisk(DISK_BYTES);
    const device = new VirtioBlk({ backend: disk, trace: new RecordingTrace() });
    const { driver, slot } = virtioBench(device);
    const write = () => {
      disk.log.length = 0;
      driver.rings[0]?.add([header(BlkType.out), data(512), 1]);
      slot.notify(0);
      return [...disk.log];
    };
    driver.start(1, 8);
    expect(write()).toEqual(["write 0 512", "flush"]);
    driver.start(1, 8, BlkFeature.flush | BlkFeature.configWce);
    expect(write()).toEqual(["write 0 512"]);
    slot.regs.write(VIRTIO_MMIO_REGS.Config.at + BlkConfig.writeback, 1, 0);
    expect(write()).toEqual(["write 0 512", "flush"]);
    driver.start(1, 8, BlkFeature.flush);
    expect(slot.regs.read(VIRTIO_MMIO_REGS.Config.at + BlkConfig.writeback, 1)).toBe(1);
  });

  it("goes on from a snapshot", () => {
    const trace = new RecordingTrace();
    const device = new VirtioBlk({ backend: new MemoryDisk(512), trace });
    const other = new VirtioBlk({ backend: new MemoryDisk(512), trace });
    other.snapshot.load(1, { writeback: 0 });
    device.snapshot.load(1, other.snapshot.save());
    expect(device.readConfig(BlkConfig.writeback, 1)).toBe(0);
  });
});
