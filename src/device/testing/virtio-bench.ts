/** A virtio device behind a mmio slot, with a driver and recording ports, for tests. */
import type { VirtioDevice } from "../virtio/virtio-device.ts";
import { VirtioMmio } from "../virtio/transport/virtio-mmio.ts";
import { RecordingTrace } from "./doubles.ts";
import { MockDriver } from "./mock-driver.ts";
import { TestMemory } from "./test-memory.ts";

/** InterruptStatus as the interrupt controller keeps it. */
export class RecordingInterrupt {
  status = 0;
  raised = 0;

  raise(bits: number): void {
    this.status |= bits;
    this.raised++;
  }

  clear(): void {
    this.status = 0;
  }

  /** What the driver's interrupt handler does. @returns the status before */
  acknowledge(): number {
    const before = this.status;
    this.status = 0;
    return before;
  }
}

export const BENCH_RAM = 0x8000_0000;

export function virtioBench(
  device: VirtioDevice | null,
  options: { packed?: boolean; ramBytes?: number } = {},
) {
  const memory = new TestMemory(BENCH_RAM, options.ramBytes ?? 0x20_0000, 4096);
  const interrupt = new RecordingInterrupt();
  const trace = new RecordingTrace();
  const deferred: (() => void)[] = [];
  const defer = (callback: () => void): void => void deferred.push(callback);
  const ports = { memory, interrupt, trace, defer };
  const slot = new VirtioMmio(0, device, ports, { packed: options.packed ?? false });
  const driver = new MockDriver(slot.regs, memory);
  /** A turn of the machine's event loop. */
  const runDeferred = (): void => {
    for (const callback of deferred.splice(0)) callback();
  };
  return { memory, interrupt, trace, slot, driver, runDeferred };
}
