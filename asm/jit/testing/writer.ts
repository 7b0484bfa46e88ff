/** What all parts of the generator share: choices, labels, the tree under construction. */
import { Xorshift } from "../../../src/util/xorshift.ts";
import type { Chunk, Part } from "./chunk.ts";
import { DATA_REACH_BITS } from "./layout.ts";
import type { Mode } from "./layout.ts";

/** Registers that statements compute with. */
const WORK = "a0 a1 a2 a3 a4 a5 a6 t0 t1 t2 t3 t4 s10 s11".split(" ");
/** The same, as far as compressed instructions reach. */
const SHORT = "a0 a1 a2 a3 a4 a5".split(" ");
const FLOATS = "fa0 fa1 fa2 fa3 ft0 ft1 fs0 fs11".split(" ");

/** Registers that loops count in, by nesting depth. */
export const COUNTERS = ["s2", "s3", "s4", "s5", "s6", "s7"] as const;

/** Something that can be called, and about how many instructions that takes. */
export interface Callee {
  readonly label: string;
  readonly cost: number;
}

/** What a program has more of than others. */
export const THEMES = ["compute", "memory", "floating", "system", "paging", "code"] as const;
export type Theme = (typeof THEMES)[number];

export class Writer {
  readonly random: Xorshift;
  readonly mode: Mode;
  readonly theme: Theme | undefined;
  readonly callees: Callee[] = [];
  /** Labels of instructions that stores may replace by others like them. */
  readonly slots: string[] = [];
  /** A loop that waits for the timer was written: one a program is enough. */
  waited = false;
  #parts: Part[] = [];
  #ids = 0;
  #labels = 0;

  constructor(seed: number, mode: Mode) {
    this.random = new Xorshift(seed);
    this.mode = mode;
    this.theme = this.chance(40) ? undefined : this.pick(THEMES);
  }

  line(...lines: string[]): void {
    this.#parts.push(...lines);
  }

  /** Runs `write` and collects its lines as a chunk of their own. */
  collect(write: () => void): Chunk {
    const outer = this.#parts;
    const chunk = { id: this.#ids++, parts: [] };
    this.#parts = chunk.parts;
    write();
    this.#parts = outer;
    return chunk;
  }

  chunk(write: () => void): void {
    this.#parts.push(this.collect(write));
  }

  add(...chunks: Chunk[]): void {
    this.#parts.push(...chunks);
  }

  label(): string {
    return `L${this.#labels++}`;
  }

  below(limit: number): number {
    return this.random.below(limit);
  }

  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(values: readonly T[]): T {
    return this.random.pick(values);
  }

  work(): string {
    return this.pick(WORK);
  }

  short(): string {
    return this.pick(SHORT);
  }

  float(): string {
    return this.pick(FLOATS);
  }

  /** A 12-bit immediate, small ones more often. */
  imm12(): number {
    return this.chance(50) ? this.below(32) - 8 : this.below(4096) - 2048;
  }

  /** Keeps `pointer` within reach of gp. Clobbers t5. */
  keepInReach(pointer: string): void {
    const shift = 64 - DATA_REACH_BITS;
    this.line(`sub t5, ${pointer}, gp; slli t5, t5, ${shift}; srli t5, t5, ${shift}`);
    this.line(`add ${pointer}, gp, t5`);
  }
}
