/** A virtio driver that brings a device up through virtio-pci's structures, for tests. */
import { Feature } from "../virtio/features.ts";
import { VIRTIO_PCI_COMMON as R } from "../virtio/transport/pci-regs.ts";
import { Status } from "../virtio/transport/status.ts";
import { MockHeap, MockPackedRing, MockSplitRing, type MockRing } from "./mock-ring.ts";
import { modernRegion, type PciAccess } from "./pci-bench.ts";
import type { TestMemory } from "./test-memory.ts";

type Register = { readonly at: number; readonly widths?: readonly (1 | 2 | 4)[] };

export class PciDriver {
  readonly heap: MockHeap;
  readonly rings: MockRing[] = [];
  readonly #bus: PciAccess;
  readonly #at: ReturnType<typeof modernRegion>;

  constructor(bus: PciAccess, memory: TestMemory) {
    bus.enable();
    this.#bus = bus;
    this.#at = modernRegion(bus);
    this.heap = new MockHeap(memory);
  }

  read({ at, widths }: Register): number {
    return this.#bus.read(this.#at.common + at, widths?.[0] ?? 4);
  }

  write({ at, widths }: Register, value: number): void {
    this.#bus.write(this.#at.common + at, value, widths?.[0] ?? 4);
  }

  notify(queue: number): void {
    this.write(R.queue_select, queue);
    this.#bus.write(this.#at.notify + 4 * this.read(R.queue_notify_off), queue, 2);
  }

  readIsr(): number {
    return this.#bus.read(this.#at.isr, 1);
  }

  get offered(): bigint {
    this.write(R.device_feature_select, 1);
    const high = BigInt(this.read(R.device_feature)) << 32n;
    this.write(R.device_feature_select, 0);
    return high | BigInt(this.read(R.device_feature));
  }

  negotiate(features: bigint): boolean {
    this.write(R.device_status, 0);
    this.write(R.device_status, Status.acknowledge);
    this.write(R.device_status, Status.acknowledge | Status.driver);
    this.write(R.driver_feature_select, 0);
    this.write(R.driver_feature, Number(features & 0xffff_ffffn));
    this.write(R.driver_feature_select, 1);
    this.write(R.driver_feature, Number(features >> 32n));
    this.write(R.device_status, Status.acknowledge | Status.driver | Status.featuresOk);
    return (this.read(R.device_status) & Status.featuresOk) !== 0;
  }

  setUpQueue(index: number, size: number, packed: boolean): MockRing {
    const ring = packed ? new MockPackedRing(this.heap, size) : new MockSplitRing(this.heap, size);
    const { layout } = ring;
    this.rings[index] = ring;
    this.write(R.queue_select, index);
    this.write(R.queue_size, size);
    for (const [low, high, address] of [
      [R.queue_desc_low, R.queue_desc_high, layout.desc],
      [R.queue_driver_low, R.queue_driver_high, layout.driver],
      [R.queue_device_low, R.queue_device_high, layout.device],
    ] as const) {
      this.write(low, address % 2 ** 32);
      this.write(high, Math.floor(address / 2 ** 32));
    }
    this.write(R.queue_enable, 1);
    return ring;
  }

  driverOk(): void {
    this.write(R.device_status, this.read(R.device_status) | Status.driverOk);
  }

  start(queues: number, size: number, features = 0n): void {
    if (!this.negotiate(Feature.version1 | features)) throw new Error("features were refused");
    const packed = (features & Feature.ringPacked) !== 0n;
    for (let i = 0; i < queues; i++) this.setUpQueue(i, size, packed);
    this.driverOk();
  }
}
