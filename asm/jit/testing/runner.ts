/** Runs generated programs on one hart, and says what state they end in. */
import { instantiateCore, setJitBounds, setJitThreshold } from "../../../src/core/instance.ts";
import { ControlView } from "../../../src/machine/hart-view.ts";
import { InlineMachine } from "../../../src/machine/inline-machine.ts";
import type { RunResult } from "../../../src/machine/inline-machine.ts";
import type { MemoryPlan } from "../../../src/machine/memory-plan.ts";
import { CONTROL, CONTROL_BASE, HART } from "../../../src/protocol/layout.ts";
import { IMAGE_BYTES, RAM_BYTES } from "./layout.ts";

const MAX_INSTRUCTIONS = 3_000_000;

/** Everything architectural in a hart's block; wide fields are listed word by word. */
const CSRS = [
  ...["mstatus", "mtvec", "medeleg", "mideleg", "mie", "mip", "mscratch", "mepc", "mcause"],
  ...["mtval", "mcounteren", "mcountinhibit", "menvcfg", "mcycleBase", "minstretBase", "stvec"],
  ...["sscratch", "sepc", "scause", "stval", "scounteren", "senvcfg", "satp", "stimecmp"],
] as const satisfies readonly (keyof typeof HART.at)[];

export interface State {
  readonly registers: ReadonlyMap<string, string>;
  readonly memory: Uint8Array;
  readonly output: string;
}

/** A moment at which the machine was stopped. */
export interface Stop {
  /** Retired instructions and pc: a trap retires nothing. */
  readonly when: string;
  /** x1 to x31, f0 to f31. */
  readonly registers: string;
}

const MAX_STOPS = 20_000;

/** How a runner translates. */
export interface RunnerOptions {
  /** Jumps to a place before it is translated, 0 for never. */
  readonly threshold: number;
  /** Modules that are kept; as many as usual when absent. */
  readonly modules?: number;
  /** Another hart runs each program before, whose translations this one finds. */
  readonly taught?: boolean;
  /** Bytes of the ring that translations are shared by; as many as usual when absent. */
  readonly storeBytes?: number;
  /** Modules import the function table. */
  readonly importTable?: boolean;
}

/** Runs on one instance of the core: older engines free no module that imported a table before it. */
const RUNS_PER_CORE = 150;

export class Runner {
  readonly #module: WebAssembly.Module;
  readonly #options: RunnerOptions;
  #shared: WebAssembly.Memory | undefined;
  #vm: InlineMachine;
  #memory: Uint8Array;
  #printed = 0;
  #runs = 0;

  constructor(module: WebAssembly.Module, options: RunnerOptions) {
    this.#module = module;
    this.#options = options;
    this.#vm = this.#machine();
    this.#memory = this.#ram();
  }

  #machine(): InlineMachine {
    const instantiate = ({ wasmPages }: MemoryPlan) => {
      const pages = { initial: wasmPages, maximum: wasmPages };
      const used = this.#shared;
      const memory = used ?? new WebAssembly.Memory({ ...pages, shared: true });
      if (used) new Uint8Array(used.buffer).fill(0);
      this.#shared = memory;
      const { importTable = false } = this.#options;
      const core = instantiateCore(this.#module, { memory, nowMs: () => 0, importTable });
      return { buffer: memory.buffer, core };
    };
    const harts = this.#options.taught ? 2 : 1;
    const shape = { ramBytes: RAM_BYTES, harts, deterministic: true };
    const vm = new InlineMachine({ instantiate, ...shape });
    setJitThreshold(vm.buffer, this.#options.threshold);
    setJitBounds(vm.buffer, this.#options.modules ?? 0, 0);
    const { storeBytes } = this.#options;
    if (storeBytes) new ControlView(vm.buffer).setU32("storeBytes", storeBytes);
    return vm;
  }

  #ram(): Uint8Array {
    const { buffer, plan } = this.#vm;
    const ram = plan.slots.find(({ writable }) => writable);
    if (!ram) throw new Error("the machine has no RAM");
    return new Uint8Array(buffer, plan.frames + 0x1000 * ram.firstEntry, IMAGE_BYTES);
  }

  #boot(bytes: Uint8Array): void {
    if (++this.#runs % RUNS_PER_CORE === 0) {
      this.#vm = this.#machine();
      this.#memory = this.#ram();
      this.#printed = 0;
    }
    const kernel = { name: "program", bytes };
    if (this.#options.taught) this.#teach(kernel);
    this.#vm.boot({ kernel });
    this.#printed = this.#vm.output.length;
  }

  /** Lets the other hart run the program. Time stands still meanwhile, as programs look at it. */
  #teach(kernel: { name: string; bytes: Uint8Array }): void {
    const control = new BigUint64Array(this.#vm.buffer, CONTROL_BASE + CONTROL.at.timeOffset, 1);
    const before = control[0] ?? 0n;
    this.#vm.boot({ kernel });
    this.#vm.run({ maxInstructions: MAX_INSTRUCTIONS, harts: [1] });
    control[0] = before;
    this.#memory.fill(0);
  }

  /** Counters of the hart that the programs run on. */
  counter(name: "statAdoptions" | "statTranslations"): number {
    return Number(this.#vm.hart(0).u64(name));
  }

  /** Runs an image to its end. The state's memory is good until the next run. */
  run(bytes: Uint8Array): State {
    this.#boot(bytes);
    const result = this.#vm.run({ maxInstructions: MAX_INSTRUCTIONS, harts: [0] });
    const output = this.#vm.output.slice(this.#printed);
    this.#printed = this.#vm.output.length;
    return { registers: this.#registers(result), memory: this.#memory, output };
  }

  /**
   * Runs an image a few instructions at a time.
   *
   * @param budget of the next stretch, in instructions; it ends at the first jump behind
   */
  stops(bytes: Uint8Array, budget: () => number): Stop[] {
    const found: Stop[] = [];
    this.#boot(bytes);
    while (found.length < MAX_STOPS) {
      const { kind } = this.#vm.run({ maxInstructions: budget(), harts: [0] });
      if (kind !== "limit") break;
      found.push(this.#stop());
    }
    this.#printed = this.#vm.output.length;
    return found;
  }

  #stop(): Stop {
    const hart = this.#vm.hart(0);
    const words: bigint[] = [];
    for (let n = 1; n < 32; n++) words.push(hart.x(n));
    for (let n = 0; n < 32; n++) words.push(hart.u64("f", n));
    const registers = words.map((word) => word.toString(16)).join(" ");
    return { when: `${hart.u64("instret")} at 0x${hart.pc.toString(16)}`, registers };
  }

  #registers(result: RunResult): Map<string, string> {
    const hart = this.#vm.hart(0);
    const all = new Map([["result", JSON.stringify(result)]]);
    const set = (name: string, value: bigint | number): void => {
      all.set(name, `0x${value.toString(16)}`);
    };
    set("pc", hart.pc);
    set("instret", hart.u64("instret"));
    set("priv", hart.u32("priv"));
    set("fcsr", hart.u32("fflags") & 0xffff);
    for (let n = 0; n < 32; n++) {
      set(`x${n}`, hart.x(n));
      set(`f${n}`, hart.u64("f", n));
    }
    for (const name of CSRS) set(name, hart.u64(name));
    return all;
  }

  /** The run result in words, for programs that must end by switching the machine off. */
  static ended(state: State): boolean {
    return state.registers.get("result")?.includes("poweroff") === true;
  }
}

/** The first words in which two states differ, in the form `what: expected, got`. */
export function differences(expected: State, got: State): string[] {
  const found: string[] = [];
  for (const [name, value] of expected.registers) {
    const other = got.registers.get(name);
    if (other !== value) found.push(`${name}: ${value}, ${other}`);
  }
  if (expected.output !== got.output) {
    found.push(`console: ${JSON.stringify(expected.output)}, ${JSON.stringify(got.output)}`);
  }
  return [...found, ...memoryDifferences(expected.memory, got.memory)];
}

function memoryDifferences(expected: Uint8Array, got: Uint8Array): string[] {
  const words = new DataView(expected.buffer, expected.byteOffset, expected.length);
  const others = new DataView(got.buffer, got.byteOffset, got.length);
  const found: string[] = [];
  for (let at = 0; at < expected.length && found.length < 8; at += 8) {
    const [a, b] = [words.getBigUint64(at), others.getBigUint64(at)];
    if (a !== b) found.push(`memory+0x${at.toString(16)}: ${a.toString(16)}, ${b.toString(16)}`);
  }
  return found;
}
