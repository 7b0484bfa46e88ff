/** The board's PCI bus: QEMU virt's host bridge with its windows, and virtio functions on it. */
import type { Bus } from "../device/bus/bus.ts";
import { PciHost } from "../device/pci/pci-host.ts";
import type { MsiSink } from "../device/pci/msix.ts";
import type { VirtioDevice } from "../device/virtio/virtio-device.ts";
import type { TransportPorts } from "../device/virtio/transport/transport.ts";
import { VirtioPci, type VirtioPciOptions } from "../device/virtio/transport/virtio-pci.ts";
import type { CoreExports } from "../protocol/core.ts";
import { VIRTIO, VIRTIO_BASE, VIRTIO_SLOTS } from "../protocol/layout.ts";
import { vmError } from "../protocol/vm-error.ts";
import { PCIE_ECAM, PCIE_IRQ, PCIE_WINDOWS } from "./memory-map.ts";

export interface PciBusPorts extends Omit<TransportPorts, "interrupt"> {
  readonly core: Pick<CoreExports, "virtioRaise" | "virtioTake" | "pciPlace">;
  /** Shared memory. */
  readonly buffer: ArrayBufferLike;
  readonly msi: MsiSink;
}

/** A function and its device number. */
export interface PluggedIn {
  readonly number: number;
  readonly fn: VirtioPci;
}

export class PciBus {
  readonly host = new PciHost({ windows: PCIE_WINDOWS, irq: PCIE_IRQ });
  readonly #ports: PciBusPorts;

  constructor(bus: Bus, ports: PciBusPorts) {
    this.#ports = ports;
    bus.map(PCIE_ECAM.base, PCIE_ECAM.sizeBytes, this.host.regs);
    for (const window of PCIE_WINDOWS) {
      bus.map(window.base, window.sizeBytes, this.host.windowRegion(window));
    }
  }

  /**
   * Plugs in a virtio device.
   *
   * @param slot its device number; the next free one when absent
   * @throws VmError in QEMU's words when the slot is taken, or none is free
   */
  addVirtio(virtio: VirtioDevice, options: VirtioPciOptions, slot?: number): PluggedIn {
    const device = this.host.free(slot);
    if (device === null) throw taken(virtio, slot);
    const id = `${device.toString(16).padStart(2, "0")}.0`;
    const { memory, trace, defer, msi } = this.#ports;
    const ports = { memory, trace, defer, msi, interrupt: this.#interrupt(device) };
    const pci = new VirtioPci(id, virtio, ports, options);
    this.host.add(device, pci.function);
    return { number: device, fn: pci };
  }

  #interrupt(device: number) {
    const { core, buffer } = this.#ports;
    const place = VIRTIO_SLOTS + device;
    const wire = this.host.wireOf(device);
    const at = VIRTIO_BASE + VIRTIO.at.interruptStatus + 4 * place;
    const status = new Int32Array(buffer, at, 1);
    return {
      raise: (bits: number) => core.virtioRaise(place, bits),
      take: () => core.virtioTake(place),
      clear: () => void core.virtioTake(place),
      peek: () => Atomics.load(status, 0),
      place: (bar: number | null, intx: boolean) =>
        core.pciPlace(device, BigInt(bar ?? 0), intx ? wire : 0),
    };
  }
}

function taken(virtio: VirtioDevice, slot: number | undefined): Error {
  const detail =
    slot === undefined
      ? `PCI: no slot/function available for ${virtio.name}-pci, all in use or reserved`
      : `PCI: slot ${slot} function 0 not available for ${virtio.name}-pci, in use`;
  return vmError("configUnsupported", detail);
}
