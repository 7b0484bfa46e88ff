import { cells64, type FdtNode } from "../../fdt-node.ts";
import {
  recordSection,
  type AccessSize,
  type DeviceModel,
  type Placement,
} from "../../device-model.ts";
import { RegisterBank } from "../../bus/register-map.ts";
import type { VirtioDevice } from "../virtio-device.ts";
import { Interrupt, MAGIC, VENDOR, VERSION, VIRTIO_MMIO_REGS } from "./mmio-regs.ts";
import type { QueueArea } from "./queue-config.ts";
import { VirtioTransport, type RingOptions, type TransportPorts } from "./transport.ts";

/** The slot's InterruptStatus register, which lives in the interrupt controller. */
export interface VirtioInterrupt {
  /** Ors bits into it. */
  raise(bits: number): void;
  /** Clears it, at device reset. */
  clear(): void;
}

export interface VirtioMmioPorts extends Omit<TransportPorts, "interrupt"> {
  readonly interrupt: VirtioInterrupt;
}

/** One virtio-mmio slot, with a device or empty (DeviceID 0: a placeholder, §4.2.2). */
export class VirtioMmio implements DeviceModel {
  readonly name: string;
  readonly regs: RegisterBank<typeof VIRTIO_MMIO_REGS>;
  readonly snapshot;
  readonly #transport: VirtioTransport;

  constructor(
    slot: number,
    device: VirtioDevice | null,
    { interrupt, ...ports }: VirtioMmioPorts,
    rings: RingOptions = {},
  ) {
    this.name = device ? `${device.name}.${slot}` : `virtio-mmio.${slot}`;
    const told = {
      queue: () => interrupt.raise(Interrupt.usedBuffer),
      config: () => interrupt.raise(Interrupt.configChange),
      clear: () => interrupt.clear(),
    };
    const transport = new VirtioTransport(this.name, device, { ...ports, interrupt: told }, rings);
    this.#transport = transport;
    this.regs = new RegisterBank(this.name, VIRTIO_MMIO_REGS, this.#handlers(), ports.trace);
    const section = `virtio-mmio.${slot}`;
    const restore = (state: ReturnType<VirtioTransport["save"]>): void =>
      transport.restore(state, section);
    this.snapshot = recordSection(section, 2, () => transport.save(), restore);
  }

  reset(): void {
    this.#transport.reset();
  }

  fdtNode({ base, sizeBytes, interrupts, interruptParent }: Placement): FdtNode {
    return {
      name: `virtio_mmio@${base.toString(16)}`,
      properties: {
        compatible: "virtio,mmio",
        reg: [...cells64(base), ...cells64(sizeBytes)],
        "interrupt-parent": [interruptParent],
        interrupts: interrupts ?? [],
      },
    };
  }

  /** QueueNotify: the driver made buffers of queue `index` available. */
  notify(index: number): void {
    this.#transport.notify(index);
  }

  #handlers() {
    const transport = this.#transport;
    const ones = { read: () => 0xffff_ffff };
    return {
      ...this.#identity(),
      ...this.#featureRegisters(),
      ...this.#queueRegisters(),
      Status: {
        read: () => transport.status,
        write: (value: number) => transport.setStatus(value),
      },
      // No shared memory regions: all ones says so (§4.2.2.1).
      SHMSel: { write: () => {} },
      SHMLenLow: ones,
      SHMLenHigh: ones,
      SHMBaseLow: ones,
      SHMBaseHigh: ones,
      ConfigGeneration: { read: () => transport.configGeneration },
      Config: {
        read: (offset: number, size: AccessSize) => transport.readConfig(offset, size),
        write: (offset: number, size: AccessSize, value: number) =>
          transport.writeConfig(offset, size, value),
      },
    };
  }

  #identity() {
    const { device } = this.#transport;
    return {
      MagicValue: { read: () => MAGIC },
      Version: { read: () => VERSION },
      DeviceID: { read: () => device?.deviceId ?? 0 },
      VendorID: { read: () => (device ? VENDOR : 0) },
    };
  }

  #featureRegisters() {
    const transport = this.#transport;
    return {
      DeviceFeatures: { read: () => transport.deviceFeatures },
      DeviceFeaturesSel: { write: (value: number) => void (transport.deviceFeaturesSel = value) },
      DriverFeatures: { write: (value: number) => transport.setDriverFeatures(value) },
      DriverFeaturesSel: { write: (value: number) => void (transport.driverFeaturesSel = value) },
    };
  }

  #queueRegisters() {
    const transport = this.#transport;
    const area = (name: QueueArea, high: boolean) => ({
      write: (value: number) => transport.setAddress(name, high, value),
    });
    return {
      QueueSel: { write: (value: number) => void (transport.queueSel = value) },
      QueueSizeMax: { read: () => transport.selected?.sizeMax ?? 0 },
      QueueSize: { write: (value: number) => transport.setSize(value) },
      QueueReady: {
        read: () => Number(transport.selected?.ready ?? false),
        write: (value: number) =>
          value === 1 ? transport.enableQueue() : transport.disableQueue(),
      },
      QueueDescLow: area("desc", false),
      QueueDescHigh: area("desc", true),
      QueueDriverLow: area("driver", false),
      QueueDriverHigh: area("driver", true),
      QueueDeviceLow: area("device", false),
      QueueDeviceHigh: area("device", true),
      QueueReset: {
        read: () => 0,
        write: (value: number) => (value === 1 ? transport.resetQueue() : undefined),
      },
    };
  }
}
