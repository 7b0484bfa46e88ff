/** The board: QEMU's `virt` as one object, composed from devices and ports. */
import type { CharBackend, Clock, Entropy, IrqLine, PowerControl, Trace } from "../device/ports.ts";
import type { DeviceModel, Placement } from "../device/device-model.ts";
import type { VirtioDevice } from "../device/virtio/virtio-device.ts";
import type { CoreExports } from "../protocol/core.ts";
import type { DeviceSpec } from "../protocol/machine-service.ts";
import { Bus } from "../device/bus/bus.ts";
import { rateLimited } from "../device/bus/rate-limit.ts";
import { Rtc } from "../device/rtc/rtc.ts";
import { Syscon } from "../device/syscon/syscon.ts";
import { VirtioConsole } from "../device/virtio/console/virtio-console.ts";
import { VirtioRng } from "../device/virtio/rng/virtio-rng.ts";
import { VirtioMmio } from "../device/virtio/transport/virtio-mmio.ts";
import {
  Doorbell,
  ExitReason,
  ExitState,
  VIRTIO,
  VIRTIO_BASE,
  VIRTIO_SLOTS,
} from "../protocol/layout.ts";
import { vmError } from "../protocol/vm-error.ts";
import { planBoot, loadBoot, type BootImages } from "./boot.ts";
import { PLIC_PHANDLE, TEST_PHANDLE, type PlacedDevice } from "./device-tree.ts";
import { FrameMemory } from "./guest-memory.ts";
import { HartView } from "./hart-view.ts";
import { RTC, TEST, VIRTIO_MMIO } from "./memory-map.ts";
import type { MemoryPlan } from "./memory-plan.ts";
import { RESET_PC } from "./reset-vector.ts";

/** What the board calls of the core; an instance that is attached to no hart will do. */
export type BoardCore = Pick<
  CoreExports,
  "hartReset" | "irqchipReset" | "plicSetLine" | "virtioRaise" | "virtioClear"
>;

/** The world around a board. */
export interface BoardPorts {
  readonly plan: MemoryPlan;
  /** Shared memory, prepared by `initMemory(buffer, plan)`. */
  readonly buffer: ArrayBufferLike;
  readonly core: BoardCore;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly power: PowerControl;
  readonly trace: Trace;
  /** Devices for virtio-mmio slots 0, 1, …; at most VIRTIO_SLOTS. */
  readonly devices?: readonly DeviceSpec[];
  /** The far side of the n-th virtio-console; output is dropped where there is none. */
  readonly console?: (index: number) => CharBackend | undefined;
}

/** A device that the board placed on its bus. */
interface Placed extends PlacedDevice {
  readonly model: DeviceModel;
  readonly place: Placement;
}

export class Board {
  readonly memory: FrameMemory;
  readonly harts: readonly HartView[];
  readonly #ports: BoardPorts;
  readonly #bus = new Bus();
  readonly #devices: Placed[] = [];
  readonly #slots: VirtioMmio[] = [];
  readonly #notify: Int32Array;
  /** The virtio consoles in the order of their slots. */
  readonly consoles: VirtioConsole[] = [];

  /** @throws VmError when there are more devices than slots */
  constructor(ports: BoardPorts) {
    this.#ports = ports;
    const { buffer, plan, clock, power } = ports;
    this.memory = new FrameMemory(buffer, plan);
    this.harts = Array.from({ length: plan.harts }, (_, i) => new HartView(buffer, i));
    const trace = rateLimited(ports.trace, clock);
    const rtc = new Rtc({ clock, irq: this.#irqLine(RTC.irq), trace });
    this.#place(new Syscon({ power, trace }), { ...TEST, phandle: TEST_PHANDLE });
    this.#place(rtc, RTC);
    this.#notify = new Int32Array(buffer, VIRTIO_BASE + VIRTIO.at.notify, VIRTIO_SLOTS);
    this.#placeVirtio(ports.devices ?? [], trace);
  }

  /**
   * Power-on or reset: every device and hart into its reset state, images and device tree loaded
   * afresh. No hart may be running.
   *
   * @throws VmError naming the image that cannot be booted; the machine is then unchanged
   */
  boot(images: BootImages): void {
    const { plan, entropy } = this.#ports;
    const bootPlan = planBoot(images, plan);
    this.reset();
    const { memory } = this;
    loadBoot(bootPlan, { shape: plan, devices: this.#devices, memory, entropy });
  }

  /** Puts devices, irqchip and harts into their reset state; memory keeps its contents. */
  reset(): void {
    const { core } = this.#ports;
    for (const { model } of this.#devices) model.reset();
    core.irqchipReset();
    this.harts.forEach((_, i) => core.hartReset(i, RESET_PC));
  }

  /**
   * @param size 1, 2, 4 or 8
   * @returns null when nothing is mapped at `gpa`: the hart takes a load access fault
   */
  mmioRead(gpa: number, size: number): bigint | null {
    return this.#bus.read(gpa, size);
  }

  /** @returns false when nothing is mapped at `gpa`: the hart takes a store access fault */
  mmioWrite(gpa: number, size: number, value: bigint): boolean {
    return this.#bus.write(gpa, size, value);
  }

  /** Performs the access in the exit block of hart `index` and writes the answer there. */
  answerExit(index: number): void {
    const hart = this.harts[index];
    if (!hart) return;
    const gpa = Number(hart.u64("exitAddress"));
    const size = hart.u32("exitSize");
    let mapped: boolean;
    if (hart.u32("exitReason") === ExitReason.mmioRead) {
      const value = this.mmioRead(gpa, size);
      mapped = value !== null;
      hart.setU64("exitValue", value ?? 0n);
    } else {
      mapped = this.mmioWrite(gpa, size, hart.u64("exitValue"));
    }
    hart.setU32("exitFault", mapped ? 0 : 1);
  }

  /** Answers every hart whose worker waits for it (Doorbell.exit). */
  answerExits(): void {
    this.harts.forEach((hart, i) => {
      if (hart.exitState !== ExitState.request) return;
      this.answerExit(i);
      hart.answered();
    });
  }

  /** Serves the doorbell's bits (`Doorbell`) that concern devices. */
  onDoorbell(bits: number): void {
    if ((bits & Doorbell.virtio) === 0) return;
    this.#slots.forEach((slot, i) => {
      let queues = Atomics.exchange(this.#notify, i, 0) >>> 0;
      for (let queue = 0; queues !== 0; queue++, queues >>>= 1) {
        if (queues & 1) slot.notify(queue);
      }
    });
  }

  /** All slots are there, as on QEMU's board; those without a device say so by DeviceID 0. */
  #placeVirtio(specs: readonly DeviceSpec[], trace: Trace): void {
    if (specs.length > VIRTIO_SLOTS) {
      const detail = `the board has ${VIRTIO_SLOTS} virtio slots, not ${specs.length}`;
      throw vmError("configUnsupported", detail);
    }
    const { core, clock } = this.#ports;
    const defer = (callback: () => void): void => {
      clock.at(clock.monotonicNs(), callback);
    };
    for (let i = 0; i < VIRTIO_SLOTS; i++) {
      const spec = specs[i];
      const device = spec ? this.#virtioDevice(spec, trace) : null;
      const interrupt = {
        raise: (bits: number) => core.virtioRaise(i, bits),
        clear: () => core.virtioClear(i),
      };
      const slot = new VirtioMmio(i, device, { memory: this.memory, interrupt, trace, defer });
      const { base, sizeBytes, irq } = VIRTIO_MMIO;
      this.#slots.push(slot);
      this.#place(slot, { base: base + i * sizeBytes, sizeBytes, irq: irq + i });
    }
  }

  #virtioDevice(spec: DeviceSpec, trace: Trace): VirtioDevice {
    if (spec.kind === "virtio-rng") return new VirtioRng({ entropy: this.#ports.entropy, trace });
    const backend = this.#ports.console?.(this.consoles.length) ?? NO_BACKEND;
    const console = new VirtioConsole({ backend, trace });
    this.consoles.push(console);
    return console;
  }

  #irqLine(source: number): IrqLine {
    const { core } = this.#ports;
    return { set: (level) => core.plicSetLine(source, Number(level)) };
  }

  #place(model: DeviceModel, at: Omit<Placement, "interruptParent">): void {
    const place = { ...at, interruptParent: PLIC_PHANDLE };
    this.#bus.map(at.base, at.sizeBytes, model.regs);
    this.#devices.push({ model, place });
  }
}

/** Takes everything and never speaks. */
const NO_BACKEND: CharBackend = {
  write: (bytes) => bytes.length,
  read: () => new Uint8Array(0),
  attach: () => {},
};
