/** What every virtio transport has in common: status, features, queues, configuration (virtio 1.3 §2, §3). */
import type { GuestMemory, Trace } from "../../ports.ts";
import { SnapshotError, type AccessSize, type SnapshotValue } from "../../device-model.ts";
import { Feature } from "../features.ts";
import type { VirtioContext, VirtioDevice } from "../virtio-device.ts";
import { QueueConfig, type QueueArea, type QueueConfigState } from "./queue-config.ts";
import { Status, legacyStatusMove, statusMove, type StatusAction } from "./status.ts";

/** How the transport tells the driver something. */
export interface TransportInterrupt {
  /** A buffer of queue `index` was used. */
  queue(index: number): void;
  /** The configuration space changed, or the device needs a reset. */
  config(): void;
  /** Forgets what was told and not taken note of, at device reset. */
  clear(): void;
}

export interface TransportPorts {
  readonly memory: GuestMemory;
  readonly interrupt: TransportInterrupt;
  readonly trace: Trace;
  /** Calls back soon, from the machine's event loop. */
  readonly defer: (callback: () => void) => void;
}

/** Which ring features a device is offered with. */
export interface RingOptions {
  /** The packed ring format; off when absent. */
  readonly packed?: boolean;
  /** On when absent. */
  readonly eventIdx?: boolean;
  readonly indirectDesc?: boolean;
}

export type TransportState = {
  readonly status: number;
  readonly driverFeatures: bigint;
  readonly deviceFeaturesSel: number;
  readonly driverFeaturesSel: number;
  readonly queueSel: number;
  readonly configGeneration: number;
  readonly legacy: boolean;
  readonly queues: readonly QueueConfigState[];
  readonly device: SnapshotValue;
};

const STOPPED = Status.needsReset | Status.failed;
/** Features that only drivers of the legacy interface are offered, and that only others are. */
const LEGACY_ONLY = Feature.anyLayout;
const LEGACY_FEATURES = 0xffff_ffffn;

/** A device as its driver sees it through any transport; without a device, an empty place. */
export class VirtioTransport {
  readonly name: string;
  readonly device: VirtioDevice | null;
  readonly queues: readonly QueueConfig[];
  deviceFeaturesSel = 0;
  driverFeaturesSel = 0;
  queueSel = 0;
  readonly #ports: TransportPorts;
  readonly #offered: bigint;
  #status = 0;
  /** The status at the last reset. */
  #before = 0;
  #driverFeatures = 0n;
  #configGeneration = 0;
  /** The driver came through the legacy interface: no FEATURES_OK, no VERSION_1. */
  #legacy = false;

  constructor(
    name: string,
    device: VirtioDevice | null,
    ports: TransportPorts,
    rings: RingOptions = {},
  ) {
    this.name = name;
    this.device = device;
    this.#ports = ports;
    this.queues = (device?.queueSizes ?? []).map((size) => new QueueConfig(size));
    this.#offered = device ? device.features | commonFeatures(rings) : 0n;
  }

  /** Reset of the machine, and of the device by a write of 0 to its status. */
  reset(): void {
    this.device?.deactivate();
    for (const queue of this.queues) queue.reset();
    this.#before = this.#status || this.#before;
    this.#status = 0;
    this.#driverFeatures = 0n;
    this.#legacy = false;
    this.deviceFeaturesSel = 0;
    this.driverFeaturesSel = 0;
    this.queueSel = 0;
    this.#ports.interrupt.clear();
  }

  /** A device that was reset says so by 0 only when it touches memory no more (§2.4.2). */
  get status(): number {
    return this.#status === 0 && this.device?.isBusy ? this.#before : this.#status;
  }

  get configGeneration(): number {
    return this.#configGeneration;
  }

  get selected(): QueueConfig | undefined {
    return this.queues[this.queueSel];
  }

  /** The driver made buffers of queue `index` available. */
  notify(index: number): void {
    if (this.#running && this.queues[index]?.ready) this.device?.notify(index);
  }

  /** 32 bits of the offered features, by DeviceFeaturesSel. */
  get deviceFeatures(): number {
    return word(this.#offered & ~LEGACY_ONLY, this.deviceFeaturesSel);
  }

  get driverFeatures(): number {
    return word(this.#driverFeatures, this.driverFeaturesSel);
  }

  setDriverFeatures(value: number): void {
    if (this.#status & Status.featuresOk) return this.misuse("changes features after FEATURES_OK");
    if (this.driverFeaturesSel > 1) return;
    const shift = BigInt(32 * this.driverFeaturesSel);
    const others = this.#driverFeatures & ~(0xffff_ffffn << shift);
    this.#driverFeatures = others | (BigInt(value >>> 0) << shift);
  }

  /** What the legacy interface offers (§6.3). */
  get legacyFeatures(): number {
    return Number(this.#offered & LEGACY_FEATURES);
  }

  /** Legacy drivers say their features at any time before DRIVER_OK; what was not offered is masked. */
  setLegacyFeatures(value: number): void {
    if (this.#status & Status.driverOk) return this.misuse("changes features after DRIVER_OK");
    this.#driverFeatures = BigInt(value >>> 0) & this.#offered & LEGACY_FEATURES;
  }

  get legacyDriverFeatures(): number {
    return Number(this.#driverFeatures & LEGACY_FEATURES);
  }

  setSize(value: number): void {
    const queue = this.#stopped("size");
    if (!queue) return;
    if (value > 0 && value <= queue.sizeMax) queue.size = value;
    else this.misuse(`size ${value} of queue ${this.queueSel}, at most ${queue.sizeMax}`);
  }

  setAddress(area: QueueArea, high: boolean, value: number): void {
    this.#stopped(`${area} address`)?.setAddress(area, high, value);
  }

  /** Starts the selected queue. */
  enableQueue(): void {
    const queue = this.selected;
    if (!queue || queue.ready) return;
    if (!this.#legacy && (this.#status & Status.featuresOk) === 0) {
      return this.misuse("enables a queue before FEATURES_OK");
    }
    const index = this.queueSel;
    const wrong = queue.enable(this.#queueParts(index));
    if (wrong) this.needsReset(`queue ${index} has ${wrong}`);
  }

  /** Stops the selected queue; its addresses stay. */
  disableQueue(): void {
    const queue = this.selected;
    if (!queue) return;
    queue.queue = null;
    this.device?.stopQueue(this.queueSel);
  }

  /** §2.6.1: the queue forgets everything; the driver may set it up again. */
  resetQueue(): void {
    if ((this.#driverFeatures & Feature.ringReset) === 0n) return;
    this.selected?.reset();
    this.device?.stopQueue(this.queueSel);
  }

  setStatus(value: number): void {
    this.#move(statusMove(this.#status, value & 0xff));
  }

  /** The legacy interface's status register (§4.1.4.8): no FEATURES_OK, and skipped steps are fine. */
  setLegacyStatus(value: number): void {
    this.#legacy = true;
    this.#move(legacyStatusMove(this.#status, value & 0xff));
  }

  /** Puts a queue of the legacy layout (§2.7.2) at `gpa` and starts it; 0 takes it away. */
  setLegacyQueue(gpa: number): void {
    const queue = this.selected;
    if (!queue) return;
    if (gpa === 0) return this.disableQueue();
    if (queue.ready) return this.misuse(`address of queue ${this.queueSel} while it is ready`);
    this.#legacy = true;
    queue.placeLegacy(gpa);
    this.enableQueue();
  }

  readConfig(offset: number, size: AccessSize): number {
    const { device } = this;
    if (!device || offset + size > device.configBytes || offset % size !== 0) return 0;
    return device.readConfig(offset, size);
  }

  writeConfig(offset: number, size: AccessSize, value: number): void {
    const { device } = this;
    if (!device || offset + size > device.configBytes || offset % size !== 0) return;
    device.writeConfig(offset, size, value);
  }

  misuse(what: string): void {
    this.#ports.trace.guestError(this.name, what);
  }

  /** §2.1.2: only a running driver is told; either way nothing more is done until a reset. */
  needsReset(why: string): void {
    this.misuse(why);
    if (this.#status & Status.needsReset) return;
    const told = (this.#status & Status.driverOk) !== 0;
    this.#status |= Status.needsReset;
    this.device?.deactivate();
    if (told) this.#ports.interrupt.config();
  }

  save(): TransportState {
    const { device } = this;
    return {
      status: this.#status,
      driverFeatures: this.#driverFeatures,
      deviceFeaturesSel: this.deviceFeaturesSel,
      driverFeaturesSel: this.driverFeaturesSel,
      queueSel: this.queueSel,
      configGeneration: this.#configGeneration,
      legacy: this.#legacy,
      queues: this.queues.map((queue) => queue.save()),
      device: device ? [device.snapshot.version, device.snapshot.save()] : [],
    };
  }

  /** @param section names the snapshot's section in errors */
  restore(state: TransportState, section: string): void {
    if (state.queues.length !== this.queues.length) {
      throw new SnapshotError(`section ${section} is of another kind of device`);
    }
    this.device?.deactivate();
    this.#status = state.status;
    this.#driverFeatures = state.driverFeatures;
    this.#legacy = state.legacy;
    this.deviceFeaturesSel = state.deviceFeaturesSel;
    this.driverFeaturesSel = state.driverFeaturesSel;
    this.queueSel = state.queueSel;
    this.#configGeneration = state.configGeneration;
    state.queues.forEach((saved, index) => this.#restoreQueue(saved, index, section));
    const [version, inner] = state.device as readonly SnapshotValue[];
    if (this.device && typeof version === "number" && inner !== undefined) {
      this.device.snapshot.load(version, inner);
    }
    if (this.#running) this.device?.activate(this.#context());
  }

  get #running(): boolean {
    return (this.#status & Status.driverOk) !== 0 && (this.#status & STOPPED) === 0;
  }

  /** A queue that runs cannot be moved; the register writes are ignored (§4.2.2.2). */
  #stopped(what: string): QueueConfig | null {
    const queue = this.selected;
    if (!queue) this.misuse(`${what} of queue ${this.queueSel}, which does not exist`);
    else if (queue.ready) this.misuse(`${what} of queue ${this.queueSel} while it is ready`);
    else return queue;
    return null;
  }

  #queueParts(index: number) {
    const { memory, interrupt } = this.#ports;
    return {
      memory,
      features: this.#driverFeatures,
      interrupt: () => interrupt.queue(index),
      broken: (why: string) => this.needsReset(`queue ${index}: ${why}`),
    };
  }

  #move(move: ReturnType<typeof statusMove>): void {
    if (!this.device) return;
    if (move.kind === "reset") this.reset();
    else if (move.kind === "refused") this.misuse(move.why);
    else for (const { bit, action } of move.steps) this.#step(bit, action);
  }

  #step(bit: number, action: StatusAction): void {
    // Not taking the bit is how the device refuses features (§3.1.1 step 6).
    if (action === "checkFeatures" && !this.#featuresAcceptable()) return;
    this.#status |= bit;
    if (action === "activate" && this.#running) this.device?.activate(this.#context());
    else if (action === "deactivate") this.device?.deactivate();
  }

  #featuresAcceptable(): boolean {
    const unknown = this.#driverFeatures & ~(this.#offered & ~LEGACY_ONLY);
    if (unknown !== 0n) this.misuse("accepts features that were not offered");
    return unknown === 0n && (this.#driverFeatures & Feature.version1) !== 0n;
  }

  #context(): VirtioContext {
    return {
      features: this.#driverFeatures,
      queue: (index) => this.queues[index]?.queue ?? null,
      again: (index) => this.#ports.defer(() => this.notify(index)),
      configChanged: () => this.#configChanged(),
      needsReset: (why) => this.needsReset(why),
    };
  }

  #configChanged(): void {
    this.#configGeneration = (this.#configGeneration + 1) >>> 0;
    if (this.#status & Status.driverOk) this.#ports.interrupt.config();
  }

  #restoreQueue(saved: QueueConfigState, index: number, section: string): void {
    const queue = this.queues[index];
    if (!queue) return;
    queue.restore(saved);
    if (!saved.ready || !saved.position) return;
    const wrong = queue.enable(this.#queueParts(index), saved.position);
    if (wrong) throw new SnapshotError(`section ${section}: a queue has ${wrong}`);
  }
}

function commonFeatures(rings: RingOptions): bigint {
  const { packed = false, eventIdx = true, indirectDesc = true } = rings;
  return (
    Feature.version1 |
    Feature.ringReset |
    Feature.anyLayout |
    (eventIdx ? Feature.eventIdx : 0n) |
    (indirectDesc ? Feature.indirectDesc : 0n) |
    (packed ? Feature.ringPacked : 0n)
  );
}

/** 32 bits of a feature set; windows beyond the second are empty. */
function word(features: bigint, select: number): number {
  return select > 1 ? 0 : Number((features >> BigInt(32 * select)) & 0xffff_ffffn);
}
