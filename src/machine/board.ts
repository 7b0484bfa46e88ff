/** The board: QEMU's `virt` as one object, composed from devices and ports. */
import type {
  BlockBackend,
  CharBackend,
  Clock,
  Entropy,
  IrqLine,
  PowerControl,
  Trace,
} from "../device/ports.ts";
import type { DeviceModel, Placement } from "../device/device-model.ts";
import type { CoreExports } from "../protocol/core.ts";
import type { DeviceSpec, FirmwareFile, FlashSpec } from "../protocol/machine-service.ts";
import { Bus } from "../device/bus/bus.ts";
import { rateLimited } from "../device/bus/rate-limit.ts";
import type { FlashBank } from "../device/flash/flash-bank.ts";
import { FwCfg } from "../device/fw-cfg/fw-cfg.ts";
import { Rtc } from "../device/rtc/rtc.ts";
import { Syscon } from "../device/syscon/syscon.ts";
import { VirtioBalloon } from "../device/virtio/balloon/virtio-balloon.ts";
import { VirtioConsole } from "../device/virtio/console/virtio-console.ts";
import type { MsiSink } from "../device/pci/msix.ts";
import { Doorbell, ExitReason, ExitState } from "../protocol/layout.ts";
import { planBoot, loadBoot, type BootImages } from "./boot.ts";
import { TEST_PHANDLE, type PlacedDevice } from "./device-tree.ts";
import { bankBase, flashBanks, loadFlash } from "./flash-banks.ts";
import { fwCfgContents } from "./fw-cfg-contents.ts";
import { FrameMemory } from "./guest-memory.ts";
import { HartView } from "./hart-view.ts";
import { hostInterrupts, WIRE_PHANDLE, wireCells } from "./interrupt-nodes.ts";
import { FLASH, FLASH_BANK_BYTES, FW_CFG, PCIE_ECAM, RTC, TEST, type Range } from "./memory-map.ts";
import type { MemoryPlan } from "./memory-plan.ts";
import { KeyInput } from "./key-input.ts";
import { PciBus } from "./pci-bus.ts";
import { RESET_PC } from "./reset-vector.ts";
import type { ScsiBus } from "./scsi-bus.ts";
import { virtioDevices } from "./virtio-devices.ts";
import { slotPlace, VirtioPlaces } from "./virtio-places.ts";

/** What the board calls of the core; an instance that is attached to no hart will do. */
export type BoardCore = Pick<
  CoreExports,
  "hartReset" | "irqchipReset" | "wireSet" | "msiSend" | "virtioRaise" | "virtioTake" | "pciPlace"
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
  /** Devices beyond the board's own, in the order in which they take their places. */
  readonly devices?: readonly DeviceSpec[];
  /** The far side of the n-th virtio-console; output is dropped where there is none. */
  readonly console?: (index: number) => CharBackend | undefined;
  /** The far side of the n-th channel, and who hears that the guest has opened it, or closed it. */
  readonly channel?: (index: number) => CharBackend | undefined;
  readonly channelOpened?: (index: number, isOpen: boolean) => void;
  /** Hears that the balloon has left the guest another amount of memory, in bytes. */
  readonly balloonChanged?: (actualBytes: number) => void;
  /** Images by the ids of their drives. */
  readonly drives?: ReadonlyMap<string, BlockBackend>;
  /** Banks of flash that have drives: those that `plan` has memory for. */
  readonly flash?: readonly FlashSpec[];
  readonly firmwareFiles?: readonly FirmwareFile[];
}

/** A device that the board placed on its bus. */
interface Placed extends PlacedDevice {
  readonly model: DeviceModel;
  readonly place: Placement;
}

export class Board {
  readonly memory: FrameMemory;
  readonly harts: readonly HartView[];
  /** The keyboards' keys. */
  readonly keys: KeyInput;
  readonly #ports: BoardPorts;
  readonly #bus = new Bus();
  readonly #devices: Placed[] = [];
  readonly #flash: readonly FlashBank[];
  readonly #fwCfg: FwCfg;
  readonly #pci: PciBus;
  readonly #virtio: VirtioPlaces;

  /** @throws VmError when there are more devices than slots, or a drive is no bank of flash */
  constructor(ports: BoardPorts) {
    this.#ports = ports;
    const { buffer, plan, clock, power } = ports;
    this.memory = new FrameMemory(buffer, plan);
    this.harts = Array.from({ length: plan.harts }, (_, i) => new HartView(buffer, i));
    const trace = rateLimited(ports.trace, clock);
    const defer = (callback: () => void): void => void clock.at(clock.monotonicNs(), callback);
    const rtc = new Rtc({ clock, irq: this.#irqLine(RTC.irq), trace });
    this.#place(new Syscon({ power, trace }), { ...TEST, phandle: TEST_PHANDLE });
    this.#place(rtc, RTC);
    this.#fwCfg = new FwCfg({ memory: this.memory, trace });
    this.#place(this.#fwCfg, FW_CFG, true);
    this.#flash = flashBanks({ ...ports, memory: this.memory, harts: this.harts, trace });
    this.#flash.forEach((bank, i) => this.#placeFlash(bank, i));
    const pciPorts = { ...ports, memory: this.memory, trace, defer, msi: this.#msiSink() };
    this.#pci = new PciBus(this.#bus, pciPorts);
    this.#pci.host.interrupts = hostInterrupts(plan);
    const hostPlace = { ...PCIE_ECAM, interruptParent: WIRE_PHANDLE };
    this.#devices.push({ model: this.#pci.host, place: hostPlace });
    this.keys = new KeyInput(clock);
    const { memory, keys } = this;
    const behind = { ...ports, memory, trace, keys, vcpus: plan.harts, ramBytes: plan.ramBytes };
    const devices = virtioDevices(ports.devices ?? [], behind);
    this.#virtio = new VirtioPlaces(devices, { ...pciPorts, pci: this.#pci });
    this.#virtio.slots.forEach((slot, i) => this.#place(slot, slotPlace(i)));
  }

  /** The virtio consoles in the order of their definition. */
  get consoles(): readonly VirtioConsole[] {
    return this.#virtio.devices.flatMap(({ device }) =>
      device instanceof VirtioConsole ? [device] : [],
    );
  }

  /** The memory balloon, where the machine has one. */
  get balloon(): VirtioBalloon | undefined {
    const found = this.#virtio.devices.find(({ device }) => device instanceof VirtioBalloon);
    return found?.device as VirtioBalloon | undefined;
  }

  /** Reads what is in flash. To be done once, before the first boot. @throws VmError */
  loadFlash(): Promise<void> {
    return loadFlash(this.#flash);
  }

  /** The SCSI controllers in the order of their definition. */
  get scsiBuses(): readonly ScsiBus[] {
    return this.#virtio.devices.flatMap(({ bus }) => bus ?? []);
  }

  /** Resolves when all that was programmed into flash is with its drives. */
  async settleFlash(): Promise<void> {
    await Promise.all(this.#flash.map((bank) => bank.settled()));
  }

  /**
   * Power-on or reset: every device and hart into its reset state, images and device tree loaded
   * afresh. No hart may be running.
   *
   * @throws VmError naming the image that cannot be booted; the machine is then unchanged
   */
  boot(images: BootImages): void {
    const { plan, entropy, firmwareFiles = [] } = this.#ports;
    const bootPlan = planBoot(images, plan);
    this.#fwCfg.setItems(fwCfgContents(plan, images, firmwareFiles));
    this.reset();
    const { memory } = this;
    loadBoot(bootPlan, { shape: plan, devices: this.#devices, memory, entropy });
  }

  /** Puts devices, irqchip and harts into their reset state; memory keeps its contents. */
  reset(): void {
    const { core } = this.#ports;
    for (const { model } of this.#devices) model.reset();
    this.#virtio.resetFunctions();
    this.keys.reset();
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
    if ((bits & Doorbell.virtio) !== 0) this.#virtio.serveNotifications();
  }

  /** A message is a write of 32 bits, wherever the guest said: where there is no IMSIC, to memory. */
  #msiSink(): MsiSink {
    const { core } = this.#ports;
    return {
      send: (address, data) => {
        if (!core.msiSend(BigInt(address), data)) this.memory.writeU32(address, data);
      },
    };
  }

  #irqLine(source: number): IrqLine {
    const { core } = this.#ports;
    return { set: (level) => core.wireSet(source, Number(level)) };
  }

  /** The device tree has one node for both banks. */
  #placeFlash(model: FlashBank, index: number): void {
    this.#bus.map(bankBase(index), FLASH_BANK_BYTES, model.regs);
    const place = { ...FLASH, interruptParent: WIRE_PHANDLE };
    this.#devices.push({ model, place, inRoot: true });
  }

  #place(model: DeviceModel, at: Range & { irq?: number; phandle?: number }, inRoot = false): void {
    const { irq, ...rest } = at;
    const interrupts = irq === undefined ? {} : { interrupts: wireCells(this.#ports.plan, irq) };
    const place = { ...rest, ...interrupts, interruptParent: WIRE_PHANDLE };
    this.#bus.map(at.base, at.sizeBytes, model.regs);
    this.#devices.push({ model, place, inRoot });
  }
}
