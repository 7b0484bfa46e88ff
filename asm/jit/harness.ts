/** Drives the compiled control-flow analysis from tests (Node, not AssemblyScript). */
import { compileCore } from "../../scripts/compile-core.ts";
import { DYNAMIC_BASE, HART, HART_BASE, JIT_ARENA_AT } from "../../src/protocol/layout.ts";

interface Exports {
  useArena(hart: number): void;
  /** Address of a block's record. */
  blockAt(index: number): number;
  analyse(blocks: number): void;
  inOrder(position: number): number;
  readonly reached: WebAssembly.Global;
  dominates(a: number, b: number): number;
}

/** The switch list in the arena, as in asm/jit/arena.ts. */
const SWITCH_AT = 0xb000;
const ARENA_AT = DYNAMIC_BASE;
const ARENA_BYTES = 0x20_0000;

/** Fields of asm/jit/block.ts: offsets in bytes. */
const AT = { kind: 4, flags: 5, taken: 8, next: 10, order: 12, idom: 14, list: 28, fan: 30 };
const END_BRANCH = 1;
const END_CALL = 3;
const NO_BLOCK = -1;
const FLAG = { loop: 1, merge: 2, tight: 4 };

export async function compileFlow(): Promise<WebAssembly.Module> {
  const wasm = await compileCore(["asm/jit/flow.ts", "asm/jit/arena.ts"], "dev");
  return new WebAssembly.Module(wasm);
}

/** A block's way out: at most two successors, or any number as the ways of a switch. */
export interface Node {
  readonly to: readonly number[];
  readonly call?: true;
}

/** What the analysis says of a reached block. */
export interface Analysed {
  readonly order: number;
  readonly idom: number;
  readonly loop: boolean;
  readonly merge: boolean;
  readonly tight: boolean;
  /** Successors that were not cut. */
  readonly to: readonly number[];
}

export class Flow {
  readonly #core: Exports;
  readonly #view: DataView;

  constructor(module: WebAssembly.Module) {
    const pages = (ARENA_AT + ARENA_BYTES) >> 16;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.#view = new DataView(memory.buffer);
    this.#core = new WebAssembly.Instance(module, { env: { memory } })
      .exports as unknown as Exports;
    // Only the sum of the two is used.
    this.#view.setUint32(HART_BASE + HART.at.decodeBase, (ARENA_AT - JIT_ARENA_AT) >>> 0, true);
    this.#core.useArena(HART_BASE);
  }

  /** Analyses a graph whose entry is block 0; unreached blocks are left out. */
  analyse(nodes: readonly Node[]): ReadonlyMap<number, Analysed> {
    this.#write(nodes);
    this.#core.analyse(nodes.length);
    const count = Number(this.#core.reached.value);
    const order = Array.from({ length: count }, (_, i) => this.#core.inOrder(i));
    return new Map(order.map((index) => [index, this.#read(index)]));
  }

  dominates(a: number, b: number): boolean {
    return this.#core.dominates(a, b) !== 0;
  }

  #write(nodes: readonly Node[]): void {
    const view = this.#view;
    let listed = 0;
    nodes.forEach(({ to, call }, index) => {
      const at = this.#core.blockAt(index);
      const fan = to.length > 2 ? to.length : 0;
      view.setUint8(at + AT.kind, call ? END_CALL : END_BRANCH);
      view.setInt16(at + AT.taken, to[0] ?? NO_BLOCK, true);
      view.setInt16(at + AT.next, to[1] ?? NO_BLOCK, true);
      view.setUint16(at + AT.list, listed, true);
      view.setUint16(at + AT.fan, fan, true);
      for (const way of fan ? to : []) {
        view.setInt16(ARENA_AT + SWITCH_AT + 2 * listed++, way, true);
      }
    });
  }

  #read(index: number): Analysed {
    const view = this.#view;
    const at = this.#core.blockAt(index);
    const flags = view.getUint8(at + AT.flags);
    return {
      order: view.getUint16(at + AT.order, true),
      idom: view.getInt16(at + AT.idom, true),
      loop: (flags & FLAG.loop) !== 0,
      merge: (flags & FLAG.merge) !== 0,
      tight: (flags & FLAG.tight) !== 0,
      to: this.#successors(at).filter((to) => to !== NO_BLOCK),
    };
  }

  #successors(at: number): number[] {
    const view = this.#view;
    const fan = view.getUint16(at + AT.fan, true);
    if (fan === 0) {
      return [view.getInt16(at + AT.taken, true), view.getInt16(at + AT.next, true)];
    }
    const list = ARENA_AT + SWITCH_AT + 2 * view.getUint16(at + AT.list, true);
    return Array.from({ length: fan }, (_, i) => view.getInt16(list + 2 * i, true));
  }
}
