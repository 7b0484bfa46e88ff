import type { BalloonCommand, BalloonInfo } from "../protocol/balloon.ts";
import type { BlockStats } from "../protocol/block-stats.ts";
import type { DriveError } from "../protocol/drive-error.ts";
import type { ThresholdPassed } from "../protocol/write-threshold.ts";
import type {
  DiskCommand,
  GuestInspection,
  KeyCommand,
  LoadedImages,
  MachineService,
  MachineSpec,
} from "../protocol/machine-service.ts";
import type { WorkerHandle } from "../protocol/platform.ts";
import { type AsyncService, transfer } from "../protocol/rpc.ts";
import type { MachineStats } from "../protocol/stats.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import { type VmError, vmError } from "../protocol/vm-error.ts";
import type { MachineEnd, WireToPage } from "../protocol/wire.ts";
import type { MachineHost } from "./host.ts";
import { Deferred } from "./deferred.ts";
import { imageBuffers, loadImages } from "./images.ts";
import type { LoadProgress, MachineConfig } from "./types.ts";
import type { WiredConsole } from "./wired-console.ts";

/** How long the final counters of a worker that powers off are waited for, in milliseconds. */
const POWER_OFF_MS = 500;
/**
 * How long a worker may take to power off in good order before it is ended, in milliseconds: when the
 * computer is overloaded, its harts take their time to stop, and Chromium loses the memory of a worker
 * that is ended before its own workers stand.
 */
const PATIENCE_MS = 10_000;

/** How often the progress of loading is told. */
const LOAD_STEPS = 100;

/** What a run tells the machine that it belongs to. */
export interface RunEvents {
  /** The run ended by itself. At most once, and not after `forceOff`. */
  ended(end: MachineEnd, counters: MachineStats | null): void;
  trace(text: string): void;
  loading(progress: LoadProgress): void;
  driveError(error: DriveError): void;
  thresholdPassed(passed: ThresholdPassed): void;
  /** The guest has that much memory now. */
  balloon(actualBytes: number): void;
  /** The guest has restarted the machine. */
  rebooted(): void;
  /**
   * The run paused itself.
   *
   * @param isStale whether it was told to go on since
   */
  stopped(error: DriveError, isStale: () => boolean): void;
}

/** One life of a machine, from `start` to its end: a worker, its wire and its images. */
export class MachineRun {
  readonly #host: MachineHost;
  readonly #config: MachineConfig;
  /** By the wire's numbers. */
  readonly #consoles: readonly WiredConsole[];
  readonly #events: RunEvents;
  readonly #worker: WorkerHandle<MachineService>;
  readonly #port: MessagePort;
  readonly #far: MessagePort;
  /** Rejects when the run is over, so that no call to a worker that is gone waits for ever. */
  readonly #gone: Promise<never>;
  #abort!: (error: VmError) => void;
  /** Resolves when the worker was ended, and with it all that it held. */
  readonly released = new Deferred<void>();
  /** Why the last images could not be supplied. */
  #imageError: unknown;
  /** Ends the loading of images that are not needed any more. */
  readonly #unload = new AbortController();
  #started = false;
  #over = false;
  /** Whose doing the next restart is: the verb's, or else the guest's. */
  #resets = false;
  /** How often the worker went on after a pause. */
  #resumes = 0;

  constructor(
    host: MachineHost,
    config: MachineConfig,
    consoles: readonly WiredConsole[],
    events: RunEvents,
  ) {
    this.#host = host;
    this.#config = config;
    this.#consoles = consoles;
    this.#events = events;
    this.#worker = host.spawnMachine();
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#far = port2;
    this.#gone = new Promise((_, reject) => {
      this.#abort = reject;
    });
    this.#gone.catch(() => {});
    this.#worker.onFailure((message) => this.#workerFailed(message));
  }

  /** @throws VmError when the machine cannot be built or its images cannot be booted */
  async start(paused: boolean): Promise<void> {
    const service = this.#worker.service;
    const hello = service.handshake(PROTOCOL_VERSION).then((life) => this.#worker.watch(life));
    const [module, images] = await this.#orFail(
      Promise.all([this.#host.core(), this.#loadImages(), hello]),
    );
    this.#port.onmessage = ({ data }: { data: WireToPage }) => this.#onWire(data);
    for (const line of this.#consoles) line.attach(this.#port);
    const init = { spec: specOf(this.#config), module, images, paused, wire: this.#far };
    const moved = [this.#far, ...imageBuffers(images)] as Transferable[];
    await this.#orFail(service.start(transfer(init, moved)));
    this.#started = true;
  }

  pause(): Promise<void> {
    return this.#orFail(this.#worker.service.pause());
  }

  async resume(): Promise<void> {
    await this.#orFail(this.#worker.service.resume());
    this.#resumes++;
  }

  /** @throws the error of an image that cannot be read; the guest goes on then */
  async reset(): Promise<void> {
    this.#imageError = undefined;
    this.#resets = true;
    try {
      await this.#orFail(this.#worker.service.reset());
    } catch (error) {
      throw this.#imageError ?? error;
    } finally {
      this.#resets = false;
    }
  }

  stats(): Promise<MachineStats> {
    return this.#orFail(this.#worker.service.stats());
  }

  inspect(): Promise<GuestInspection> {
    return this.#orFail(this.#worker.service.inspect());
  }

  readMemory(address: number, length: number): Promise<Uint8Array> {
    return this.#orFail(this.#worker.service.readMemory(address, length));
  }

  changeDisks(command: DiskCommand): Promise<void> {
    return this.#orFail(this.#worker.service.changeDisks(command));
  }

  sendKeys(command: KeyCommand): Promise<void> {
    return this.#orFail(this.#worker.service.sendKeys(command));
  }

  balloon(command: BalloonCommand | null): Promise<BalloonInfo> {
    return this.#orFail(this.#worker.service.balloon(command));
  }

  blockStats(): Promise<Readonly<Record<string, BlockStats>>> {
    return this.#orFail(this.#worker.service.blockStats());
  }

  /**
   * Ends the run; the worker's consent is not needed. What it holds is released when it has powered
   * off, or has not for too long: see `released`.
   *
   * @returns the final counters, where the worker could tell in time
   */
  async forceOff(): Promise<MachineStats | null> {
    if (this.#over) return null;
    this.#over = true;
    const polite = this.#worker.service.powerOff().catch(() => null);
    void within(PATIENCE_MS, polite).then(() => this.#terminate());
    const counters = await within(POWER_OFF_MS, polite);
    this.#disconnect(vmError("operationAborted", "the machine was forced off"));
    return counters ?? null;
  }

  /** Tells how far it is, in a hundred steps at most. */
  #loadImages(): Promise<LoadedImages> {
    let told = -1;
    return loadImages(this.#host, this.#config, {
      signal: this.#unload.signal,
      onProgress: (progress) => {
        const { doneBytes, totalBytes } = progress;
        const step = Math.floor((LOAD_STEPS * doneBytes) / totalBytes);
        if (step === told || this.#over) return;
        told = step;
        this.#events.loading(progress);
      },
    });
  }

  #onWire(message: WireToPage): void {
    switch (message.type) {
      case "output":
        return this.#consoles[message.line]?.received(message.bytes);
      case "taken":
        return this.#consoles[message.line]?.taken(message.bytes);
      case "opened":
        return this.#consoles[message.line]?.opened(message.isOpen);
      case "trace":
        return this.#events.trace(message.text);
      case "driveError":
        return this.#events.driveError(message.error);
      case "thresholdPassed":
        return this.#events.thresholdPassed(message.passed);
      case "balloon":
        return this.#events.balloon(message.actualBytes);
      case "stopped":
        return this.#events.stopped(message.error, () => message.resumes !== this.#resumes);
      case "images":
        void this.#supplyImages(this.#worker.service);
        return;
      case "ended":
        return this.#finish(message.end, message.counters);
    }
  }

  /** The images are read again, as a reset machine reads its disks again. */
  async #supplyImages(service: AsyncService<MachineService>): Promise<void> {
    try {
      const isGuests = !this.#resets;
      await service.supplyImages(await loadImages(this.#host, this.#config));
      if (isGuests) this.#events.rebooted();
    } catch (error) {
      this.#imageError = error;
      const message = error instanceof Error ? error.message : String(error);
      await service.refuseImages(message).catch(() => {});
    }
  }

  #finish(end: MachineEnd, counters: MachineStats | null): void {
    if (this.#over) return;
    this.#over = true;
    this.#disconnect(vmError("operationInvalid", "domain is not running"));
    this.#terminate();
    this.#events.ended(end, counters);
  }

  /** Before the start is through, its caller learns of it and nobody else. */
  #workerFailed(why: string): void {
    const message = `the machine's worker ended: ${why}`;
    this.#abort(vmError("internalError", message));
    if (this.#over) this.#terminate();
    if (this.#started) this.#finish({ kind: "crashed", message, harts: [] }, null);
  }

  #disconnect(error: VmError): void {
    this.#abort(error);
    this.#unload.abort();
    for (const line of this.#consoles) line.detach();
    this.#port.onmessage = null;
    this.#port.close();
  }

  #terminate(): void {
    this.#worker.terminate();
    this.released.resolve();
  }

  #orFail<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#gone]);
  }
}

function specOf(config: MachineConfig): MachineSpec {
  const { name, memoryBytes, vcpus, append = "", devices = [], drives = [] } = config;
  const { flash = [], firmwareFiles = [], secrets = [] } = config;
  const { accelerator = "jit", aia = "none", onReboot = "restart", jitThreshold } = config;
  const run = { accelerator, aia, onReboot, secrets };
  const spec = { name, memoryBytes, vcpus, append, devices, drives, flash, firmwareFiles, ...run };
  return jitThreshold === undefined ? spec : { ...spec, jitThreshold };
}

/** What `work` comes to, or undefined when that takes longer than `ms`. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
