/** Ports without a host: files in memory, machines that tests play. */
import { type HartRegisters, TOLD_CSRS } from "../../../../protocol/hart-registers.ts";
import type {
  ChannelPort,
  ConsolePort,
  Machine,
  SerialPort,
  StartOptions,
} from "../../../../api/machine.ts";
import type {
  BalloonInfo,
  GuestInspection,
  LoadProgress,
  MachineConfig,
  MachineState,
  StateEvent,
} from "../../../../api/types.ts";
import { refusal, type MachineVerb } from "../../../../api/verbs.ts";
import { machineStats, NO_VCPU_STATS } from "../../../../protocol/stats.ts";
import type { ThresholdPassed } from "../../../../protocol/write-threshold.ts";
import { vmError } from "../../../../protocol/vm-error.ts";
import type { StoragePool } from "../../../storage/pool.ts";
import type { PoolStore } from "../../../storage/ports.ts";
import type { Storage } from "../../../storage/storage.ts";
import type { OutputFile, QemuPorts, TextFiles } from "../ports.ts";

/** A line of a fake machine: what it is sent, and a way to speak for the guest. */
export class FakePort implements SerialPort, ConsolePort {
  readonly sent: Uint8Array[] = [];
  /** Plays the guest. */
  onWrite: (bytes: Uint8Array) => void = () => {};
  #output!: ReadableStreamDefaultController<Uint8Array>;
  readonly readable = new ReadableStream<Uint8Array>({
    start: (controller) => {
      this.#output = controller;
    },
  });
  readonly writable = new WritableStream<Uint8Array>({
    write: (bytes) => {
      this.sent.push(bytes);
      this.onWrite(bytes);
    },
  });

  say(text: string): void {
    this.#output.enqueue(new TextEncoder().encode(text));
  }

  async sendBreak(): Promise<void> {}

  resize(): void {}
}

/** A channel of a fake machine; a test opens it for the guest. */
export class FakeChannel extends FakePort implements ChannelPort {
  readonly name: string;
  isOpen = false;
  readonly #listeners = new Set<(isOpen: boolean) => void>();

  constructor(name: string) {
    super();
    this.name = name;
  }

  open(isOpen: boolean): void {
    this.isOpen = isOpen;
    for (const listener of this.#listeners) listener(isOpen);
  }

  onOpen(listener: (isOpen: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

const NO_REGISTERS = {
  f: Array.from({ length: 32 }, () => 0n),
  privilege: 1,
  csrs: Object.fromEntries(TOLD_CSRS.map((name) => [name, 0n])) as HartRegisters["csrs"],
};

/** Obeys the embedding API's table of verbs; a guest's own doings are `tell`. */
export class FakeMachine implements Machine {
  readonly config: MachineConfig;
  readonly serial = new FakePort();
  readonly consoles: readonly FakePort[];
  readonly channels: readonly FakeChannel[];
  readonly calls: string[] = [];
  readonly released = Promise.resolve();
  lastEvent: StateEvent = { state: "shutoff", reason: "unknown" };
  startError: Error | null = null;
  /** A start waits for it, and can be ended meanwhile. */
  images: Promise<void> = Promise.resolve();
  #endStart: ((error: Error) => void) | null = null;
  readonly #loads = new Set<(progress: LoadProgress) => void>();
  readonly #listeners = new Set<(event: StateEvent) => void>();
  #end!: (event: StateEvent) => void;
  readonly ended = new Promise<StateEvent>((resolve) => {
    this.#end = resolve;
  });

  constructor(config: MachineConfig) {
    this.config = config;
    const { memoryBytes: actualBytes } = config;
    this.balloonInfo = { actualBytes, stats: {}, statsAtS: 0, pollIntervalS: 0 };
    const consoles = config.devices?.filter(({ kind }) => kind === "virtio-console") ?? [];
    this.consoles = consoles.map(() => new FakePort());
    this.channels = (config.devices ?? [])
      .flatMap((device) => (device.kind === "virtio-serial" ? device.ports : []))
      .map(({ name }) => new FakeChannel(name));
  }

  get state(): MachineState {
    return this.lastEvent.state;
  }

  tell(event: StateEvent): void {
    this.lastEvent = event;
    for (const listener of this.#listeners) listener(event);
    if (event.state === "shutoff" || event.state === "crashed") this.#end(event);
  }

  async start({ paused = false }: StartOptions = {}): Promise<void> {
    await this.#verb("start");
    const ended = new Promise<never>((_, reject) => (this.#endStart = reject));
    await Promise.race([this.images, ended]).finally(() => (this.#endStart = null));
    if (this.startError) {
      this.tell({ state: "shutoff", reason: "failed", message: this.startError.message });
      throw this.startError;
    }
    this.tell(
      paused ? { state: "paused", reason: "user" } : { state: "running", reason: "booted" },
    );
  }

  async pause(): Promise<void> {
    await this.#verb("pause");
    if (this.state === "running") this.tell({ state: "paused", reason: "user" });
  }

  async resume(): Promise<void> {
    await this.#verb("resume");
    this.tell({ state: "running", reason: "unpaused" });
  }

  reset(): Promise<void> {
    return this.#verb("reset");
  }

  shutdown(): Promise<void> {
    return this.#verb("shutdown");
  }

  async forceOff(): Promise<void> {
    const end = this.#endStart;
    if (end) this.calls.push("forceOff");
    else await this.#verb("forceOff");
    end?.(vmError("operationAborted", "the machine was forced off"));
    this.tell({ state: "shutoff", reason: "destroyed" });
  }

  async stats() {
    return machineStats([{ ...NO_VCPU_STATS, hartMs: 1500, instructions: 7 }], 64 * 1024);
  }

  /** One hart, and two pieces of memory that begin with their addresses. */
  async inspect(): Promise<GuestInspection> {
    await this.#verb("inspect");
    const x = Array.from({ length: 32 }, (_, n) => BigInt(n * 16));
    const memory = [
      { start: 0x1000, sizeBytes: 0x1000 },
      { start: 0x8000_0000, sizeBytes: 0x3000 },
    ];
    return { memory, harts: [{ ...NO_REGISTERS, pc: 0x8000_1234n, x }] };
  }

  async readMemory(address: number, length: number): Promise<Uint8Array> {
    await this.#verb("inspect", "readMemory");
    const bytes = new Uint8Array(length);
    new DataView(bytes.buffer).setUint32(0, address, true);
    return bytes;
  }

  sendKeys(codes: readonly number[], { holdMs = 0 } = {}): Promise<void> {
    return this.#verb("sendKeys", `sendKeys ${codes.join("-")} ${holdMs}`);
  }

  sendKeyEvents(events: Parameters<Machine["sendKeyEvents"]>[0]): Promise<void> {
    const texts = events.map(({ code, isDown }) => `${isDown ? "+" : "-"}${code}`);
    return this.#verb("sendKeys", `sendKeyEvents ${texts.join(" ")}`);
  }

  /** What the machine's balloon is like; a test plays the guest that changes it. */
  balloonInfo: BalloonInfo;
  readonly #balloons = new Set<(actualBytes: number) => void>();

  async balloon() {
    await this.#verb("balloon");
    return this.balloonInfo;
  }

  setBalloon(bytes: number): Promise<void> {
    return this.#verb("balloon", `setBalloon ${bytes}`);
  }

  setBalloonPolling(seconds: number): Promise<void> {
    this.balloonInfo = { ...this.balloonInfo, pollIntervalS: seconds };
    return this.#verb("balloon", `setBalloonPolling ${seconds}`);
  }

  onBalloon(listener: (actualBytes: number) => void): () => void {
    this.#balloons.add(listener);
    return () => this.#balloons.delete(listener);
  }

  /** The guest has given memory up, or has taken it back. */
  inflate(actualBytes: number): void {
    this.balloonInfo = { ...this.balloonInfo, actualBytes };
    for (const listener of this.#balloons) listener(actualBytes);
  }

  blockResize(drive: string, sizeBytes: number): Promise<void> {
    return this.#verb("changeDisks", `resize ${drive} ${sizeBytes}`);
  }

  setBlockIoTune(drive: string, limits: object): Promise<void> {
    return this.#verb("changeDisks", `tune ${drive} ${JSON.stringify(limits)}`);
  }

  setWriteThreshold(drive: string, bytes: number): Promise<void> {
    return this.#verb("changeDisks", `threshold ${drive} ${bytes}`);
  }

  attachDisk({ unit }: Parameters<Machine["attachDisk"]>[0]): Promise<void> {
    return this.#verb("changeDisks", `attach ${unit.id}`);
  }

  detachDisk(unit: string): Promise<void> {
    return this.#verb("changeDisks", `detach ${unit}`);
  }

  changeMedium(unit: string): Promise<void> {
    return this.#verb("changeDisks", `changeMedium ${unit}`);
  }

  async blockStats() {
    await this.#verb("changeDisks", "blockStats");
    return {};
  }

  onState(listener: (event: StateEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onGuestError(): () => void {
    return () => {};
  }

  onLoad(listener: (progress: LoadProgress) => void): () => void {
    this.#loads.add(listener);
    return () => this.#loads.delete(listener);
  }

  /** So much of the images is there. */
  load(progress: LoadProgress): void {
    for (const listener of this.#loads) listener(progress);
  }

  readonly #reboots = new Set<() => void>();

  onReboot(listener: () => void): () => void {
    this.#reboots.add(listener);
    return () => this.#reboots.delete(listener);
  }

  /** The guest restarts the machine. */
  reboot(): void {
    for (const listener of this.#reboots) listener();
  }

  onIoError(): () => void {
    return () => {};
  }

  readonly #thresholds = new Set<(passed: ThresholdPassed) => void>();

  onWriteThreshold(listener: (passed: ThresholdPassed) => void): () => void {
    this.#thresholds.add(listener);
    return () => this.#thresholds.delete(listener);
  }

  /** A write has reached behind a threshold. */
  passThreshold(passed: ThresholdPassed): void {
    for (const listener of this.#thresholds) listener(passed);
  }

  async #verb(verb: MachineVerb, call: string = verb): Promise<void> {
    const refused = refusal(verb, this.state);
    if (refused) throw refused;
    this.calls.push(call);
  }
}

/**
 * Files in memory. `dieAfter` changes the writer dies: nothing is changed any more, but that a new file
 * may be there without its text, as in browsers.
 */
export class MemoryFiles implements TextFiles {
  readonly files: Map<string, string>;
  #changesLeft: number;

  constructor(files = new Map<string, string>(), dieAfter = Infinity) {
    this.files = files;
    this.#changesLeft = dieAfter;
  }

  async list(directory: string): Promise<string[]> {
    return [...this.files.keys()]
      .filter((path) => path.slice(0, path.lastIndexOf("/")) === directory)
      .map((path) => path.slice(directory.length + 1));
  }

  async read(path: string): Promise<string | null> {
    return this.files.get(path) ?? null;
  }

  async write(path: string, text: string): Promise<void> {
    if (this.#changesLeft <= 0 && !this.files.has(path)) this.files.set(path, "");
    this.#change();
    this.files.set(path, text);
  }

  async remove(path: string): Promise<void> {
    if (!this.files.has(path)) return;
    this.#change();
    this.files.delete(path);
  }

  #change(): void {
    if (this.#changesLeft-- <= 0) throw vmError("systemError", "the writer died");
  }
}

export class FakePorts implements QemuPorts {
  readonly machines: FakeMachine[] = [];
  readonly files: MemoryFiles;
  /** Prepares the next machine. */
  prepare: (machine: FakeMachine) => void = () => {};
  /** Paths that are not there. */
  readonly missing = new Set<string>();
  #uuids = 0;
  readonly images = {
    bootImage: async (path: string) => {
      await this.images.check(path);
      return { kind: "url", name: path, url: `file://${path}` } as const;
    },
    defaultFirmware: async () =>
      ({ kind: "bytes", name: "firmware", bytes: new Uint8Array(4) }) as const,
    read: async () => new Uint8Array(4),
    check: async (path: string) => {
      if (!this.missing.has(path)) return;
      throw vmError(
        "systemError",
        `Cannot access storage file '${path}': No such file or directory`,
      );
    },
    exists: async (path: string) => !this.missing.has(path),
    remove: async (path: string) => void this.missing.add(path),
    info: async () => ({ capacity: 1024n, allocation: 512n, physical: 768n }),
  };
  readonly host = {
    hostname: "host",
    version: 1_002_003,
    emulator: "/usr/bin/qemu-system-riscv64",
    nvramFolder: "/nvram",
    channelFolder: "/channels",
    efiLoader: "/efi.fd",
    efiVars: "/efi-vars.fd",
    node: {
      model: "x86_64",
      memoryKib: 1024,
      cpus: 2,
      mhz: 1000,
      nodes: 1,
      sockets: 1,
      cores: 2,
      threads: 1,
    },
    freeMemory: (): bigint | null => 4096n,
  };

  constructor(files = new MemoryFiles()) {
    this.files = files;
  }

  /** Files that were written, by their paths. */
  readonly outputs = new Map<string, Uint8Array>();

  async createFile(path: string): Promise<OutputFile> {
    await this.images.check(path);
    let bytes: number[] = [];
    return {
      // As a file's: others get their turn meanwhile.
      write: async (more) => {
        await new Promise((resolve) => setTimeout(resolve));
        bytes.push(...more);
      },
      close: async () => void this.outputs.set(path, Uint8Array.from(bytes)),
      discard: async () => {
        bytes = [];
      },
    };
  }

  createMachine(config: MachineConfig): FakeMachine {
    const machine = new FakeMachine(config);
    this.prepare(machine);
    this.machines.push(machine);
    return machine;
  }

  /** Pools by name; tests of pools are beside pools. */
  readonly pools = new Map<string, StoragePool>();
  /** Who uses a path, as the driver says. */
  usersOf: (path: string) => readonly string[] = () => [];

  async openStorage(
    usersOf: (path: string) => readonly string[],
    _store: PoolStore,
  ): Promise<Storage> {
    this.usersOf = usersOf;
    const storage: Pick<Storage, "onEvent" | "poolByName" | "pools"> = {
      onEvent: () => () => {},
      pools: () => [...this.pools.values()],
      poolByName: (name) => {
        const pool = this.pools.get(name);
        if (pool) return pool;
        throw vmError("noStoragePool", `no storage pool with matching name '${name}'`);
      },
    };
    return storage as Storage;
  }

  nowMs(): number {
    return 1_700_000_000_000;
  }

  readonly newUuid = (): string =>
    `00000000-0000-0000-0000-${String(++this.#uuids).padStart(12, "0")}`;

  newMac(): string {
    return "52:54:00:00:00:01";
  }
}
