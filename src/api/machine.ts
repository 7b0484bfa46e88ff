import type { SecretSpec } from "../protocol/drive-spec.ts";
import type { ThrottleLimits } from "../util/throttle-limits.ts";
import type {
  BalloonInfo,
  BlockStats,
  DiskAttachment,
  DriveConfig,
  DriveError,
  GuestInspection,
  KeyEvent,
  LoadProgress,
  MachineConfig,
  MachineState,
  MachineStats,
  StateEvent,
} from "./types.ts";
import type { ThresholdPassed } from "../protocol/write-threshold.ts";

/** A virtio console (hvc0 …) as streams of raw bytes. */
export interface ConsolePort {
  /** Bytes from the guest. A reader that falls behind makes the guest's transmitter wait. */
  readonly readable: ReadableStream<Uint8Array>;
  /** Bytes to the guest; a write resolves when the guest's queue took it. */
  readonly writable: WritableStream<Uint8Array>;
  /** Tells the guest the terminal's size in characters. */
  resize(columns: number, rows: number): void;
}

/** A channel to a program in the guest, as streams of raw bytes. */
export interface ChannelPort extends Pick<ConsolePort, "readable" | "writable"> {
  /** What the guest finds it by. */
  readonly name: string;
  /** A program in the guest has it open. What is written else waits for one. */
  readonly isOpen: boolean;
  /** Calls back after every change of `isOpen`; returns a function that stops it. */
  onOpen(listener: (isOpen: boolean) => void): () => void;
}

/** The guest's 16550 as streams of raw bytes. */
export interface SerialPort extends Pick<ConsolePort, "readable" | "writable"> {
  /** Sends a break condition (Linux: SysRq prefix). */
  sendBreak(): Promise<void>;
}

export interface StartOptions {
  /** The machine is `paused` when it has started: no instruction is executed before `resume`. */
  readonly paused?: boolean;
}

/**
 * One virtual machine. It owns its workers and memory; a machine that is not used any more must be
 * forced off to release them. Legal verbs by state are in `verbs.ts`; an illegal one rejects with
 * a `VmError` in libvirt's words.
 */
export interface Machine {
  readonly config: MachineConfig;
  readonly state: MachineState;
  readonly lastEvent: StateEvent;
  /** Console of the 16550; the same object over the machine's life, through resets. */
  readonly serial: SerialPort;
  /** One for each `virtio-console` of the configuration, in its order. */
  readonly consoles: readonly ConsolePort[];
  /** One for each port of a `virtio-serial` of the configuration, in its order. */
  readonly channels: readonly ChannelPort[];

  /** Builds memory and workers, loads the images and runs. From `shutoff` or `crashed`. */
  start(options?: StartOptions): Promise<void>;
  pause(): Promise<void>;
  /** Requests of drives that failed and stopped the machine (`ioerror`) are tried again. */
  resume(): Promise<void>;
  /**
   * The reset button: the guest stops at once, and starts again from the reset vector when the images
   * are loaded afresh. It goes on where it was when they cannot be.
   */
  reset(): Promise<void>;
  /** Asks the guest to power off (SysRq sync, remount read-only, power off over the console). */
  shutdown(): Promise<void>;
  /** Pulls the plug. What the run held is released soon: see `released`. */
  forceOff(): Promise<void>;
  /**
   * Resolves when nothing of earlier runs is left, their memory and the images of their drives: at
   * once, unless the machine was forced off while the computer was overloaded. `start` waits for it.
   */
  readonly released: Promise<void>;
  /**
   * Performance counters of this life of the machine; the last ones when it has ended. The guest
   * does not notice.
   */
  stats(): Promise<MachineStats>;

  /** Registers and memory map; of a machine that runs they are not of one moment. */
  inspect(): Promise<GuestInspection>;
  /**
   * A copy of guest-physical memory.
   *
   * @param length at most 16 MiB
   * @throws VmError invalidArg where part of it is no memory
   */
  readMemory(address: number, length: number): Promise<Uint8Array>;

  /**
   * Presses keys of the keyboard, a `virtio-keyboard` of the configuration: one after the other goes
   * down, then they go up in the opposite order. They are lost, as QEMU's `send-key` loses them, where
   * nobody listens: without a keyboard, before the guest's driver is there, while the machine is paused.
   *
   * @param codes of Linux's input-event-codes.h: `[29, 56, 111]` is Ctrl-Alt-Delete
   * @param options holdMs: from one to the next, in milliseconds of guest time; 10 when absent
   */
  sendKeys(codes: readonly number[], options?: { readonly holdMs?: number }): Promise<void>;
  /** As `sendKeys`, but keys go down and up as these events say, all at once. */
  sendKeyEvents(events: readonly KeyEvent[]): Promise<void>;

  /**
   * How much memory the guest has, and what it said of it.
   *
   * @throws VmError (as the two below) where the configuration has no `virtio-balloon`
   */
  balloon(): Promise<BalloonInfo>;
  /**
   * Asks the guest to do with that much memory, in bytes, or to take so much back; `onBalloon` tells what
   * comes of it. The guest's driver must be there, may take its time, and need not obey. The host
   * gets nothing back of memory that the guest has written before: no engine takes it.
   */
  setBalloon(bytes: number): Promise<void>;
  /** @param seconds between two questions to the guest for its statistics; 0 asks no more */
  setBalloonPolling(seconds: number): Promise<void>;

  /**
   * Gives a drive's image another length, in bytes, rounded up to whole sectors. The guest is told.
   *
   * @throws VmError (as the others below) in QEMU's words
   */
  blockResize(drive: string, sizeBytes: number): Promise<void>;
  /** Keeps a drive's requests within limits, of bytes and requests a second; none without. */
  setBlockIoTune(drive: string, limits: ThrottleLimits): Promise<void>;
  /**
   * Tells once (`onWriteThreshold`) when a write reaches behind so many bytes of the file of a drive's image,
   * whatever its format; 0 tells nothing.
   */
  setWriteThreshold(drive: string, bytes: number): Promise<void>;
  /** Plugs a disk or CD-ROM drive into a SCSI controller, for this run. */
  attachDisk(disk: DiskAttachment): Promise<void>;
  /** Takes out a disk or CD-ROM drive behind a SCSI controller, by its id or its drive's. */
  detachDisk(unit: string): Promise<void>;
  /**
   * Puts a medium into a CD-ROM drive; null takes out what is in it. While the guest keeps the tray
   * locked this fails, and the guest is asked to open it, unless it is done by force.
   *
   * @param drive with an id that no drive has yet
   */
  changeMedium(
    unit: string,
    drive: DriveConfig | null,
    options?: { readonly force?: boolean; readonly secrets?: readonly SecretSpec[] },
  ): Promise<void>;
  /** Requests of this run by the ids of drives. */
  blockStats(): Promise<Readonly<Record<string, BlockStats>>>;

  /** Calls back after every change of state; returns a function that stops it. */
  onState(listener: (event: StateEvent) => void): () => void;
  /**
   * Calls back with one sentence for a guest's misuse of a device (rate limited); returns a function
   * that stops it.
   */
  onGuestError(listener: (text: string) => void): () => void;
  /**
   * Calls back when the host could not carry out a request to a drive (libvirt's I/O error event; the
   * same error at most once a second); returns a function that stops it.
   */
  onIoError(listener: (error: DriveError) => void): () => void;
  /** Calls back when a threshold of a drive was passed; returns a function that stops it. */
  onWriteThreshold(listener: (passed: ThresholdPassed) => void): () => void;
  /**
   * Calls back with the bytes of memory that the guest has when its balloon has changed that, at most once
   * a second; returns a function that stops it.
   */
  onBalloon(listener: (actualBytes: number) => void): () => void;
  /**
   * Calls back while a start loads the machine's images, as soon as the size of all is known; returns a
   * function that stops it.
   */
  onLoad(listener: (progress: LoadProgress) => void): () => void;
  /** Calls back when the guest has restarted the machine; returns a function that stops it. */
  onReboot(listener: () => void): () => void;
  /** Resolves with the event that ends this run (`shutoff` or `crashed`). */
  readonly ended: Promise<StateEvent>;
}
