import type { GuestMemory, Trace } from "../../ports.ts";
import { cells64, type FdtNode } from "../../fdt-node.ts";
import {
  recordSection,
  SnapshotError,
  type AccessSize,
  type DeviceModel,
  type Placement,
  type SnapshotValue,
} from "../../device-model.ts";
import { RegisterBank } from "../../bus/register-map.ts";
import { Feature } from "../features.ts";
import type { VirtioContext, VirtioDevice } from "../virtio-device.ts";
import { Interrupt, MAGIC, VENDOR, VERSION, VIRTIO_MMIO_REGS } from "./mmio-regs.ts";
import { QueueConfig, type QueueArea, type QueueConfigState } from "./queue-config.ts";
import { Status, statusMove, type StatusAction } from "./status.ts";

/** The slot's InterruptStatus register, which lives in the interrupt controller. */
export interface VirtioInterrupt {
  /** Ors bits into it. */
  raise(bits: number): void;
  /** Clears it, at device reset. */
  clear(): void;
}

export interface VirtioMmioPorts {
  readonly memory: GuestMemory;
  readonly interrupt: VirtioInterrupt;
  readonly trace: Trace;
  /** Calls back soon, from the machine's event loop. */
  readonly defer: (callback: () => void) => void;
}

export interface VirtioMmioOptions {
  /** Offers the packed ring format. */
  readonly packed?: boolean;
}

type MmioState = {
  readonly status: number;
  readonly driverFeatures: bigint;
  readonly deviceFeaturesSel: number;
  readonly driverFeaturesSel: number;
  readonly queueSel: number;
  readonly configGeneration: number;
  readonly queues: readonly QueueConfigState[];
  readonly device: SnapshotValue;
};

/** One virtio-mmio slot, with a device or empty (DeviceID 0: a placeholder, §4.2.2). */
export class VirtioMmio implements DeviceModel {
  readonly name: string;
  readonly regs: RegisterBank<typeof VIRTIO_MMIO_REGS>;
  readonly snapshot;
  readonly #ports: VirtioMmioPorts;
  readonly #device: VirtioDevice | null;
  readonly #offered: bigint;
  readonly #queues: readonly QueueConfig[];
  #status = 0;
  #driverFeatures = 0n;
  #deviceFeaturesSel = 0;
  #driverFeaturesSel = 0;
  #queueSel = 0;
  #configGeneration = 0;

  constructor(
    slot: number,
    device: VirtioDevice | null,
    ports: VirtioMmioPorts,
    { packed = false }: VirtioMmioOptions = {},
  ) {
    this.name = device ? `${device.name}.${slot}` : `virtio-mmio.${slot}`;
    this.#ports = ports;
    this.#device = device;
    this.#queues = (device?.queueSizes ?? []).map((size) => new QueueConfig(size));
    const common = Feature.version1 | Feature.eventIdx | Feature.indirectDesc | Feature.ringReset;
    this.#offered = device ? device.features | common | (packed ? Feature.ringPacked : 0n) : 0n;
    this.regs = new RegisterBank(this.name, VIRTIO_MMIO_REGS, this.#handlers(), ports.trace);
    const restore = (state: MmioState): void => this.#restore(state);
    this.snapshot = recordSection(`virtio-mmio.${slot}`, 1, () => this.#save(), restore);
  }

  /** Reset of the machine, and of the device by a write of 0 to Status. */
  reset(): void {
    this.#device?.deactivate();
    for (const queue of this.#queues) queue.reset();
    this.#status = 0;
    this.#driverFeatures = 0n;
    this.#deviceFeaturesSel = 0;
    this.#driverFeaturesSel = 0;
    this.#queueSel = 0;
    this.#ports.interrupt.clear();
  }

  fdtNode({ base, sizeBytes, irq, interruptParent }: Placement): FdtNode {
    return {
      name: `virtio_mmio@${base.toString(16)}`,
      properties: {
        compatible: "virtio,mmio",
        reg: [...cells64(base), ...cells64(sizeBytes)],
        "interrupt-parent": [interruptParent],
        interrupts: [irq ?? 0],
      },
    };
  }

  /** QueueNotify: the driver made buffers of queue `index` available. */
  notify(index: number): void {
    if (this.#running && this.#queues[index]?.ready) this.#device?.notify(index);
  }

  get #running(): boolean {
    return (this.#status & Status.driverOk) !== 0 && (this.#status & STOPPED) === 0;
  }

  #handlers() {
    const area = (name: QueueArea, high: boolean) => ({
      write: (value: number) => this.#setAddress(name, high, value),
    });
    const ones = { read: () => 0xffff_ffff };
    return {
      ...this.#identity(),
      ...this.#featureRegisters(),
      QueueSel: { write: (value: number) => void (this.#queueSel = value) },
      QueueSizeMax: { read: () => this.#selected?.sizeMax ?? 0 },
      QueueSize: { write: (value: number) => this.#setSize(value) },
      QueueReady: {
        read: () => Number(this.#selected?.ready ?? false),
        write: (value: number) => this.#setReady(value),
      },
      Status: { read: () => this.#status, write: (value: number) => this.#setStatus(value) },
      QueueDescLow: area("desc", false),
      QueueDescHigh: area("desc", true),
      QueueDriverLow: area("driver", false),
      QueueDriverHigh: area("driver", true),
      QueueDeviceLow: area("device", false),
      QueueDeviceHigh: area("device", true),
      // No shared memory regions: all ones says so (§4.2.2.1).
      SHMSel: { write: () => {} },
      SHMLenLow: ones,
      SHMLenHigh: ones,
      SHMBaseLow: ones,
      SHMBaseHigh: ones,
      QueueReset: { read: () => 0, write: (value: number) => this.#resetQueue(value) },
      ConfigGeneration: { read: () => this.#configGeneration },
      Config: {
        read: (offset: number, size: AccessSize) => this.#readConfig(offset, size),
        write: (offset: number, size: AccessSize, value: number) =>
          this.#writeConfig(offset, size, value),
      },
    };
  }

  #identity() {
    return {
      MagicValue: { read: () => MAGIC },
      Version: { read: () => VERSION },
      DeviceID: { read: () => this.#device?.deviceId ?? 0 },
      VendorID: { read: () => (this.#device ? VENDOR : 0) },
    };
  }

  #featureRegisters() {
    return {
      DeviceFeatures: { read: () => word(this.#offered, this.#deviceFeaturesSel) },
      DeviceFeaturesSel: { write: (value: number) => void (this.#deviceFeaturesSel = value) },
      DriverFeatures: { write: (value: number) => this.#setDriverFeatures(value) },
      DriverFeaturesSel: { write: (value: number) => void (this.#driverFeaturesSel = value) },
    };
  }

  get #selected(): QueueConfig | undefined {
    return this.#queues[this.#queueSel];
  }

  #setDriverFeatures(value: number): void {
    if (this.#status & Status.featuresOk) return this.#misuse("changes features after FEATURES_OK");
    if (this.#driverFeaturesSel > 1) return;
    const shift = BigInt(32 * this.#driverFeaturesSel);
    const others = this.#driverFeatures & ~(0xffff_ffffn << shift);
    this.#driverFeatures = others | (BigInt(value) << shift);
  }

  /** A queue that runs cannot be moved; the register writes are ignored (§4.2.2.2). */
  #stopped(what: string): QueueConfig | null {
    const queue = this.#selected;
    if (!queue) this.#misuse(`${what} of queue ${this.#queueSel}, which does not exist`);
    else if (queue.ready) this.#misuse(`${what} of queue ${this.#queueSel} while it is ready`);
    else return queue;
    return null;
  }

  #setSize(value: number): void {
    const queue = this.#stopped("size");
    if (!queue) return;
    if (value > 0 && value <= queue.sizeMax) queue.size = value;
    else this.#misuse(`size ${value} of queue ${this.#queueSel}, at most ${queue.sizeMax}`);
  }

  #setAddress(area: QueueArea, high: boolean, value: number): void {
    this.#stopped(`${area} address`)?.setAddress(area, high, value);
  }

  #setReady(value: number): void {
    const queue = this.#selected;
    if (!queue) return;
    if (value !== 1) {
      queue.queue = null;
      this.#device?.stopQueue(this.#queueSel);
      return;
    }
    if (queue.ready) return;
    if ((this.#status & Status.featuresOk) === 0) {
      return this.#misuse("enables a queue before FEATURES_OK");
    }
    const index = this.#queueSel;
    const wrong = queue.enable(this.#queueParts(index));
    if (wrong) this.#needsReset(`queue ${index} has ${wrong}`);
  }

  #queueParts(index: number) {
    const { memory, interrupt } = this.#ports;
    return {
      memory,
      features: this.#driverFeatures,
      interrupt: () => interrupt.raise(Interrupt.usedBuffer),
      broken: (why: string) => this.#needsReset(`queue ${index}: ${why}`),
    };
  }

  /** §2.6.1: the queue forgets everything; the driver may set it up again. */
  #resetQueue(value: number): void {
    if (value !== 1 || (this.#driverFeatures & Feature.ringReset) === 0n) return;
    this.#selected?.reset();
    this.#device?.stopQueue(this.#queueSel);
  }

  #setStatus(value: number): void {
    if (!this.#device) return;
    const move = statusMove(this.#status, value & 0xff);
    if (move.kind === "reset") this.reset();
    else if (move.kind === "refused") this.#misuse(move.why);
    else for (const { bit, action } of move.steps) this.#step(bit, action);
  }

  #step(bit: number, action: StatusAction): void {
    // Not taking the bit is how the device refuses features (§3.1.1 step 6).
    if (action === "checkFeatures" && !this.#featuresAcceptable()) return;
    this.#status |= bit;
    if (action === "activate" && this.#running) this.#device?.activate(this.#context());
    else if (action === "deactivate") this.#device?.deactivate();
  }

  #featuresAcceptable(): boolean {
    const unknown = this.#driverFeatures & ~this.#offered;
    if (unknown !== 0n) this.#misuse("accepts features that were not offered");
    return unknown === 0n && (this.#driverFeatures & Feature.version1) !== 0n;
  }

  #context(): VirtioContext {
    return {
      features: this.#driverFeatures,
      queue: (index) => this.#queues[index]?.queue ?? null,
      again: (index) => this.#ports.defer(() => this.notify(index)),
      configChanged: () => this.#configChanged(),
      needsReset: (why) => this.#needsReset(why),
    };
  }

  #configChanged(): void {
    this.#configGeneration = (this.#configGeneration + 1) >>> 0;
    if (this.#status & Status.driverOk) this.#ports.interrupt.raise(Interrupt.configChange);
  }

  /** §2.1.2: only a running driver is told; either way nothing more is done until a reset. */
  #needsReset(why: string): void {
    this.#misuse(why);
    if (this.#status & Status.needsReset) return;
    const told = (this.#status & Status.driverOk) !== 0;
    this.#status |= Status.needsReset;
    this.#device?.deactivate();
    if (told) this.#ports.interrupt.raise(Interrupt.configChange);
  }

  #readConfig(offset: number, size: AccessSize): number {
    const device = this.#device;
    if (!device || offset + size > device.configBytes || offset % size !== 0) return 0;
    return device.readConfig(offset, size);
  }

  #writeConfig(offset: number, size: AccessSize, value: number): void {
    const device = this.#device;
    if (!device || offset + size > device.configBytes || offset % size !== 0) return;
    device.writeConfig(offset, size, value);
  }

  #misuse(what: string): void {
    this.#ports.trace.guestError(this.name, what);
  }

  #save(): MmioState {
    return {
      status: this.#status,
      driverFeatures: this.#driverFeatures,
      deviceFeaturesSel: this.#deviceFeaturesSel,
      driverFeaturesSel: this.#driverFeaturesSel,
      queueSel: this.#queueSel,
      configGeneration: this.#configGeneration,
      queues: this.#queues.map((queue) => queue.save()),
      device: this.#device ? [this.#device.snapshot.version, this.#device.snapshot.save()] : [],
    };
  }

  #restore(state: MmioState): void {
    if (state.queues.length !== this.#queues.length) {
      throw new SnapshotError(`section ${this.snapshot.name} is of another kind of device`);
    }
    this.#device?.deactivate();
    this.#status = state.status;
    this.#driverFeatures = state.driverFeatures;
    this.#deviceFeaturesSel = state.deviceFeaturesSel;
    this.#driverFeaturesSel = state.driverFeaturesSel;
    this.#queueSel = state.queueSel;
    this.#configGeneration = state.configGeneration;
    state.queues.forEach((saved, index) => this.#restoreQueue(saved, index));
    const [version, inner] = state.device as readonly SnapshotValue[];
    if (this.#device && typeof version === "number" && inner !== undefined) {
      this.#device.snapshot.load(version, inner);
    }
    if (this.#running) this.#device?.activate(this.#context());
  }

  #restoreQueue(saved: QueueConfigState, index: number): void {
    const queue = this.#queues[index];
    if (!queue) return;
    queue.restore(saved);
    if (!saved.ready || !saved.position) return;
    const wrong = queue.enable(this.#queueParts(index), saved.position);
    if (wrong) throw new SnapshotError(`section ${this.snapshot.name}: a queue has ${wrong}`);
  }
}

const STOPPED = Status.needsReset | Status.failed;

/** 32 bits of a feature set; windows beyond the second are empty. */
function word(features: bigint, select: number): number {
  return select > 1 ? 0 : Number((features >> BigInt(32 * select)) & 0xffff_ffffn);
}
