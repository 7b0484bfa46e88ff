/** A virtio driver that brings a device up through the mmio transport's registers, for tests. */
import type { MmioRegion } from "../device-model.ts";
import { Feature } from "../virtio/features.ts";
import { VIRTIO_MMIO_REGS as R } from "../virtio/transport/mmio-regs.ts";
import { Status } from "../virtio/transport/status.ts";
import { MockHeap, MockPackedRing, MockSplitRing, type MockRing } from "./mock-ring.ts";
import type { TestMemory } from "./test-memory.ts";

type Register = { readonly at: number };

export class MockDriver {
  readonly heap: MockHeap;
  readonly rings: MockRing[] = [];
  readonly #regs: MmioRegion;

  constructor(regs: MmioRegion, memory: TestMemory) {
    this.#regs = regs;
    this.heap = new MockHeap(memory);
  }

  read(register: Register): number {
    return this.#regs.read(register.at, 4);
  }

  write(register: Register, value: number): void {
    this.#regs.write(register.at, 4, value >>> 0);
  }

  get status(): number {
    return this.read(R.Status);
  }

  get offered(): bigint {
    this.write(R.DeviceFeaturesSel, 1);
    const high = BigInt(this.read(R.DeviceFeatures)) << 32n;
    this.write(R.DeviceFeaturesSel, 0);
    return high | BigInt(this.read(R.DeviceFeatures));
  }

  /** Steps 1 to 6 of §3.1.1. @returns true when the device took the features */
  negotiate(features: bigint): boolean {
    this.write(R.Status, 0);
    this.write(R.Status, Status.acknowledge);
    this.write(R.Status, Status.acknowledge | Status.driver);
    this.write(R.DriverFeaturesSel, 0);
    this.write(R.DriverFeatures, Number(features & 0xffff_ffffn));
    this.write(R.DriverFeaturesSel, 1);
    this.write(R.DriverFeatures, Number(features >> 32n));
    this.write(R.Status, Status.acknowledge | Status.driver | Status.featuresOk);
    return (this.status & Status.featuresOk) !== 0;
  }

  /** Lays out queue `index` and makes it ready. */
  setUpQueue(index: number, size: number, packed = false): MockRing {
    const ring = packed ? new MockPackedRing(this.heap, size) : new MockSplitRing(this.heap, size);
    this.rings[index] = ring;
    this.placeQueue(index, ring.layout);
    this.write(R.QueueReady, 1);
    return ring;
  }

  placeQueue(index: number, at: MockRing["layout"]): void {
    this.write(R.QueueSel, index);
    this.write(R.QueueSize, at.size);
    const halves: [Register, Register, number][] = [
      [R.QueueDescLow, R.QueueDescHigh, at.desc],
      [R.QueueDriverLow, R.QueueDriverHigh, at.driver],
      [R.QueueDeviceLow, R.QueueDeviceHigh, at.device],
    ];
    for (const [low, high, address] of halves) {
      this.write(low, address % 2 ** 32);
      this.write(high, Math.floor(address / 2 ** 32));
    }
  }

  driverOk(): void {
    this.write(R.Status, this.status | Status.driverOk);
  }

  /** Brings the device up with VERSION_1 and `features`, and all its queues of `size`. */
  start(queues: number, size: number, features = 0n): void {
    if (!this.negotiate(Feature.version1 | features)) throw new Error("features were refused");
    const packed = (features & Feature.ringPacked) !== 0n;
    for (let i = 0; i < queues; i++) this.setUpQueue(i, size, packed);
    this.driverOk();
  }
}
