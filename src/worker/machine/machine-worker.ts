import type { BalloonCommand, BalloonInfo } from "../../protocol/balloon.ts";
import type { BlockStats } from "../../protocol/block-stats.ts";
import { JIT_THRESHOLD, setJitThreshold } from "../../core/instance.ts";
import type {
  DiskCommand,
  GuestInspection,
  KeyCommand,
  LoadedImages,
  MachineInit,
  MachineService,
  MachineSpec,
} from "../../protocol/machine-service.ts";
import { initMemory, type MemoryPlan, planMemory } from "../../machine/memory-plan.ts";
import type { DriveSpec } from "../../protocol/drive-spec.ts";
import type { WorkerPlatform } from "../../protocol/platform.ts";
import { checkVersion, transfer } from "../../protocol/rpc.ts";
import type { MachineStats } from "../../protocol/stats.ts";
import { vmError } from "../../protocol/vm-error.ts";
import type { WirePort, WireToMachine, WireToPage } from "../../protocol/wire.ts";
import { sizeText } from "../../util/bytes.ts";
import { instantiateCore } from "../instantiate.ts";
import { MachineRuntime } from "./machine-runtime.ts";
import type { BoardMaker } from "./make-board.ts";
import type { CryptoHost } from "../../storage/ports.ts";
import { type ImageHost, openDrives } from "./open-drives.ts";

/** Where the images of drives are, and what unlocks those that are encrypted. */
export interface MachineStorage extends ImageHost {
  readonly crypto: CryptoHost;
}

/** The service of a machine worker: one VM in its life. */
export class MachineWorker implements MachineService {
  readonly #platform: WorkerPlatform;
  readonly #makeBoard: BoardMaker;
  readonly #storage: MachineStorage;
  #runtime: MachineRuntime | undefined;

  /** @param storage where the images of drives are */
  constructor(platform: WorkerPlatform, makeBoard: BoardMaker, storage: MachineStorage) {
    this.#platform = platform;
    this.#makeBoard = makeBoard;
    this.#storage = storage;
  }

  handshake(version: number): Promise<string> {
    checkVersion(version);
    return this.#platform.signOfLife;
  }

  async start(init: MachineInit): Promise<void> {
    if (this.#runtime !== undefined) {
      throw vmError("internalError", "this worker has a machine already");
    }
    const { spec, images } = init;
    const platform = this.#platform;
    const module = init.module as WebAssembly.Module;
    const wire = init.wire as WirePort<WireToPage, WireToMachine>;
    const plan = planMemory({
      ramBytes: spec.memoryBytes,
      harts: spec.vcpus,
      aia: spec.aia,
      flash: spec.flash.map(({ unit }) => unit),
    });
    const memory = allocate(plan, spec);
    initMemory(memory.buffer, plan);
    const { accelerator, jitThreshold = JIT_THRESHOLD } = spec;
    setJitThreshold(memory.buffer, accelerator === "jit" ? jitThreshold : 0);
    const epochMs = platform.clock.nowMs();
    // Rings of this instance concern the thread that it runs in.
    const ring = (): void => {};
    const core = instantiateCore({ module, memory, clock: platform.clock, epochMs, ring });
    const makeBoard = this.#makeBoard;
    const warn = (text: string): void => wire.postMessage({ type: "trace", text });
    const nowMs = (): number => platform.clock.nowMs();
    const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
    const secrets = new Map(spec.secrets.map(({ id, bytes }) => [id, bytes]));
    const keys = { crypto: this.#storage.crypto, secrets };
    const drives = await openDrives(drivesOf(spec), { ...this.#storage, keys, warn, nowMs, after });
    const parts = { drives, spec, plan, module, memory, core, platform, epochMs, wire, makeBoard };
    this.#runtime = new MachineRuntime(parts);
    await this.#runtime.start(images, init.paused);
  }

  pause(): Promise<void> {
    return this.#machine().pause();
  }

  resume(): Promise<void> {
    return this.#machine().resume();
  }

  reset(): Promise<void> {
    return this.#machine().reset();
  }

  supplyImages(images: LoadedImages): void {
    this.#machine().supplyImages(images);
  }

  refuseImages(message: string): void {
    this.#machine().refuseImages(message);
  }

  async powerOff(): Promise<MachineStats | null> {
    const runtime = this.#runtime;
    this.#runtime = undefined;
    return runtime === undefined ? null : await runtime.powerOff();
  }

  stats(): MachineStats {
    return this.#machine().stats();
  }

  inspect(): GuestInspection {
    return this.#machine().inspect();
  }

  readMemory(address: number, length: number): Uint8Array {
    const bytes = this.#machine().readMemory(address, length);
    return transfer(bytes, [bytes.buffer as ArrayBuffer]);
  }

  sendKeys(command: KeyCommand): void {
    this.#machine().sendKeys(command);
  }

  changeDisks(command: DiskCommand): Promise<void> {
    return this.#machine().changeDisks(command);
  }

  balloon(command: BalloonCommand | null): BalloonInfo {
    return this.#machine().balloon(command);
  }

  blockStats(): Readonly<Record<string, BlockStats>> {
    return this.#machine().blockStats();
  }

  #machine(): MachineRuntime {
    if (this.#runtime === undefined) throw vmError("operationInvalid", "domain is not running");
    return this.#runtime;
  }
}

/** Flash has no way to keep a write for later: its status says at once that it failed. */
function drivesOf({ drives, flash }: MachineSpec): DriveSpec[] {
  const isBank = (id: string): boolean => flash.some(({ drive }) => drive === id);
  return drives.map((spec) => (isBank(spec.id) ? { ...spec, writeError: "report" } : spec));
}

/** The VM's one memory. The host commits its pages as the guest touches them. */
function allocate(plan: MemoryPlan, spec: MachineSpec): WebAssembly.Memory {
  const pages = plan.wasmPages;
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (cause) {
    const detail = `this host cannot give ${sizeText(spec.memoryBytes)} of RAM to ${spec.name}`;
    throw vmError("noMemory", detail, { cause });
  }
}
