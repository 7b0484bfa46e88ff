import { describe, expect, it } from "vitest";
import { BAR_AT, IO_AT, IO_GPA, MSIX_AT, pciBench, SLOT } from "../../testing/pci-bench.ts";
import { PciDriver } from "../../testing/pci-driver.ts";
import { MemoryChar, RecordingTrace } from "../../testing/doubles.ts";
import { barAt, Command, HEADER } from "../../pci/header.ts";
import { VirtioConsole } from "../console/virtio-console.ts";
import { KEYBOARD_CLASS, keyboardConfig } from "../input/keyboard.ts";
import { VirtioInput } from "../input/virtio-input.ts";
import { VirtioRng } from "../rng/virtio-rng.ts";
import { Feature } from "../features.ts";
import { Capability, VIRTIO_PCI_COMMON as R, VIRTIO_PCI_LEGACY as L } from "./pci-regs.ts";
import type { VirtioPciOptions } from "./virtio-pci.ts";

const entropy = { fill: (target: Uint8Array) => void target.fill(0xab) };

function make(options: VirtioPciOptions = {}) {
  const device = new VirtioRng({ entropy, trace: new RecordingTrace() });
  const bench = pciBench(device, options);
  return { ...bench, driver: new PciDriver(bench.bus, bench.memory) };
}

const MSIX_CONTROL = 0x98 + 2;

describe("virtio-pci", () => {
  it("is the transitional device that QEMU's is", () => {
    const { bus } = make();
    expect(bus.config(0)).toBe(0x1005_1af4);
    expect(bus.config(8)).toBe(0x00ff_0000);
    expect(bus.config(0x2c)).toBe(0x0004_1af4);
    expect(bus.config(HEADER.interruptPin.at, 1)).toBe(1);
    expect(bus.config(HEADER.capabilities.at, 1)).toBe(0x98);
  });

  it("is a modern device without BAR 0 when the legacy interface is off", () => {
    const { bus } = make({ legacy: false });
    expect(bus.config(0)).toBe(0x1044_1af4);
    expect(bus.config(8)).toBe(0x00ff_0001);
    expect(bus.config(0x2c)).toBe(0x1100_1af4);
    expect(bus.config(barAt(0))).toBe(0);
  });

  it("tells the sizes of its BARs", () => {
    const { bus } = pciBench(new VirtioRng({ entropy, trace: new RecordingTrace() }));
    const size = (index: number) => {
      bus.setConfig(barAt(index), 0xffff_ffff);
      return bus.config(barAt(index));
    };
    expect([size(0), size(1), size(4), size(5), size(2)]).toEqual([
      0xffff_ffe1, 0xffff_f000, 0xffff_c00c, 0xffff_ffff, 0,
    ]);
  });

  it("decodes where the guest says, and only while it says so", () => {
    const { bus, interrupt } = make();
    expect(bus.read(BAR_AT + R.num_queues.at, 2)).toBe(1);
    expect(interrupt.bar).toBe(BAR_AT);
    bus.setConfig(barAt(4), 0x10_0000);
    bus.setConfig(barAt(5), 5);
    expect(bus.read(BAR_AT + R.num_queues.at, 2)).toBe(0xffff);
    expect(bus.read(0x5_0010_0000 + R.num_queues.at, 2)).toBe(1);
    expect(interrupt.bar).toBe(0x5_0010_0000);
    bus.setConfig(HEADER.command.at, Command.ioSpace, 2);
    expect(bus.read(0x5_0010_0000 + R.num_queues.at, 2)).toBe(0xffff);
    expect(interrupt.bar).toBeNull();
  });

  it("is a keyboard's where its device is one, without a legacy interface, as QEMU's", () => {
    const model = { name: "virtio-keyboard", pciClass: KEYBOARD_CLASS, config: keyboardConfig() };
    const { bus } = pciBench(new VirtioInput(model, { trace: new RecordingTrace() }));
    expect(bus.config(0)).toBe(0x1052_1af4);
    expect(bus.config(8)).toBe(0x0900_0001);
    expect(bus.config(0x2c)).toBe(0x1100_1af4);
    // A table of two vectors.
    expect(bus.config(MSIX_CONTROL, 2)).toBe(1);
  });

  it.each([false, true])("runs a queue from set-up to INTA (packed %s)", (packed) => {
    const { driver, interrupt } = make({ packed });
    driver.start(1, 8, packed ? Feature.ringPacked : 0n);
    const { id } = driver.rings[0]?.add([100]) ?? {};
    driver.notify(0);
    expect(driver.rings[0]?.poll()).toEqual([{ id, length: 100 }]);
    expect(interrupt.line).toBe(true);
    expect(driver.readIsr()).toBe(1);
    expect(interrupt.line).toBe(false);
    expect(driver.readIsr()).toBe(0);
  });

  it("shows a pending interrupt in the status register, and keeps INTA low when it must", () => {
    const { driver, bus, interrupt } = make();
    driver.start(1, 8);
    driver.rings[0]?.add([1]);
    driver.notify(0);
    expect(bus.config(HEADER.status.at, 2) & 8).toBe(8);
    expect(bus.config(HEADER.command.at, 4) >>> 16).toBe(0x18);
    bus.setConfig(HEADER.command.at, Command.memorySpace | Command.interruptDisable, 2);
    expect(interrupt.line).toBe(false);
  });

  it("sends a vector's message when MSI-X is on, and holds it back while it is masked", () => {
    const { driver, bus, interrupt, messages } = make();
    bus.setConfig(MSIX_CONTROL, 0x8000, 2);
    driver.negotiate(Feature.version1);
    driver.write(R.queue_select, 0);
    driver.write(R.queue_msix_vector, 1);
    expect(driver.read(R.queue_msix_vector)).toBe(1);
    driver.write(R.queue_msix_vector, 2);
    expect(driver.read(R.queue_msix_vector)).toBe(0xffff);
    driver.write(R.queue_msix_vector, 1);
    const ring = driver.setUpQueue(0, 8, false);
    driver.driverOk();
    const entry = MSIX_AT + 16;
    bus.write(entry, 0x2800_0000);
    bus.write(entry + 4, 1);
    bus.write(entry + 8, 77);
    ring.add([1]);
    driver.notify(0);
    expect(messages).toEqual([]);
    expect(bus.read(MSIX_AT + 0x800)).toBe(2);
    bus.write(entry + 12, 0);
    expect(messages).toEqual([{ address: 0x1_2800_0000, data: 77 }]);
    expect(bus.read(MSIX_AT + 0x800)).toBe(0);
    bus.setConfig(MSIX_CONTROL, 0xc000, 2);
    ring.add([1]);
    driver.notify(0);
    expect(messages).toHaveLength(1);
    bus.setConfig(MSIX_CONTROL, 0x8000, 2);
    expect(messages).toHaveLength(2);
    expect(interrupt.status).toBe(0);
  });

  it("decodes I/O ports from 0 on, where EDK2 puts the first BAR, and no memory there", () => {
    const { bus } = make();
    bus.setConfig(barAt(0), 0);
    bus.setConfig(barAt(1), 0);
    bus.setConfig(HEADER.command.at, Command.ioSpace | Command.memorySpace, 2);
    // Features of the legacy interface.
    expect(bus.read(0x300_0000)).not.toBe(0xffff_ffff);
    expect(bus.read(0x4000_0000)).toBe(0xffff_ffff);
  });

  it("tells of a changed configuration by its own vector", () => {
    const console = new VirtioConsole({ backend: new MemoryChar(), trace: new RecordingTrace() });
    const bench = pciBench(console);
    const driver = new PciDriver(bench.bus, bench.memory);
    bench.bus.setConfig(MSIX_CONTROL, 0x8000, 2);
    bench.bus.write(MSIX_AT + 8, 5);
    bench.bus.write(MSIX_AT + 12, 0);
    driver.start(2, 8);
    driver.write(R.config_msix_vector, 0);
    console.resize(80, 25);
    expect(bench.messages).toEqual([{ address: 0, data: 5 }]);
    expect(driver.read(R.config_generation)).toBe(1);
    expect(bench.bus.read(BAR_AT + 0x2000, 2)).toBe(80);
  });

  it("lets configuration space reach the BAR, for firmware that maps nothing", () => {
    const { bus } = make();
    const at = Capability.pci.at;
    bus.setConfig(at + 4, 4, 1);
    bus.setConfig(at + 8, R.num_queues.at);
    bus.setConfig(at + 12, 2);
    expect(bus.config(at + 16, 2)).toBe(1);
    bus.setConfig(at + 8, R.device_status.at);
    bus.setConfig(at + 12, 1);
    bus.setConfig(at + 16, 1, 1);
    expect(bus.read(BAR_AT + R.device_status.at, 1)).toBe(1);
    bus.setConfig(at + 8, 0xffff_ffff);
    bus.setConfig(at + 12, 3);
    bus.setConfig(at + 16, 1);
    expect(bus.config(at + 16)).toBe(1);
  });

  it("resets and restarts single queues", () => {
    const { driver } = make();
    driver.start(1, 8, Feature.ringReset);
    driver.write(R.queue_select, 0);
    driver.write(R.queue_reset, 1);
    expect(driver.read(R.queue_enable)).toBe(0);
    const ring = driver.setUpQueue(0, 4, false);
    ring.add([4]);
    driver.notify(0);
    expect(ring.poll()).toHaveLength(1);
  });

  it("goes on from a snapshot", () => {
    const first = make();
    first.driver.start(1, 8, Feature.eventIdx);
    first.driver.rings[0]?.add([1]);
    first.driver.notify(0);
    const second = make();
    second.memory.bytes.set(first.memory.bytes);
    second.fn.snapshot.load(1, first.fn.snapshot.save());
    expect(second.interrupt.bar).toBe(BAR_AT);
    const { id } = first.driver.rings[0]?.add([1]) ?? {};
    second.memory.bytes.set(first.memory.bytes);
    second.fn.notify(0);
    first.memory.bytes.set(second.memory.bytes);
    expect(first.driver.rings[0]?.poll().at(-1)).toEqual({ id, length: 1 });
  });

  it("forgets everything at a reset of the machine", () => {
    const { driver, bus, fn, interrupt } = make();
    driver.start(1, 8);
    fn.reset();
    expect(interrupt.bar).toBeNull();
    expect(bus.config(HEADER.command.at, 2)).toBe(0);
    expect(bus.config(barAt(4))).toBe(0xc);
  });
});

describe("virtio-pci's legacy interface", () => {
  function legacy() {
    const bench = make();
    const read = ({ at, widths }: { at: number; widths?: readonly (1 | 2 | 4)[] }) =>
      bench.bus.read(IO_GPA + at, widths?.[0] ?? 4);
    const write = (
      { at, widths }: { at: number; widths?: readonly (1 | 2 | 4)[] },
      value: number,
    ) => bench.bus.write(IO_GPA + at, value, widths?.[0] ?? 4);
    return { ...bench, read, write };
  }

  it("runs a queue by page number, without FEATURES_OK", () => {
    const { memory, interrupt, read, write } = legacy();
    expect(IO_AT % 32).toBe(0);
    write(L.device_status, 1);
    write(L.device_status, 3);
    expect(read(L.device_features) & (1 << 27)).not.toBe(0);
    write(L.driver_features, 0);
    write(L.queue_select, 0);
    const size = read(L.queue_size);
    expect(size).toBe(64);
    const desc = memory.base + 0x1_0000;
    write(L.queue_address, desc / 4096);
    expect(read(L.queue_address)).toBe(desc / 4096);
    write(L.device_status, 7);
    const buffer = memory.base + 0x2_0000;
    memory.writeU64(desc, buffer);
    memory.writeU32(desc + 8, 16);
    memory.writeU16(desc + 12, 2);
    memory.writeU16(desc + 16 * size + 2, 1);
    write(L.queue_notify, 0);
    const used = desc + 4096;
    expect(memory.readU16(used + 2)).toBe(1);
    expect(memory.readU32(used + 8)).toBe(16);
    expect(interrupt.line).toBe(true);
    expect(read(L.isr_status)).toBe(1);
    expect(interrupt.line).toBe(false);
    write(L.device_status, 0);
    expect(read(L.queue_address)).toBe(0);
  });

  it("moves the configuration behind the vectors while MSI-X is on", () => {
    const console = new VirtioConsole({ backend: new MemoryChar(), trace: new RecordingTrace() });
    const { bus } = pciBench(console);
    bus.enable();
    console.resize(100, 30);
    expect(bus.read(IO_GPA + 0x14, 2)).toBe(100);
    bus.setConfig(MSIX_CONTROL, 0x8000, 2);
    expect(bus.read(IO_GPA + 0x14, 2)).toBe(0xffff);
    bus.write(IO_GPA + 0x14, 1, 2);
    expect(bus.read(IO_GPA + 0x14, 2)).toBe(1);
    expect(bus.read(IO_GPA + 0x18, 2)).toBe(100);
  });
});

describe("the host bridge", () => {
  it("answers for itself and with all ones for what is not there", () => {
    const { bus, host } = make();
    expect(bus.config(0, 4, 0)).toBe(0x0008_1b36);
    expect(bus.config(0, 4, 9)).toBe(0xffff_ffff);
    expect(bus.config(0x100)).toBe(0xffff_ffff);
    expect(host.regs.read(SLOT * 0x8000 + 0x1000, 2)).toBe(0xffff);
    expect(host.regs.read(0x10_0000, 4)).toBe(0xffff_ffff);
    expect(bus.read(0x4fff_0000)).toBe(0xffff_ffff);
    bus.write(0x4fff_0000, 1);
  });

  it("describes itself as QEMU does", () => {
    const { host } = make();
    const place = { base: 0x3000_0000, sizeBytes: 0x1000_0000, interruptParent: 5 };
    const { properties } = host.fdtNode(place);
    expect(properties["interrupt-map"]?.toString()).toMatch(
      /^0,0,0,1,5,32,0,0,0,2,5,33,.*6144,0,0,4,5,34$/,
    );
    expect(properties["ranges"]).toHaveLength(21);
    host.interrupts = { cells: 2, msiParent: 6 };
    const aplic = host.fdtNode(place).properties;
    expect(aplic["interrupt-map"]?.toString()).toMatch(/^0,0,0,1,5,32,4,/);
    expect(aplic["msi-parent"]).toEqual([6]);
  });
});
