/**
 * The embedding API's vocabulary: `import { Machine } from "tabvisor"`. The page and the command
 * line use nothing else to run a VM.
 */

import type { HartRegisters } from "../protocol/hart-registers.ts";
import type { BalloonInfo } from "../protocol/balloon.ts";
import type { BlockStats } from "../protocol/block-stats.ts";
import type { DriveError } from "../protocol/drive-error.ts";
import type { DriveSpec, SecretSpec } from "../protocol/drive-spec.ts";
import type {
  Accelerator,
  AiaKind,
  DeviceSpec,
  FirmwareFile,
  FlashSpec,
  GuestInspection,
  KeyEvent,
  NewScsiUnit,
} from "../protocol/machine-service.ts";

export type {
  Accelerator,
  AiaKind,
  BalloonInfo,
  BlockStats,
  DriveError,
  GuestInspection,
  KeyEvent,
};
export type {
  ExitStats,
  InvalidationStats,
  MachineStats,
  StopStats,
  TranslatorStats,
  VcpuStats,
} from "../protocol/stats.ts";

/** libvirt's domain states, as far as this machine can be in them. */
export type MachineState = "shutoff" | "running" | "paused" | "crashed";

/** Why the machine is in its state: libvirt's reasons, in its words. */
export type StateReason =
  | "unknown"
  | "booted"
  | "unpaused"
  | "user"
  | "ioerror"
  | "shutdown"
  | "destroyed"
  | "crashed"
  | "failed";

/** Bytes of an image: in memory, a file the user picked, or an address to fetch. */
export type ImageSource =
  | { readonly kind: "bytes"; readonly name: string; readonly bytes: Uint8Array }
  | { readonly kind: "blob"; readonly name: string; readonly blob: Pick<Blob, "arrayBuffer"> }
  | {
      readonly kind: "url";
      readonly name: string;
      readonly url: string;
      /** Where it is known: a server that packs what it sends does not tell. */
      readonly sizeBytes?: number;
    };

/** How far the loading of a machine's images is. */
export interface LoadProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** What to build and boot. Every field but `memoryBytes` and `vcpus` may be left out. */
export interface MachineConfig {
  /** Shown in messages; any text. */
  readonly name: string;
  /** Guest RAM, a multiple of 2 MiB from 64 MiB to 3 GiB. */
  readonly memoryBytes: number;
  /** 1 to 16. */
  readonly vcpus: number;
  /** M-mode firmware: OpenSBI fw_dynamic or any flat binary or ELF for 0x80000000. */
  readonly firmware?: ImageSource;
  /** RISC-V Image, ELF, or flat S-mode binary (U-Boot). */
  readonly kernel?: ImageSource;
  readonly initrd?: ImageSource;
  /** The kernel command line. */
  readonly append?: string;
  /** Devices beyond the board's own, each in the next free place of its bus. */
  readonly devices?: readonly DeviceConfig[];
  /** Images for the disk devices among `devices`, which name them. */
  readonly drives?: readonly DriveConfig[];
  /** What encrypted images are unlocked with. */
  readonly secrets?: readonly SecretSpec[];
  /**
   * Drives that are the board's two banks of flash. The machine starts what is in bank 0, in S-mode
   * behind `firmware` and in M-mode without; that gets kernel, initrd and command line over fw_cfg.
   */
  readonly flash?: readonly FlashConfig[];
  /** Files that firmware finds over fw_cfg. */
  readonly firmwareFiles?: readonly FirmwareFile[];
  /** How guest code runs; `jit` when absent: hot code translated, the rest interpreted. */
  readonly accelerator?: Accelerator;
  /**
   * The interrupt controllers, in QEMU's words; `none` when absent: the PLIC, which all software knows.
   * The others take OpenSBI 1.3 or later and Linux 6.11 or later.
   */
  readonly aia?: AiaKind;
  /**
   * With `jit`: jumps to a place until it is translated, 1 or more; what suits the engine when absent.
   * Low values are for tests: translating costs more than interpreting a few times.
   */
  readonly jitThreshold?: number;
  /** What a reboot asked for by the guest does; `restart` when absent. libvirt's on_reboot. */
  readonly onReboot?: "restart" | "destroy";
}

export type DeviceConfig = DeviceSpec;
export type DriveConfig = DriveSpec;
export type FlashConfig = FlashSpec;

/** A disk or CD-ROM drive that is plugged into a SCSI controller of a running machine. */
export interface DiskAttachment {
  readonly unit: NewScsiUnit;
  /** The image behind it; a CD-ROM drive may be without. */
  readonly drive?: DriveConfig;
  /** Id of the controller; the first one when absent. */
  readonly controller?: string;
  /** What the image is unlocked with. */
  readonly secrets?: readonly SecretSpec[];
}

/** State changes and the guest's own power requests, in order. */
export interface StateEvent {
  readonly state: MachineState;
  readonly reason: StateReason;
  /** For `crashed`, `failed` and `ioerror`: one sentence. */
  readonly message?: string;
  /** For `crashed`: the registers of all harts; none where nothing of the machine was left. */
  readonly harts?: readonly HartRegisters[];
  /** Exit status of the guest: 0 on power-off, sifive_test's code on failure. */
  readonly exitCode?: number;
}
