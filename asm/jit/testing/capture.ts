/** Catches the modules that the JIT writes, without compiling them. */
import { setJitThreshold } from "../../../src/core/instance.ts";
import { assemble } from "../../../src/isa/assemble.ts";
import { InlineMachine } from "../../../src/machine/inline-machine.ts";
import type { MemoryPlan } from "../../../src/machine/memory-plan.ts";
import type { CoreExports } from "../../../src/protocol/core.ts";
import {
  DECODE_ENTRIES,
  DECODE_PAGES_AT,
  HART,
  HART_BASE,
  JIT_ARENA_AT,
} from "../../../src/protocol/layout.ts";
import { readModule } from "./wasm-module.ts";
import { printFunction } from "./wat.ts";

const RAM = 0x8000_0000n;
/** Visits until a place is worth a region: enough for the interpreter to see an indirect jump's ways. */
const THRESHOLD = 20;
/** Regions wait for others to fill a module with: longer than they ever do. */
const INSTRUCTIONS = 1_500_000;

/** As in asm/jit/arena.ts and translate.ts: entry words' addresses of the functions in a batch. */
const ARENA_BATCH = 0xa000;
const BODY_BYTES = 32;
const DECODE_PAGE_BYTES = 0x8000;

/** Byte offset in its page of the region that became function `i` of the module. */
function entryOffset(view: DataView, i: number): number {
  const cache = view.getUint32(HART_BASE + HART.at.decodeBase, true);
  const entry = view.getUint32(cache + JIT_ARENA_AT + ARENA_BATCH + BODY_BYTES * i, true);
  const place = (entry - cache - DECODE_PAGES_AT - DECODE_ENTRIES) % DECODE_PAGE_BYTES;
  return place >> 1;
}

/**
 * Runs an endless program until its hot parts were translated.
 *
 * @param source begins at the start of a page
 * @param label of the region wanted
 * @returns the text of its function
 * @throws Error when there is no region at the label
 */
export function regionText(core: WebAssembly.Module, source: string, label: string): string {
  const { bytes, symbols } = assemble(source, { origin: RAM });
  const wanted = Number((symbols.get(label) ?? 0n) - RAM);
  let text: string | undefined;
  const install = (buffer: ArrayBufferLike, address: number, length: number): number => {
    const module = readModule(new Uint8Array(buffer, address, length).slice());
    const view = new DataView(buffer);
    module.functions.forEach((fn, i) => {
      if (entryOffset(view, i) === wanted) text ??= printFunction(module, fn);
    });
    // Refused: all stays interpreted, and each region is written once.
    return 0;
  };
  const shape = { ramBytes: 64 << 20, harts: 1, deterministic: true };
  const vm = new InlineMachine({
    instantiate: (plan) => instantiate(core, plan, install),
    ...shape,
  });
  setJitThreshold(vm.buffer, THRESHOLD);
  vm.boot({ kernel: { name: label, bytes: new Uint8Array([...bytes, ...new Uint8Array(256)]) } });
  vm.run({ maxInstructions: INSTRUCTIONS });
  if (text === undefined) throw new Error(`nothing was translated at ${label}`);
  return text;
}

function instantiate(
  core: WebAssembly.Module,
  { wasmPages }: MemoryPlan,
  install: (buffer: ArrayBufferLike, address: number, length: number) => number,
) {
  const memory = new WebAssembly.Memory({ initial: wasmPages, maximum: wasmPages, shared: true });
  const nothing = (): void => {};
  const env = {
    memory,
    nowMs: () => 0,
    ring: nothing,
    release: nothing,
    fence: nothing,
    sleep: nothing,
    abort: nothing,
    install: (address: number, length: number) => install(memory.buffer, address, length),
  };
  const { exports } = new WebAssembly.Instance(core, { env });
  const engine = exports as Readonly<Record<string, ((yes: number) => void) | undefined>>;
  engine["jitEngine"]?.(1);
  engine["atomicsAreBarriers"]?.(1);
  return { buffer: memory.buffer, core: exports as unknown as CoreExports };
}
