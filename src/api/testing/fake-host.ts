/** A host without workers: the test plays the machine worker. */
import type { BalloonCommand } from "../../protocol/balloon.ts";
import type {
  DiskCommand,
  KeyCommand,
  MachineInit,
  MachineService,
} from "../../protocol/machine-service.ts";
import type { WorkerHandle } from "../../protocol/platform.ts";
import { machineStats, NO_VCPU_STATS } from "../../protocol/stats.ts";
import type { WireToMachine, WireToPage } from "../../protocol/wire.ts";
import type { LoadControl, MachineHost } from "../host.ts";
import type { ImageSource } from "../types.ts";

export const COUNTERS = machineStats([{ ...NO_VCPU_STATS, instructions: 1000, traps: 3 }]);

const NO_BALLOON = { actualBytes: 0, stats: {}, statsAtS: 0, pollIntervalS: 0 };

/** One fake worker: what it was asked, and its end of the wire. */
export class FakeWorker implements WorkerHandle<MachineService> {
  readonly calls: string[] = [];
  readonly received: WireToMachine[] = [];
  terminated = false;
  #images: { resolve(): void; reject(error: Error): void } = {
    resolve: () => {},
    reject: () => {},
  };
  init: MachineInit | undefined;
  /** Verbs that reject, with their errors. */
  readonly refusals = new Map<string, Error>();
  /** Verbs that never answer. */
  readonly silent = new Set<string>();
  watched = "";
  fail: (message: string) => void = () => {};
  readonly service = {
    handshake: () => this.#call("handshake").then(() => "a lock"),
    start: (init: MachineInit) => {
      this.init = init;
      const port = init.wire as MessagePort;
      port.onmessage = ({ data }: { data: WireToMachine }) => this.received.push(data);
      return this.#call("start");
    },
    pause: () => this.#call("pause"),
    resume: () => this.#call("resume"),
    reset: () => this.#call("reset").then(() => this.#askForImages()),
    supplyImages: () => this.#call("supplyImages").then(() => this.#images.resolve()),
    refuseImages: (message: string) =>
      this.#call(`refuseImages: ${message}`).then(() => this.#images.reject(new Error(message))),
    powerOff: () => this.#call("powerOff").then(() => COUNTERS),
    stats: () => this.#call("stats").then(() => COUNTERS),
    inspect: () => this.#call("inspect").then(() => ({ memory: [], harts: [] })),
    readMemory: (address: number, length: number) =>
      this.#call(`readMemory ${address}`).then(() => new Uint8Array(length)),
    changeDisks: ({ kind }: DiskCommand) => this.#call(`changeDisks ${kind}`),
    sendKeys: (command: KeyCommand) => this.#call(`sendKeys ${JSON.stringify(command)}`),
    balloon: (command: BalloonCommand | null) =>
      this.#call(`balloon ${JSON.stringify(command)}`).then(() => NO_BALLOON),
    blockStats: () => this.#call("blockStats").then(() => ({})),
  };

  /** Speaks on the wire as the machine worker. */
  say(message: WireToPage): void {
    if (this.init === undefined) throw new Error("the worker was not started");
    (this.init.wire as MessagePort).postMessage(message);
  }

  #askForImages(): Promise<void> {
    const answer = new Promise<void>((resolve, reject) => {
      this.#images = { resolve, reject };
    });
    this.say({ type: "images" });
    return answer;
  }

  onFailure(listener: (message: string) => void): void {
    this.fail = listener;
  }

  watch(signOfLife: string): void {
    this.watched = signOfLife;
  }

  terminate(): void {
    this.terminated = true;
    (this.init?.wire as MessagePort | undefined)?.close();
  }

  async #call(name: string): Promise<void> {
    this.calls.push(name);
    if (this.silent.has(name)) await new Promise(() => {});
    const refusal = this.refusals.get(name);
    if (refusal !== undefined) throw refusal;
  }
}

export class FakeHost implements MachineHost {
  readonly workers: FakeWorker[] = [];
  readonly loaded: string[] = [];
  /** Prepares the next worker. */
  prepare: (worker: FakeWorker) => void = () => {};
  loadError: Error | undefined;

  async core(): Promise<unknown> {
    return "core";
  }

  /** Called in a load, which goes on when it resolves. */
  whileLoading: (name: string, control: LoadControl | undefined) => Promise<void> = async () => {};

  async load(source: ImageSource, control?: LoadControl): Promise<Uint8Array> {
    this.loaded.push(source.name);
    if (this.loadError !== undefined) throw this.loadError;
    await this.whileLoading(source.name, control);
    return Uint8Array.of(1, 2, 3);
  }

  spawnMachine(): FakeWorker {
    const worker = new FakeWorker();
    this.prepare(worker);
    this.workers.push(worker);
    return worker;
  }

  get worker(): FakeWorker {
    const worker = this.workers.at(-1);
    if (worker === undefined) throw new Error("no worker was started");
    return worker;
  }
}
