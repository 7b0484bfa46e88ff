import { readFile } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { instantiateCore } from "../src/core/instance.ts";
import type { InlineConfig } from "../src/machine/inline-machine.ts";
import { runDirected } from "./directed/run-directed.ts";
import type { Engine } from "./outcome.ts";
import { runProgram } from "./run-program.ts";

/** The core as the build writes it, relative to the repository's root. */
export const CORE_PATH = "dist/core.wasm";

/**
 * Makes cores for inline machines that follow one another: they share one memory, which is zeroed
 * for each.
 *
 * @throws Error when the core is not built
 */
export async function reusedCore(path = CORE_PATH): Promise<InlineConfig["instantiate"]> {
  const module = await WebAssembly.compile(await readFile(path));
  let memory: WebAssembly.Memory | undefined;
  return ({ wasmPages }) => {
    if (memory === undefined || memory.buffer.byteLength !== wasmPages * 0x1_0000) {
      memory = new WebAssembly.Memory({ initial: wasmPages, maximum: wasmPages, shared: true });
    } else {
      new Uint8Array(memory.buffer).fill(0);
    }
    const core = instantiateCore(module, { memory, nowMs: () => performance.now() });
    return { buffer: memory.buffer, core };
  };
}

/** Runs programs in this process. */
export async function nodeEngine(): Promise<Engine> {
  const instantiate = await reusedCore();
  return {
    run: (program) => Promise.resolve(runProgram(program, instantiate)),
    runDirected: (test) => Promise.resolve(runDirected(test, instantiate)),
    close: () => Promise.resolve(),
  };
}
