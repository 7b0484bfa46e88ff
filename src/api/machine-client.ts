import type { BalloonCommand } from "../protocol/balloon.ts";
import { type DriveError, driveErrorText } from "../protocol/drive-error.ts";
import type { ThresholdPassed } from "../protocol/write-threshold.ts";
import type {
  DiskCommand,
  GuestInspection,
  KeyCommand,
  KeyEvent,
} from "../protocol/machine-service.ts";
import { type MachineStats, machineStats } from "../protocol/stats.ts";
import type { MachineEnd } from "../protocol/wire.ts";
import { vmError } from "../protocol/vm-error.ts";
import type { MachineHost } from "./host.ts";
import type { Machine, StartOptions } from "./machine.ts";
import { MachineRun } from "./machine-run.ts";
import type { ThrottleLimits } from "../util/throttle-limits.ts";
import { Deferred } from "./deferred.ts";
import { requestPowerOff } from "./sysrq.ts";
import type {
  BalloonInfo,
  BlockStats,
  DiskAttachment,
  DriveConfig,
  LoadProgress,
  MachineConfig,
  MachineState,
  StateEvent,
} from "./types.ts";
import { type MachineVerb, refusal } from "./verbs.ts";
import { WiredChannel } from "./wired-channel.ts";
import { WiredConsole } from "./wired-console.ts";

const NO_STATS = machineStats([]);

/** `Machine` over a host's workers. */
export class MachineClient implements Machine {
  readonly config: MachineConfig;
  readonly serial = new WiredConsole(0);
  readonly consoles: readonly WiredConsole[];
  readonly channels: readonly WiredChannel[];
  readonly #host: MachineHost;
  readonly #listeners = new Set<(event: StateEvent) => void>();
  readonly #traces = new Set<(text: string) => void>();
  readonly #loads = new Set<(progress: LoadProgress) => void>();
  readonly #reboots = new Set<() => void>();
  readonly #balloons = new Set<(actualBytes: number) => void>();
  readonly #ioErrors = new Set<(error: DriveError) => void>();
  readonly #thresholds = new Set<(passed: ThresholdPassed) => void>();
  #event: StateEvent = { state: "shutoff", reason: "unknown" };
  #run: MachineRun | undefined;
  #ended = new Deferred<StateEvent>();
  #released: Promise<void> = Promise.resolve();
  #stats = NO_STATS;
  /** Verbs, one after the other; only `forceOff` does not wait for its turn. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(host: MachineHost, config: MachineConfig) {
    this.#host = host;
    this.config = config;
    this.consoles = (config.devices ?? [])
      .filter(({ kind }) => kind === "virtio-console")
      .map((_, index) => new WiredConsole(index + 1));
    const first = 1 + this.consoles.length;
    this.channels = (config.devices ?? [])
      .flatMap((device) => (device.kind === "virtio-serial" ? device.ports : []))
      .map(({ name }, index) => new WiredChannel(first + index, name));
  }

  get state(): MachineState {
    return this.#event.state;
  }

  get lastEvent(): StateEvent {
    return this.#event;
  }

  get ended(): Promise<StateEvent> {
    return this.#ended.promise;
  }

  get released(): Promise<void> {
    return this.#released;
  }

  start({ paused = false }: StartOptions = {}): Promise<void> {
    return this.#verb("start", () => this.#start(paused));
  }

  pause(): Promise<void> {
    return this.#verb("pause", async (run) => {
      if (this.state === "paused") return;
      await run?.pause();
      this.#reached(run, { state: "paused", reason: "user" });
    });
  }

  resume(): Promise<void> {
    return this.#verb("resume", async (run) => {
      await run?.resume();
      this.#reached(run, { state: "running", reason: "unpaused" });
    });
  }

  reset(): Promise<void> {
    return this.#verb("reset", async (run) => run?.reset());
  }

  shutdown(): Promise<void> {
    return this.#verb("shutdown", () => requestPowerOff(this.serial));
  }

  async forceOff(): Promise<void> {
    const refused = this.#run === undefined ? refusal("forceOff", this.state) : null;
    if (refused !== null) throw refused;
    const run = this.#run;
    this.#run = undefined;
    this.#released = run?.released.promise ?? this.#released;
    this.#stats = (await run?.forceOff()) ?? this.#stats;
    this.#end({ state: "shutoff", reason: "destroyed" });
  }

  async stats(): Promise<MachineStats> {
    const run = this.#run;
    if (run === undefined || this.state === "shutoff") return this.#stats;
    try {
      this.#stats = await run.stats();
    } catch {
      // It ended meanwhile: the last figures stay.
    }
    return this.#stats;
  }

  inspect(): Promise<GuestInspection> {
    return this.#look((run) => run.inspect());
  }

  readMemory(address: number, length: number): Promise<Uint8Array> {
    return this.#look((run) => run.readMemory(address, length));
  }

  sendKeys(codes: readonly number[], options: { readonly holdMs?: number } = {}): Promise<void> {
    return this.#sendKeys({ kind: "press", codes, ...options });
  }

  sendKeyEvents(events: readonly KeyEvent[]): Promise<void> {
    return this.#sendKeys({ kind: "events", events });
  }

  balloon(): Promise<BalloonInfo> {
    return this.#commandBalloon(null);
  }

  async setBalloon(bytes: number): Promise<void> {
    await this.#commandBalloon({ kind: "target", bytes });
  }

  async setBalloonPolling(seconds: number): Promise<void> {
    await this.#commandBalloon({ kind: "poll", seconds });
  }

  blockResize(drive: string, sizeBytes: number): Promise<void> {
    return this.#changeDisks({ kind: "resize", drive, sizeBytes });
  }

  setBlockIoTune(drive: string, limits: ThrottleLimits): Promise<void> {
    return this.#changeDisks({ kind: "throttle", drive, limits });
  }

  setWriteThreshold(drive: string, bytes: number): Promise<void> {
    return this.#changeDisks({ kind: "writeThreshold", drive, bytes });
  }

  attachDisk(disk: DiskAttachment): Promise<void> {
    return this.#changeDisks({ kind: "attach", ...disk });
  }

  detachDisk(unit: string): Promise<void> {
    return this.#changeDisks({ kind: "detach", unit });
  }

  changeMedium(
    unit: string,
    drive: DriveConfig | null,
    { force = false, secrets = [] }: Parameters<Machine["changeMedium"]>[2] = {},
  ): Promise<void> {
    return this.#changeDisks({ kind: "changeMedium", unit, drive, force, secrets });
  }

  async blockStats(): Promise<Readonly<Record<string, BlockStats>>> {
    const refused = refusal("changeDisks", this.state);
    if (refused !== null) throw refused;
    return (await this.#run?.blockStats()) ?? {};
  }

  onState(listener: (event: StateEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onGuestError(listener: (text: string) => void): () => void {
    this.#traces.add(listener);
    return () => this.#traces.delete(listener);
  }

  onIoError(listener: (error: DriveError) => void): () => void {
    this.#ioErrors.add(listener);
    return () => this.#ioErrors.delete(listener);
  }

  onWriteThreshold(listener: (passed: ThresholdPassed) => void): () => void {
    this.#thresholds.add(listener);
    return () => this.#thresholds.delete(listener);
  }

  onBalloon(listener: (actualBytes: number) => void): () => void {
    this.#balloons.add(listener);
    return () => this.#balloons.delete(listener);
  }

  onLoad(listener: (progress: LoadProgress) => void): () => void {
    this.#loads.add(listener);
    return () => this.#loads.delete(listener);
  }

  onReboot(listener: () => void): () => void {
    this.#reboots.add(listener);
    return () => this.#reboots.delete(listener);
  }

  #commandBalloon(command: BalloonCommand | null): Promise<BalloonInfo> {
    return this.#look((run) => run.balloon(command), "balloon");
  }

  #look<T>(look: (run: MachineRun) => Promise<T>, verb: MachineVerb = "inspect"): Promise<T> {
    return this.#verb(verb, async (run) => {
      if (run === undefined) throw vmError("operationInvalid", "domain is not running");
      return look(run);
    });
  }

  #sendKeys(command: KeyCommand): Promise<void> {
    return this.#verb("sendKeys", async (run) => run?.sendKeys(command));
  }

  #changeDisks(command: DiskCommand): Promise<void> {
    return this.#verb("changeDisks", async (run) => run?.changeDisks(command));
  }

  async #start(paused: boolean): Promise<void> {
    this.#stats = NO_STATS;
    await this.#released;
    const run: MachineRun = new MachineRun(this.#host, this.config, this.#lines(), {
      ended: (end, counters) => this.#runEnded(run, end, counters),
      trace: (text) => this.#traces.forEach((listener) => listener(text)),
      loading: (progress) => this.#loads.forEach((listener) => listener(progress)),
      driveError: (error) => this.#ioErrors.forEach((listener) => listener(error)),
      thresholdPassed: (passed) => this.#thresholds.forEach((listener) => listener(passed)),
      balloon: (bytes) => this.#balloons.forEach((listener) => listener(bytes)),
      rebooted: () => this.#reboots.forEach((listener) => listener()),
      stopped: (error, isStale) => this.#runStopped(run, error, isStale),
    });
    this.#run = run;
    try {
      await run.start(paused);
    } catch (error) {
      await run.forceOff();
      this.#released = run.released.promise;
      if (this.#run !== run) throw error;
      this.#run = undefined;
      const message = error instanceof Error ? error.message : String(error);
      this.#end({ state: "shutoff", reason: "failed", message });
      throw error;
    }
    this.#reached(
      run,
      paused ? { state: "paused", reason: "user" } : { state: "running", reason: "booted" },
    );
  }

  #lines(): readonly WiredConsole[] {
    return [this.serial, ...this.consoles, ...this.channels];
  }

  /** A verb succeeded; the run may have ended before the news came. */
  #reached(run: MachineRun | undefined, event: StateEvent): void {
    if (run === undefined || this.#run !== run) return;
    this.#set(event);
  }

  /** The machine paused itself. Verbs whose answers are still to come count as earlier. */
  #runStopped(run: MachineRun, error: DriveError, isStale: () => boolean): void {
    this.#queue = this.#queue.then(() => {
      if (isStale()) return;
      this.#reached(run, { state: "paused", reason: "ioerror", message: driveErrorText(error) });
    });
  }

  #runEnded(run: MachineRun, end: MachineEnd, counters: MachineStats | null): void {
    if (this.#run !== run) return;
    this.#run = undefined;
    this.#stats = counters ?? this.#stats;
    if (end.kind === "crashed") {
      const { message, harts } = end;
      this.#end({ state: "crashed", reason: "crashed", message, harts });
    } else {
      this.#end({ state: "shutoff", reason: "shutdown", exitCode: end.exitCode });
    }
  }

  #end(event: StateEvent): void {
    const ended = this.#ended;
    this.#ended = new Deferred<StateEvent>();
    this.#set(event);
    ended.resolve(event);
  }

  #set(event: StateEvent): void {
    this.#event = event;
    for (const listener of this.#listeners) listener(event);
  }

  #verb<T>(verb: MachineVerb, act: (run: MachineRun | undefined) => Promise<T>): Promise<T> {
    const turn = this.#queue.then(async () => {
      const refused = refusal(verb, this.state);
      if (refused !== null) throw refused;
      return act(this.#run);
    });
    this.#queue = turn.catch(() => {});
    return turn;
  }
}
