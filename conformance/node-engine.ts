import { readFile } from "node:fs/promises";
import { runDirected } from "./directed/run-directed.ts";
import type { Engine } from "./outcome.ts";
import { reusedCore } from "./reused-core.ts";
import { runProgram } from "./run-program.ts";

/** The core as the build writes it, relative to the repository's root. */
const CORE_PATH = "dist/core.wasm";

/**
 * Runs programs in this process.
 *
 * @param jit as for `reusedCore`
 * @throws Error when the core is not built
 */
export async function nodeEngine(jit: boolean): Promise<Engine> {
  const instantiate = reusedCore(await WebAssembly.compile(await readFile(CORE_PATH)), jit);
  return {
    run: (program) => Promise.resolve(runProgram(program, instantiate)),
    runDirected: (name) => Promise.resolve(runDirected(name, instantiate)),
    close: () => Promise.resolve(),
  };
}
