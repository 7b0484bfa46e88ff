import type { HartEnd, HartInit, HartService } from "../../protocol/hart-service.ts";
import { Event, ExitState, HartState, RunState } from "../../protocol/layout.ts";
import type { WorkerHandle } from "../../protocol/platform.ts";
import { transfer } from "../../protocol/rpc.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { vmError } from "../../protocol/vm-error.ts";
import { ControlWords, HartWords } from "../views.ts";
import { waitAsync } from "./doorbell.ts";

/** A hart leaves guest code within a few thousand instructions; this is for one that hangs. */
const PARK_TIMEOUT_MS = 5000;

const STANDING: ReadonlySet<number> = new Set([
  HartState.stopped,
  HartState.paused,
  HartState.crashed,
]);

type Worker = WorkerHandle<HartService>;

/** What the pool needs from the machine worker. */
export interface HartsOptions {
  readonly count: number;
  readonly buffer: ArrayBufferLike;
  spawn(): WorkerHandle<HartService>;
  /** The parts of `HartInit` that all harts have in common. */
  readonly init: Omit<HartInit, "index" | "doorbell">;
  /** A hart rang by message: only where the engine lacks Atomics.waitAsync. */
  onRing(): void;
  /** A hart ended by itself: always a crash. Called at most once a hart. */
  onCrash(message: string): void;
}

/**
 * The VM's vCPUs: starts, parks and releases their workers. Nothing here ends them: they end with the
 * machine worker. Chromium loses a thread, and with it the VM's memory, when a worker is terminated
 * while the one that made it is, too.
 */
export class Harts {
  readonly #options: HartsOptions;
  readonly #control: ControlWords;
  readonly views: readonly HartWords[];
  #waiters: (() => void)[] = [];

  constructor(options: HartsOptions) {
    this.#options = options;
    this.#control = new ControlWords(options.buffer);
    this.views = Array.from({ length: options.count }, (_, i) => new HartWords(options.buffer, i));
  }

  /** Starts a worker for every hart; they stand at CONTROL.runState, which must not be `running`. */
  async spawn(): Promise<void> {
    const workers = this.views.map(() => this.#options.spawn());
    await Promise.all(workers.map((worker, index) => this.#prepare(worker, index)));
    for (const [index, worker] of workers.entries()) void this.#follow(worker, index);
  }

  async #prepare(worker: Worker, index: number): Promise<void> {
    const failed = new Promise<never>((_, reject) => {
      worker.onFailure((message) => {
        this.#lost(index);
        this.#options.onCrash(`hart ${index}: its worker ended: ${message}`);
        reject(vmError("internalError", `the worker of hart ${index} ended: ${message}`));
      });
    });
    const ready = worker.service.handshake(PROTOCOL_VERSION).then((signOfLife) => {
      worker.watch(signOfLife);
      return worker.service.prepare(this.#initFor(index));
    });
    await Promise.race([ready, failed]);
  }

  #initFor(index: number): HartInit {
    const init = { ...this.#options.init, index };
    if (waitAsync !== undefined) return init;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => this.#options.onRing();
    return transfer({ ...init, doorbell: port2 }, [port2]);
  }

  /** Waits for the end of a hart's run. */
  async #follow(worker: Worker, index: number): Promise<void> {
    let end: HartEnd;
    try {
      end = await worker.service.run();
    } catch (error) {
      this.#lost(index);
      end = { kind: "crashed", message: `hart ${index}: ${String(error)}` };
    }
    if (end.kind === "crashed") this.#options.onCrash(end.message);
  }

  /** A hart that is gone stands: nobody shall wait for it. */
  #lost(index: number): void {
    this.views[index]?.setState(HartState.crashed);
    this.stateChanged();
  }

  /** To be called for Doorbell.state: a hart changed its state. */
  stateChanged(): void {
    if (!this.#standing()) return;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }

  /** Lets all harts execute. */
  release(): void {
    this.#control.setRunState(RunState.running);
  }

  /**
   * Brings all harts out of guest code; resolves when every one stands.
   *
   * @param target `paused`, or `stopped` to end their runs for good
   * @throws VmError when a hart does not react within 5 s
   */
  async park(target: typeof RunState.paused | typeof RunState.stopped): Promise<void> {
    this.#control.setRunState(target);
    for (const { words, events, exitState } of this.views) {
      Atomics.or(words, events, Event.request);
      Atomics.notify(words, events);
      // A hart that waits for an answer at the end of the VM shall not wait for ever.
      if (target !== RunState.stopped) continue;
      Atomics.compareExchange(words, exitState, ExitState.request, ExitState.answered);
      Atomics.notify(words, exitState);
    }
    if (!this.#standing()) await this.#untilStanding();
  }

  #standing(): boolean {
    return this.views.every((view) => STANDING.has(view.getState()));
  }

  #untilStanding(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(vmError("operationTimeout", "a virtual CPU does not leave guest code"));
      }, PARK_TIMEOUT_MS);
      this.#waiters.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
