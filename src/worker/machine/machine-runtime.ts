import type { PowerRequest } from "../../device/ports.ts";
import type { BoardPorts } from "../../machine/board.ts";
import { HartView } from "../../machine/hart-view.ts";
import { DRAM_BASE } from "../../machine/memory-map.ts";
import type { MemoryPlan } from "../../machine/memory-plan.ts";
import type { BlockStats } from "../../protocol/block-stats.ts";
import type { CoreExports } from "../../protocol/core.ts";
import type { BalloonCommand, BalloonInfo } from "../../protocol/balloon.ts";
import type { DriveError } from "../../protocol/drive-error.ts";
import { Doorbell, RunState } from "../../protocol/layout.ts";
import type {
  DiskCommand,
  GuestInspection,
  KeyCommand,
  LoadedImages,
  MachineSpec,
} from "../../protocol/machine-service.ts";
import type { WorkerPlatform } from "../../protocol/platform.ts";
import type { MachineStats } from "../../protocol/stats.ts";
import { type VmError, vmError } from "../../protocol/vm-error.ts";
import type { MachineEnd, WirePort, WireToMachine, WireToPage } from "../../protocol/wire.ts";
import { ControlWords } from "../views.ts";
import { BalloonNews } from "./balloon-news.ts";
import { changeDisks } from "./change-disks.ts";
import { commandBalloon } from "./command-balloon.ts";
import { ConsoleLines } from "./console-lines.ts";
import { DoorbellWaiter, waitAsync } from "./doorbell.ts";
import { DriveErrors } from "./drive-errors.ts";
import { FineUtc } from "./fine-utc.ts";
import { GuestClock } from "./guest-clock.ts";
import { Harts } from "./harts.ts";
import { inspectGuest, readMemory, registersOf } from "./inspect-guest.ts";
import type { BoardMaker, DrivenBoard } from "./make-board.ts";
import type { OpenDrives } from "./open-drives.ts";
import { releaseImages } from "./release-images.ts";
import { collectStats } from "./stats.ts";

/** What a machine is made of, once its memory and core exist. */
export interface RuntimeParts {
  readonly spec: MachineSpec;
  readonly plan: MemoryPlan;
  readonly module: unknown;
  readonly memory: { readonly buffer: ArrayBufferLike };
  readonly core: CoreExports;
  readonly platform: WorkerPlatform;
  /** Zero of the VM's monotonic clock. */
  readonly epochMs: number;
  readonly wire: WirePort<WireToPage, WireToMachine>;
  readonly makeBoard: BoardMaker;
  readonly drives: OpenDrives;
}

/** Images asked for after the guest's own reboot. */
interface ImageRequest {
  resolve(images: LoadedImages): void;
  reject(error: VmError): void;
}

type Phase = "new" | "running" | "paused" | "ended";

/** One running VM in its worker: harts, board, console and the verbs on them. */
export class MachineRuntime {
  readonly #parts: RuntimeParts;
  readonly #bell: DoorbellWaiter;
  readonly #harts: Harts;
  readonly #views: readonly HartView[];
  readonly #clock: GuestClock;
  readonly #consoles: ConsoleLines;
  readonly #board: DrivenBoard;
  #phase: Phase = "new";
  /** Verbs and power requests, one after the other. */
  #queue: Promise<unknown> = Promise.resolve();
  #imageRequest: ImageRequest | undefined;
  readonly #driveErrors: DriveErrors;
  readonly #balloonNews: BalloonNews;
  /** How often the machine was told to go on. */
  #resumes = 0;

  constructor(parts: RuntimeParts) {
    const { platform, core, wire, spec, memory } = parts;
    const { buffer } = memory;
    this.#parts = parts;
    this.#bell = new DoorbellWaiter(
      new ControlWords(buffer),
      { nowMs: () => platform.clock.nowMs(), turn: () => platform.turn(), waitAsync },
      (bits) => this.#serve(bits),
    );
    this.#harts = this.#makeHarts(buffer);
    this.#views = Array.from({ length: spec.vcpus }, (_, i) => new HartView(buffer, i));
    const utc = new FineUtc(platform.clock, () => platform.utcMs());
    this.#clock = new GuestClock(buffer, core, () => utc.nowNs());
    this.#consoles = new ConsoleLines({ buffer, core, wire, bell: this.#bell, spec });
    this.#balloonNews = new BalloonNews((actualBytes) =>
      wire.postMessage({ type: "balloon", actualBytes }),
    );
    this.#board = parts.makeBoard(spec, this.#boardPorts(buffer));
    this.#driveErrors = new DriveErrors(wire, () => platform.clock.nowMs());
    parts.drives.onError = (error) => this.#driveFailed(error);
    parts.drives.onThreshold = (passed) => wire.postMessage({ type: "thresholdPassed", passed });
    this.#consoles.onResize = (index, ...size) => this.#board.consoles[index]?.resize(...size);
    wire.onmessage = ({ data }) => this.#onWire(data);
  }

  #makeHarts(buffer: ArrayBufferLike): Harts {
    const { platform, module, memory, epochMs, spec } = this.#parts;
    return new Harts({
      count: spec.vcpus,
      buffer,
      spawn: () => platform.spawnHart(),
      init: { module, memory, epochMs },
      onRing: () => this.#bell.rung(),
      onCrash: (message) => this.#crash(message),
    });
  }

  #boardPorts(buffer: ArrayBufferLike): BoardPorts {
    const { plan, spec, core, platform, wire, drives } = this.#parts;
    return {
      plan,
      devices: spec.devices,
      flash: spec.flash,
      firmwareFiles: spec.firmwareFiles,
      drives: drives.disks,
      console: (index) => this.#consoles.virtio[index],
      channel: (index) => this.#consoles.channels[index],
      channelOpened: (index, isOpen) => this.#consoles.channelOpened(index, isOpen),
      balloonChanged: (actualBytes) => this.#balloonNews.changed(actualBytes),
      buffer,
      core,
      clock: this.#clock,
      entropy: { fill: (target) => platform.randomFill(target) },
      power: { request: (request) => this.#onPower(request) },
      trace: {
        guestError: (device, message) =>
          wire.postMessage({ type: "trace", text: `${device}: ${message}` }),
      },
    };
  }

  /** Loads the images, starts the harts' workers and lets them go, unless they are to wait. */
  start(images: LoadedImages, paused: boolean): Promise<void> {
    return this.#inTurn(async () => {
      this.#clock.stop();
      await this.#board.loadFlash();
      this.#boot(images);
      // Harts stand at `paused` until all of them are there.
      await this.#harts.park(RunState.paused);
      await this.#harts.spawn();
      this.#bell.run().catch((error: unknown) => this.#crash(`the machine failed: ${text(error)}`));
      if (paused) this.#phase = "paused";
      else this.#go();
    });
  }

  pause(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#phase !== "running") return;
      await this.#harts.park(RunState.paused);
      this.#clock.stop();
      this.#phase = "paused";
    });
  }

  resume(): Promise<void> {
    return this.#inTurn(async () => {
      this.#resumes++;
      if (this.#phase !== "paused") return;
      this.#go();
      this.#parts.drives.retry();
    });
  }

  reset(): Promise<void> {
    return this.#inTurn(async () => {
      const wasRunning = this.#phase === "running";
      try {
        await this.#reboot();
      } catch (error) {
        if (wasRunning && this.#phase === "running") this.#go();
        throw error;
      }
    });
  }

  supplyImages(images: LoadedImages): void {
    this.#imageRequest?.resolve(images);
  }

  refuseImages(message: string): void {
    this.#imageRequest?.reject(vmError("operationFailed", message));
  }

  /** Ends everything now; nothing more is said on the wire. */
  async powerOff(): Promise<MachineStats> {
    this.#phase = "ended";
    this.#imageRequest?.reject(vmError("operationAborted", "the machine was forced off"));
    await this.#harts.park(RunState.stopped).catch(() => {});
    await this.#release();
    return this.stats();
  }

  stats(): MachineStats {
    const { platform, epochMs } = this.#parts;
    const residentBytes = this.#board.memory.writtenBytes(DRAM_BASE);
    return collectStats(this.#views, platform.clock.nowMs() - epochMs, residentBytes);
  }

  inspect(): GuestInspection {
    return inspectGuest(this.#parts.plan, this.#views);
  }

  readMemory(address: number, length: number): Uint8Array {
    return readMemory(this.#board.memory, address, length);
  }

  /** One command after the other, and none while the machine is reset. */
  changeDisks(command: DiskCommand): Promise<void> {
    return this.#inTurn(() => changeDisks(command, this.#parts.drives, this.#board.scsiBuses));
  }

  /** As under QEMU, a machine that stands does not hear them. */
  sendKeys(command: KeyCommand): void {
    if (this.#phase === "running") this.#board.keys.send(command);
  }

  balloon(command: BalloonCommand | null): BalloonInfo {
    return commandBalloon(this.#board.balloon, command);
  }

  blockStats(): Readonly<Record<string, BlockStats>> {
    return this.#parts.drives.stats();
  }

  #go(): void {
    this.#phase = "running";
    this.#clock.resume();
    this.#harts.release();
  }

  /** The guest stands while its images come. */
  async #reboot(): Promise<void> {
    const wasRunning = this.#phase === "running";
    await this.#harts.park(RunState.paused);
    this.#clock.stop();
    const images = await this.#askForImages();
    // Requests of the guest that was would else write into the memory of the one that comes.
    await this.#parts.drives.reset();
    this.#consoles.reset();
    this.#boot(images);
    if (wasRunning && this.#phase !== "ended") this.#go();
  }

  #boot(images: LoadedImages): void {
    this.#board.boot({ ...images, append: this.#parts.spec.append });
    releaseImages(images);
  }

  #serve(bits: number): void {
    if (bits & Doorbell.exit) this.#board.answerExits();
    if (bits & Doorbell.virtio) this.#board.onDoorbell(bits);
    if (bits & Doorbell.uart) this.#consoles.uart.rung();
    if (bits & Doorbell.state) this.#harts.stateChanged();
  }

  /** Called from inside a device's write: the access completes first. */
  #onPower(request: PowerRequest): void {
    const restart = request.kind === "reboot" && this.#parts.spec.onReboot === "restart";
    const exitCode = request.kind === "fail" ? request.code : 0;
    const act = async (): Promise<void> => {
      if (this.#phase === "ended") return;
      if (restart) await this.#reboot();
      else await this.#end(() => ({ kind: "shutdown", exitCode }));
    };
    this.#inTurn(act).catch((error: unknown) => this.#crash(text(error)));
  }

  /** The request is kept until the machine goes on; the guest stands meanwhile. */
  #driveFailed(error: DriveError): void {
    this.#driveErrors.tell(error);
    if (error.action !== "stop") return;
    const act = async (): Promise<void> => {
      if (this.#phase !== "running") return;
      await this.#harts.park(RunState.paused);
      this.#clock.stop();
      this.#phase = "paused";
      this.#parts.wire.postMessage({ type: "stopped", error, resumes: this.#resumes });
    };
    this.#inTurn(act).catch((failure: unknown) => this.#crash(text(failure)));
  }

  #askForImages(): Promise<LoadedImages> {
    return new Promise((resolve, reject) => {
      this.#imageRequest = { resolve, reject };
      this.#parts.wire.postMessage({ type: "images" });
    });
  }

  #crash(message: string): void {
    void this.#end(() => ({ kind: "crashed", message, harts: this.#views.map(registersOf) }));
  }

  /** @param tell says how it ended, once all harts stand */
  async #end(tell: () => MachineEnd): Promise<void> {
    if (this.#phase === "ended") return;
    this.#phase = "ended";
    await this.#harts.park(RunState.stopped).catch(() => {});
    const end = tell();
    this.#consoles.flush();
    await this.#release();
    this.#parts.wire.postMessage({ type: "ended", end, counters: this.stats() });
  }

  /** A drive that cannot be written back now has said so to the guest before. */
  async #release(): Promise<void> {
    this.#clock.close();
    this.#balloonNews.close();
    this.#bell.stop();
    await this.#board.settleFlash();
    await this.#parts.drives.close().catch(() => {});
  }

  #onWire(message: WireToMachine): void {
    if (this.#phase !== "ended") this.#consoles.onWire(message);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(async () => {
      if (this.#phase === "ended") throw vmError("operationInvalid", "domain is not running");
      return work();
    });
    this.#queue = turn.catch(() => {});
    return turn;
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
