/** A virtio device as a PCI function, with a driver that finds its structures through capabilities. */
import type { AccessSize, MmioRegion } from "../device-model.ts";
import { PciHost } from "../pci/pci-host.ts";
import { barAt, Command, HEADER } from "../pci/header.ts";
import type { VirtioDevice } from "../virtio/virtio-device.ts";
import { VirtioPci, type VirtioPciOptions } from "../virtio/transport/virtio-pci.ts";
import { RecordingTrace } from "./doubles.ts";
import { TestMemory } from "./test-memory.ts";
import { BENCH_RAM } from "./virtio-bench.ts";

/** ISR status as the interrupt controller keeps it, and where the function said it is. */
export class RecordingPciInterrupt {
  status = 0;
  bar: number | null = null;
  intx = true;

  /** INTA's level. */
  get line(): boolean {
    return this.intx && this.status !== 0;
  }

  raise(bits: number): void {
    this.status |= bits;
  }

  take(): number {
    const before = this.status;
    this.status = 0;
    return before;
  }

  clear(): void {
    this.status = 0;
  }

  peek(): number {
    return this.status;
  }

  place(bar: number | null, intx: boolean): void {
    this.bar = bar;
    this.intx = intx;
  }
}

/** Device number of the bench's function. */
export const SLOT = 3;
export const WINDOWS = [
  { base: 0x300_0000, sizeBytes: 0x1_0000, space: "io", busAddress: 0 },
  { base: 0x4000_0000, sizeBytes: 0x4000_0000, space: "memory", busAddress: 0x4000_0000 },
  {
    base: 0x4_0000_0000,
    sizeBytes: 0x4_0000_0000,
    space: "memory",
    busAddress: 0x4_0000_0000,
    wide: true,
  },
] as const;

export function pciBench(
  device: VirtioDevice,
  options: VirtioPciOptions & { ramBytes?: number } = {},
) {
  const memory = new TestMemory(BENCH_RAM, options.ramBytes ?? 0x20_0000, 4096);
  const interrupt = new RecordingPciInterrupt();
  const trace = new RecordingTrace();
  const messages: { address: number; data: number }[] = [];
  const deferred: (() => void)[] = [];
  const ports = {
    memory,
    interrupt,
    trace,
    defer: (callback: () => void) => void deferred.push(callback),
    msi: { send: (address: number, data: number) => void messages.push({ address, data }) },
  };
  const host = new PciHost({ windows: WINDOWS, irq: 32 });
  const fn = new VirtioPci("03.0", device, ports, options);
  host.add(SLOT, fn.function);
  const runDeferred = (): void => {
    for (const callback of deferred.splice(0)) callback();
  };
  return { host, fn, memory, interrupt, trace, messages, runDeferred, bus: new PciAccess(host) };
}

/** Accesses as a CPU makes them: through ECAM and the windows. */
export class PciAccess {
  readonly #host: PciHost;
  readonly #windows: readonly { base: number; end: number; region: MmioRegion }[];

  constructor(host: PciHost) {
    this.#host = host;
    this.#windows = host.windows.map((window) => ({
      base: window.base,
      end: window.base + window.sizeBytes,
      region: host.windowRegion(window),
    }));
  }

  config(offset: number, size: AccessSize = 4, slot = SLOT): number {
    return this.#host.regs.read(slot * 0x8000 + offset, size);
  }

  setConfig(offset: number, value: number, size: AccessSize = 4, slot = SLOT): void {
    this.#host.regs.write(slot * 0x8000 + offset, size, value >>> 0);
  }

  read(gpa: number, size: AccessSize = 4): number {
    const window = this.#window(gpa);
    return window.region.read(gpa - window.base, size);
  }

  write(gpa: number, value: number, size: AccessSize = 4): void {
    const window = this.#window(gpa);
    window.region.write(gpa - window.base, size, value >>> 0);
  }

  /** Gives BARs 0, 1 and 4 addresses and turns decoding on, as firmware does. */
  enable(): void {
    this.setConfig(barAt(0), IO_AT);
    this.setConfig(barAt(1), MSIX_AT);
    this.setConfig(barAt(4), BAR_AT % 2 ** 32);
    this.setConfig(barAt(5), Math.floor(BAR_AT / 2 ** 32));
    const command = Command.ioSpace | Command.memorySpace | Command.busMaster;
    this.setConfig(HEADER.command.at, command, 2);
  }

  #window(gpa: number) {
    const found = this.#windows.find(({ base, end }) => gpa >= base && gpa < end);
    if (!found) throw new Error(`no window at ${gpa.toString(16)}`);
    return found;
  }
}

export const IO_AT = 0x80;
export const IO_GPA = 0x300_0000 + IO_AT;
export const MSIX_AT = 0x4000_1000;
export const BAR_AT = 0x4_0000_8000;

/** The common configuration, notifications and ISR as an mmio driver's register block. */
export function modernRegion(bus: PciAccess): { common: number; isr: number; notify: number } {
  let [common, isr, notify] = [0, 0, 0];
  for (let at = bus.config(HEADER.capabilities.at, 1); at !== 0; at = bus.config(at + 1, 1)) {
    if (bus.config(at, 1) !== 0x09) continue;
    const place = BAR_AT + bus.config(at + 8);
    const type = bus.config(at + 3, 1);
    if (type === 1) common = place;
    else if (type === 2) notify = place;
    else if (type === 3) isr = place;
  }
  return { common, isr, notify };
}
