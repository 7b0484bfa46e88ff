import { instantiateCore, setJitThreshold } from "../src/core/instance.ts";
import type { InlineConfig } from "../src/machine/inline-machine.ts";

/**
 * Makes cores for inline machines that follow one another: they share one memory, which is zeroed
 * for each.
 *
 * @param jit translate all code at its first execution instead of interpreting it
 */
export function reusedCore(module: WebAssembly.Module, jit: boolean): InlineConfig["instantiate"] {
  let memory: WebAssembly.Memory | undefined;
  return ({ wasmPages }) => {
    if (memory === undefined || memory.buffer.byteLength !== wasmPages * 0x1_0000) {
      memory = new WebAssembly.Memory({ initial: wasmPages, maximum: wasmPages, shared: true });
    } else {
      new Uint8Array(memory.buffer).fill(0);
    }
    setJitThreshold(memory.buffer, jit ? 1 : 0);
    const core = instantiateCore(module, { memory, nowMs: () => performance.now() });
    return { buffer: memory.buffer, core };
  };
}
