/**
 * Runs one bare-metal program on an inline machine of this process and prints its console, so that
 * a bench or a profiler sees the core alone:
 *
 *     node dist/bench/inline.js [--interpret] PROGRAM
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { instantiateCore, JIT_THRESHOLD, setJitThreshold } from "../src/core/instance.ts";
import { InlineMachine } from "../src/machine/inline-machine.ts";
import type { MemoryPlan } from "../src/machine/memory-plan.ts";
import type { CoreExports } from "../src/protocol/core.ts";

const RAM_BYTES = 128 * 1024 * 1024;
const NS_PER_MS = 1e6;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { interpret: { type: "boolean", default: false } },
});
const [program] = positionals;
if (program === undefined) throw new Error("inline: name a program");

const module = new WebAssembly.Module(readFileSync("dist/core.wasm"));

function instantiate({ wasmPages }: MemoryPlan): { buffer: ArrayBufferLike; core: CoreExports } {
  const memory = new WebAssembly.Memory({ initial: wasmPages, maximum: 65_536, shared: true });
  const nowMs = (): number => Number(process.hrtime.bigint()) / NS_PER_MS;
  setJitThreshold(memory.buffer, values.interpret ? 0 : JIT_THRESHOLD);
  return { buffer: memory.buffer, core: instantiateCore(module, { memory, nowMs }) };
}

const machine = new InlineMachine({ ramBytes: RAM_BYTES, harts: 1, instantiate });
machine.boot({ kernel: { name: program, bytes: readFileSync(program) } });
let shown = 0;
const result = machine.run({
  until({ output }) {
    process.stdout.write(output.slice(shown));
    shown = output.length;
    return false;
  },
});
process.stdout.write(machine.output.slice(shown));
if (result.kind !== "power" || result.request.kind !== "poweroff") {
  console.error(`inline: ${JSON.stringify(result)}`);
  process.exitCode = 1;
}
