/** Instances of core.wasm, and of the modules that its JIT builds at run time. */
import type { CoreExports } from "../protocol/core.ts";
import { hasFusedMadd } from "./fused-madd.ts";
import { atomicFence, hasStrongAtomics } from "./barriers.ts";
import { freesTableImporters } from "./table-importers.ts";
import { CONTROL, CONTROL_BASE, DYNAMIC_BASE } from "../protocol/layout.ts";

/** What an instance needs of its surroundings. */
export interface CoreHost {
  readonly memory: WebAssembly.Memory;
  /** Milliseconds with a fraction, on one clock for all instances of the VM. */
  nowMs(): number;
  /** Called when the core rang the doorbell; nothing is needed where Atomics.waitAsync works. */
  ring?(): void;
  /** Whether translated modules import the function table; what suits the engine when absent. */
  readonly importTable?: boolean;
}

/** Exports that translated code imports; the names are asm/index.ts's. */
interface JitExports {
  readonly table: WebAssembly.Table;
  readonly jitLoad: WebAssembly.ExportValue;
  readonly jitStore: WebAssembly.ExportValue;
  readonly jitSlow: WebAssembly.ExportValue;
  readonly jitPoll: WebAssembly.ExportValue;
  readonly jitGo: WebAssembly.ExportValue;
  readonly jitPure: WebAssembly.ExportValue;
  readonly jitFloat: WebAssembly.ExportValue;
  readonly jitGroup: WebAssembly.ExportValue;
  jitEngine(fusedMadd: number): void;
  atomicsAreBarriers(yes: number): void;
  jitTable(imported: number): void;
}

/** Slots that the function table grows by: growing is not free. */
const TABLE_STEP = 2048;

/**
 * Jumps to a place until it is worth translating: some 50 µs of compilation against a few
 * nanoseconds saved each time. Boots run most of their code a few times only.
 */
export const JIT_THRESHOLD = 8000;

/** Compiles what the core's JIT writes into memory, and holds the instances. */
class Translations {
  readonly #memory: WebAssembly.Memory;
  readonly #tableImported: boolean;
  #table: WebAssembly.Table | undefined;
  #imports: { e: Record<string, WebAssembly.ImportValue> } = { e: {} };

  constructor(memory: WebAssembly.Memory, tableImported: boolean) {
    this.#memory = memory;
    this.#tableImported = tableImported;
  }

  bind(core: JitExports): void {
    this.#table = core.table;
    // In the order and by the names of asm/jit/code.ts and module.ts.
    this.#imports = {
      e: {
        a: core.jitLoad,
        b: core.jitStore,
        c: core.jitSlow,
        d: core.jitPoll,
        e: core.jitGo,
        f: core.jitPure,
        g: core.jitFloat,
        h: core.jitGroup,
        m: this.#memory,
        t: core.table,
      },
    };
  }

  /** @returns 1; 0 when the engine refuses the module, which then stays interpreted */
  install(address: number, length: number, slot: number, count: number): number {
    const table = this.#table;
    if (!table) return 0;
    // Engines compile no shared bytes: another thread could change them meanwhile.
    const bytes = new Uint8Array(this.#memory.buffer, address, length).slice();
    try {
      const end = slot + count;
      if (table.length < end) table.grow(end + TABLE_STEP - table.length);
      const module = new WebAssembly.Module(bytes);
      this.#imports.e["s"] = slot;
      const { exports } = new WebAssembly.Instance(module, this.#imports);
      // A function in the table keeps its instance alive. The module's element segment put them there.
      if (this.#tableImported) return 1;
      for (const [i, region] of Object.values(exports).entries()) table.set(slot + i, region);
      return 1;
    } catch {
      return 0;
    }
  }

  /** Empties slots: an instance lives as long as one of its functions is in the table. */
  release(first: number, count: number): void {
    const table = this.#table;
    if (!table) return;
    const end = Math.min(first + count, table.length);
    for (let slot = first; slot < end; slot++) table.set(slot, null);
  }
}

/**
 * Makes an instance of the core on a VM's memory. Synchronous: for workers and Node, as browsers let
 * a page's main thread compile only small modules so.
 *
 * @throws WebAssembly.LinkError when the module is not this version's core
 */
export function instantiateCore(module: WebAssembly.Module, host: CoreHost): CoreExports {
  const { memory } = host;
  const importTable = host.importTable ?? freesTableImporters();
  const translations = new Translations(memory, importTable);
  /** The core's locks are in CONTROL. */
  const locks = new Int32Array(memory.buffer, 0, DYNAMIC_BASE >>> 2);
  const env = {
    memory,
    nowMs: () => host.nowMs(),
    ring: () => host.ring?.(),
    install: (address: number, length: number, slot: number, count: number) =>
      translations.install(address >>> 0, length, slot, count),
    release: (slot: number, count: number) => translations.release(slot, count),
    fence: atomicFence(),
    sleep: (word: number, value: number) => void Atomics.wait(locks, word >>> 2, value),
    abort: coreAbort,
  };
  const { exports } = new WebAssembly.Instance(module, { env });
  const jit = exports as unknown as JitExports;
  jit.jitEngine(hasFusedMadd() ? 1 : 0);
  jit.atomicsAreBarriers(hasStrongAtomics() ? 1 : 0);
  jit.jitTable(importTable ? 1 : 0);
  translations.bind(jit);
  return exports as unknown as CoreExports;
}

/** Sets when harts translate code from their next reset on: 0 never, 1 at once (tests). */
export function setJitThreshold(buffer: ArrayBufferLike, threshold: number): void {
  new DataView(buffer).setUint32(CONTROL_BASE + CONTROL.at.jitThreshold, threshold, true);
}

/**
 * Sets how much translated code each hart keeps; 0 leaves a bound to the core.
 *
 * @param modules 1 to 2047; 2,000 when 0
 * @param bytes of Wasm; 64 MiB when 0
 */
export function setJitBounds(buffer: ArrayBufferLike, modules: number, bytes: number): void {
  const view = new DataView(buffer, CONTROL_BASE);
  view.setUint32(CONTROL.at.jitModules, modules, true);
  view.setUint32(CONTROL.at.jitBytes, bytes, true);
}

/** AssemblyScript calls this for a failed assertion; there are no strings in the core to quote. */
function coreAbort(_message: number, _file: number, line: number, column: number): never {
  throw new Error(`assertion failed in the core at ${line}:${column}`);
}
