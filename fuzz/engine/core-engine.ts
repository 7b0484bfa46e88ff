/** Runs an image in our core, without a board: RAM, one hart and the power-off register. */
import { readFile } from "node:fs/promises";
import { instantiateCore, setJitThreshold } from "../../src/core/instance.ts";
import { HartView } from "../../src/machine/hart-view.ts";
import { initMemory, planMemory } from "../../src/machine/memory-plan.ts";
import type { MemoryPlan } from "../../src/machine/memory-plan.ts";
import type { CoreExports } from "../../src/protocol/core.ts";
import { ExitReason } from "../../src/protocol/layout.ts";
import type { Image } from "../image.ts";
import { HARNESS_BASE, RAM_BYTES } from "../region.ts";
import type { Engine } from "./engine.ts";

const TEST_DEVICE = 0x10_0000n;
/** Far above what the longest program takes. */
const INSTRUCTIONS_PER_PROGRAM = 200_000;
const SLICE = 5_000_000;

export class CoreEngine implements Engine {
  readonly #memory: WebAssembly.Memory;
  readonly #plan: MemoryPlan;
  readonly #core: CoreExports;
  readonly #hart: HartView;
  readonly #ram: Uint8Array;
  #used = 0;

  /** @param jit translates every piece of code at its first execution instead of interpreting */
  constructor(module: WebAssembly.Module, jit: boolean) {
    this.#plan = planMemory({ ramBytes: RAM_BYTES, harts: 1 });
    const pages = this.#plan.wasmPages;
    this.#memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const { buffer } = this.#memory;
    initMemory(buffer, this.#plan);
    setJitThreshold(buffer, jit ? 1 : 0);
    this.#core = instantiateCore(module, { memory: this.#memory, nowMs: () => performance.now() });
    this.#hart = new HartView(buffer, 0);
    this.#ram = new Uint8Array(buffer, this.#plan.frames, RAM_BYTES);
  }

  /**
   * @param jit as for the constructor
   * @param path of the core, as the build writes it
   * @throws Error when it is not built
   */
  static async load(jit: boolean, path = "dist/core.wasm"): Promise<CoreEngine> {
    return new CoreEngine(await WebAssembly.compile(await readFile(path)), jit);
  }

  run(image: Image): Promise<Uint8Array> {
    this.#ram.fill(0, 0, this.#used);
    for (const { at, bytes } of image.pieces) this.#ram.set(bytes, at);
    this.#used = image.endAt;
    this.#core.irqchipReset();
    this.#core.hartReset(0, BigInt(HARNESS_BASE));
    this.#core.hartAttach(0);
    this.#execute(image.programs.length * INSTRUCTIONS_PER_PROGRAM);
    return Promise.resolve(this.#ram.subarray(0, image.endAt));
  }

  /** @throws Error when the image does not power the machine off */
  #execute(limit: number): void {
    for (let left = limit; left > 0;) {
      const before = this.#hart.u64("instret");
      const reason = this.#core.run(Math.min(left, SLICE));
      if (reason === ExitReason.mmioWrite && this.#hart.u64("exitAddress") === TEST_DEVICE) return;
      if (reason === ExitReason.mmioRead || reason === ExitReason.mmioWrite) {
        this.#hart.setU32("exitFault", 1);
      } else if (reason === ExitReason.fatal) {
        throw new Error(`the core gave up with code ${this.#hart.u32("fatal")}`);
      } else if (reason === ExitReason.wfi) throw new Error("the image waits for ever");
      // Instructions that trap do not retire; a used-up slice counts as a whole.
      const retired = Number(this.#hart.u64("instret") - before);
      left -= reason === ExitReason.budget ? SLICE : Math.max(1, retired);
    }
    throw new Error("the image does not end in the core");
  }

  close(): void {}
}
