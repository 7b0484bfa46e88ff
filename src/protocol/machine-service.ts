import type { HartRegisters } from "./hart-registers.ts";
import type { ThrottleLimits } from "../util/throttle-limits.ts";
import type { BalloonCommand, BalloonInfo } from "./balloon.ts";
import type { BlockStats } from "./block-stats.ts";
import type { DriveSpec, SecretSpec } from "./drive-spec.ts";
import type { MachineStats } from "./stats.ts";
import type { Handshake } from "./version.ts";

/** Where a virtio device is plugged in, and which features it is offered with. */
export interface VirtioAttachment {
  /** What others call it. */
  readonly id?: string;
  /** On the PCI bus when absent. */
  readonly transport?: "pci" | "mmio";
  /** PCI device number 1 to 31; the next free one when absent. */
  readonly slot?: number;
  /** PCI: no legacy interface. */
  readonly disableLegacy?: boolean;
  /** PCI: MSI-X vectors; as many as the device is good for when absent. */
  readonly vectors?: number;
  /** The packed ring format; off when absent. */
  readonly packed?: boolean;
  /** Event index and indirect descriptors; on when absent. */
  readonly eventIdx?: boolean;
  readonly indirectDesc?: boolean;
}

/** A device beyond the board's own. */
export type DeviceSpec = VirtioAttachment &
  (
    | { readonly kind: "virtio-rng" }
    | { readonly kind: "virtio-console" }
    | BalloonSpec
    | KeyboardSpec
    | SerialSpec
    | BlkSpec
    | ScsiSpec
  );

/** A memory balloon; a machine has one at most. */
export interface BalloonSpec {
  readonly kind: "virtio-balloon";
  /** The guest may take memory back when it runs out of it; off when absent. */
  readonly deflateOnOom?: boolean;
}

/** A keyboard; the guest listens to all that there are, and keys go to the one that it opened last. */
export interface KeyboardSpec {
  readonly kind: "virtio-keyboard";
  /** ASCII, at most 128 characters; none when absent. */
  readonly serial?: string;
}

/** Channels to programs in the guest, by names. */
export interface SerialSpec {
  readonly kind: "virtio-serial";
  readonly ports: readonly SerialPortSpec[];
}

export interface SerialPortSpec {
  /** What the guest finds it by: `org.qemu.guest_agent.0`. */
  readonly name: string;
  /** 1 to 14. */
  readonly number: number;
}

/** A disk of its own. */
export interface BlkSpec {
  readonly kind: "virtio-blk";
  /** Id of the drive behind it. */
  readonly drive: string;
  readonly serial?: string;
  /** Request queues; one for each vCPU on PCI when absent, one on virtio-mmio. */
  readonly queues?: number;
}

export interface ScsiSpec {
  readonly kind: "virtio-scsi";
  readonly units: readonly ScsiUnitSpec[];
  /** Request queues; one for each vCPU on PCI when absent, one on virtio-mmio. */
  readonly queues?: number;
}

/** A disk or CD-ROM behind a SCSI controller. */
export interface ScsiUnitSpec {
  /** What others call it; its drive's name when absent. */
  readonly id?: string;
  readonly kind: "disk" | "cdrom";
  /** Id of the drive behind it; a CD-ROM drive may be without. */
  readonly drive?: string;
  /** Target 0 to 255 and logical unit 0 to 16383. */
  readonly target: number;
  readonly lun: number;
  readonly serial?: string;
}

/** A bank of flash with an image behind it, as long as the bank: 32 MiB. */
export interface FlashSpec {
  /** 0 is what the machine starts when it has no kernel of its own to start; 1 is for variables. */
  readonly unit: 0 | 1;
  /** Id of the drive. */
  readonly drive: string;
}

/** A file for firmware, over fw_cfg. */
export interface FirmwareFile {
  /** Printable ASCII, 1 to 55 characters; QEMU's own begin with `etc/`, users' with `opt/`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A unit that is plugged in: without a target in the first free place. */
export type NewScsiUnit = Omit<ScsiUnitSpec, "target" | "lun"> &
  Partial<Pick<ScsiUnitSpec, "target" | "lun">>;

/** What is done to the disks of a running machine. Units go by their ids, or by their drives'. */
export type DiskCommand =
  /** Gives a drive's image another length, in bytes; it is rounded up to whole sectors. */
  | { readonly kind: "resize"; readonly drive: string; readonly sizeBytes: number }
  /** libvirt's I/O tuning: limits of a drive, and of its group. */
  | { readonly kind: "throttle"; readonly drive: string; readonly limits: ThrottleLimits }
  /** QEMU's `block-set-write-threshold`, of the file of a drive's image; 0 is none. */
  | { readonly kind: "writeThreshold"; readonly drive: string; readonly bytes: number }
  /** Opens a drive and plugs a unit over it into the controller, the first one when absent. */
  | {
      readonly kind: "attach";
      readonly unit: NewScsiUnit;
      readonly drive?: DriveSpec;
      readonly controller?: string;
      readonly secrets?: readonly SecretSpec[];
    }
  /** Takes a unit out and closes its drive. */
  | { readonly kind: "detach"; readonly unit: string }
  /** Puts a medium into a CD-ROM drive in the place of what is in it; null takes it out. */
  | {
      readonly kind: "changeMedium";
      readonly unit: string;
      readonly drive: DriveSpec | null;
      /** Although the guest has locked the tray. */
      readonly force: boolean;
      readonly secrets?: readonly SecretSpec[];
    };

/** A key goes down, or up again. */
export interface KeyEvent {
  /** Linux's code (input-event-codes.h). */
  readonly code: number;
  readonly isDown: boolean;
}

/** What is done to the keyboard. Codes that no key has are nothing. */
export type KeyCommand =
  /** QEMU's `send-key`: one key after the other goes down, then they go up in the opposite order. */
  | {
      readonly kind: "press";
      readonly codes: readonly number[];
      /** Between two of these events, in milliseconds of guest time; 10 when absent. */
      readonly holdMs?: number;
    }
  /** QEMU's `input-send-event`: all of them at once, as they are. */
  | { readonly kind: "events"; readonly events: readonly KeyEvent[] };

/** How guest code runs: interpreted throughout, or translated to Wasm where it is hot. */
export type Accelerator = "interpreter" | "jit";

/**
 * QEMU's `-M virt,aia=`: the PLIC; the APLIC alone; or the APLIC with an IMSIC in every hart, and the
 * extensions Smaia and Ssaia.
 */
export const AIA_KINDS = ["none", "aplic", "aplic-imsic"] as const;
export type AiaKind = (typeof AIA_KINDS)[number];

/** What to build: the machine worker's share of a machine's configuration. */
export interface MachineSpec {
  readonly name: string;
  readonly memoryBytes: number;
  readonly vcpus: number;
  readonly append: string;
  readonly devices: readonly DeviceSpec[];
  readonly drives: readonly DriveSpec[];
  readonly secrets: readonly SecretSpec[];
  readonly flash: readonly FlashSpec[];
  readonly firmwareFiles: readonly FirmwareFile[];
  readonly accelerator: Accelerator;
  readonly aia: AiaKind;
  /** Jumps to a place until the JIT translates it; its own choice when absent. */
  readonly jitThreshold?: number;
  /** libvirt's on_reboot: what a reboot asked for by the guest does. */
  readonly onReboot: "restart" | "destroy";
}

/** The bytes of an image, with the name that messages give it. */
export interface LoadedImage {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The images of one boot. Resolved above: a machine worker knows no paths and no addresses. */
export interface LoadedImages {
  readonly firmware?: LoadedImage;
  readonly kernel?: LoadedImage;
  readonly initrd?: LoadedImage;
}

/** What a debugger finds: of a machine that runs, nothing of it is of one moment. */
export interface GuestInspection {
  /** Guest-physical ranges that are memory, ROM included, in the order of their addresses. */
  readonly memory: readonly { readonly start: number; readonly sizeBytes: number }[];
  /** In the order of hart numbers. */
  readonly harts: readonly HartRegisters[];
}

export interface MachineInit {
  readonly spec: MachineSpec;
  /** The compiled core: a `WebAssembly.Module`. */
  readonly module: unknown;
  readonly images: LoadedImages;
  /** Harts execute nothing before `resume`. */
  readonly paused: boolean;
  /** The machine's end of the wire, a `MessagePort`: see wire.ts. */
  readonly wire: unknown;
}

/** The machine worker, as the page sees it. Errors are `VmError`s. */
export interface MachineService extends Handshake {
  /** Builds the machine, loads the images and runs, or waits for `resume`. Once in a worker's life. */
  start(init: MachineInit): Promise<void>;
  /** Stops all harts and guest time; resolves when every hart stands. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /**
   * The reset button: the guest stops at once, the wire's `images` message asks what to boot from, and
   * it starts again. A paused machine stays paused. Without images it goes on where it was.
   */
  reset(): Promise<void>;
  /** Answers the wire's `images` message: what to boot from after a reset or the guest's own reboot. */
  supplyImages(images: LoadedImages): void;
  /**
   * The images could not be had, for the reason in this sentence: the guest's own reboot crashes the
   * machine, a reset rejects.
   */
  refuseImages(message: string): void;
  /**
   * Pulls the plug: harts return, workers end. The machine worker is of no use afterwards.
   *
   * @returns the final counters, null when the machine was not built yet
   */
  powerOff(): Promise<MachineStats | null>;
  stats(): MachineStats;
  inspect(): GuestInspection;
  /**
   * A copy of guest-physical memory; the guest does not notice.
   *
   * @param length at most 16 MiB
   * @throws VmError invalidArg where part of it is no memory
   */
  readMemory(address: number, length: number): Uint8Array;
  /** @throws VmError in QEMU's words; the disks are then as they were */
  changeDisks(command: DiskCommand): Promise<void>;
  /** Keys are lost where nobody listens: without a keyboard, without a driver, while paused. */
  sendKeys(command: KeyCommand): void;
  /**
   * @param command null asks only
   * @throws VmError in QEMU's words where the machine has no balloon
   */
  balloon(command: BalloonCommand | null): BalloonInfo;
  /** By the ids of the drives. */
  blockStats(): Readonly<Record<string, BlockStats>>;
}
