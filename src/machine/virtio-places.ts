/** Where the board's virtio devices are plugged in: slots of virtio-mmio, and functions on PCI. */
import type { DeviceModel } from "../device/device-model.ts";
import type { VirtioDevice } from "../device/virtio/virtio-device.ts";
import type { TransportPorts } from "../device/virtio/transport/transport.ts";
import { VirtioMmio } from "../device/virtio/transport/virtio-mmio.ts";
import type { VirtioPci } from "../device/virtio/transport/virtio-pci.ts";
import type { CoreExports } from "../protocol/core.ts";
import { VIRTIO, VIRTIO_BASE, VIRTIO_PLACES, VIRTIO_SLOTS } from "../protocol/layout.ts";
import type { VirtioAttachment } from "../protocol/machine-service.ts";
import { vmError } from "../protocol/vm-error.ts";
import { VIRTIO_MMIO } from "./memory-map.ts";
import type { PciBus } from "./pci-bus.ts";
import type { ScsiBus } from "./scsi-bus.ts";

/** A device and where it wants to be. */
export interface AttachedDevice {
  readonly device: VirtioDevice;
  readonly at: VirtioAttachment;
  /** What is behind a SCSI controller. */
  readonly bus?: ScsiBus;
}

export interface PlacePorts extends Omit<TransportPorts, "interrupt"> {
  readonly core: Pick<CoreExports, "virtioRaise" | "virtioTake">;
  /** Shared memory. */
  readonly buffer: ArrayBufferLike;
  readonly pci: PciBus;
}

export class VirtioPlaces {
  readonly devices: readonly AttachedDevice[];
  /** All slots are there, as on QEMU's board; those without a device say so by DeviceID 0. */
  readonly slots: readonly (DeviceModel & { notify(queue: number): void })[];
  readonly #functions: readonly VirtioPci[];
  /** What takes notifications, by place. */
  readonly #places: ({ notify(queue: number): void } | undefined)[] = [];
  readonly #notify: Int32Array;

  /** @throws VmError when there are more devices than places, or two want the same */
  constructor(devices: readonly AttachedDevice[], ports: PlacePorts) {
    this.devices = devices;
    this.#notify = new Int32Array(ports.buffer, VIRTIO_BASE + VIRTIO.at.notify, VIRTIO_PLACES);
    this.slots = this.#fillSlots(ports);
    this.#functions = this.#addFunctions(ports);
  }

  /** Hands posted notifications to their devices. */
  serveNotifications(): void {
    this.#places.forEach((place, i) => {
      let queues = Atomics.exchange(this.#notify, i, 0) >>> 0;
      for (let queue = 0; queues !== 0; queue++, queues >>>= 1) {
        if (queues & 1) place?.notify(queue);
      }
    });
  }

  resetFunctions(): void {
    for (const fn of this.#functions) fn.reset();
  }

  #fillSlots(ports: PlacePorts): VirtioMmio[] {
    const { core, memory, trace, defer } = ports;
    const attached = this.devices.filter(({ at }) => at.transport === "mmio");
    if (attached.length > VIRTIO_SLOTS) {
      const detail = `the board has ${VIRTIO_SLOTS} virtio slots, not ${attached.length}`;
      throw vmError("configUnsupported", detail);
    }
    return Array.from({ length: VIRTIO_SLOTS }, (_, i) => {
      const interrupt = {
        raise: (bits: number) => core.virtioRaise(i, bits),
        clear: () => void core.virtioTake(i),
      };
      const { device = null, at = {} } = attached[i] ?? {};
      const slot = new VirtioMmio(i, device, { memory, interrupt, trace, defer }, at);
      this.#places[i] = slot;
      return slot;
    });
  }

  /** Devices that say where they want to be come first, so that nobody else takes their place. */
  #addFunctions({ pci }: PlacePorts): VirtioPci[] {
    const attached = this.devices.filter(({ at }) => at.transport !== "mmio");
    const fixed = attached.filter(({ at }) => at.slot !== undefined);
    const free = attached.filter(({ at }) => at.slot === undefined);
    return [...fixed, ...free].map(({ device, at }) => {
      const legacy = at.disableLegacy !== true;
      const { number, fn } = pci.addVirtio(device, { ...at, legacy }, at.slot);
      this.#places[VIRTIO_SLOTS + number] = fn;
      return fn;
    });
  }
}

/** Address and interrupt of virtio-mmio slot `index`. */
export function slotPlace(index: number) {
  const { base, sizeBytes, irq } = VIRTIO_MMIO;
  return { base: base + index * sizeBytes, sizeBytes, irq: irq + index };
}
