import type { HartEnd, HartInit, HartService } from "../../protocol/hart-service.ts";
import type { Monotonic, WorkerPlatform } from "../../protocol/platform.ts";
import { checkVersion } from "../../protocol/rpc.ts";
import { vmError } from "../../protocol/vm-error.ts";
import { instantiateCore } from "../instantiate.ts";
import { HartLoop } from "./hart-loop.ts";

/** The service of a hart worker: prepared once, run once. */
export class HartWorker implements HartService {
  readonly #clock: Monotonic;
  readonly #signOfLife: Promise<string>;
  #loop: HartLoop | undefined;

  constructor({ clock, signOfLife }: Pick<WorkerPlatform, "clock" | "signOfLife">) {
    this.#clock = clock;
    this.#signOfLife = signOfLife;
  }

  handshake(version: number): Promise<string> {
    checkVersion(version);
    return this.#signOfLife;
  }

  async prepare(init: HartInit): Promise<void> {
    const { index, epochMs } = init;
    const memory = init.memory as WebAssembly.Memory;
    const module = init.module as WebAssembly.Module;
    const doorbell = init.doorbell as MessagePort | undefined;
    const clock = this.#clock;
    const ring = (): void => doorbell?.postMessage(0);
    const core = instantiateCore({ module, memory, clock, epochMs, ring });
    const nowMs = (): number => clock.nowMs() - epochMs;
    this.#loop = new HartLoop({ core, buffer: memory.buffer, index, nowMs, ring });
  }

  run(): HartEnd {
    if (this.#loop === undefined) throw vmError("internalError", "the hart is not prepared");
    return this.#loop.run();
  }
}
