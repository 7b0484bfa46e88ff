/** What others than the hart change under running translated code: memory by devices, frames by the host. */
import { beforeAll, describe, expect, it } from "vitest";
import { instantiateCore, setJitThreshold } from "../../src/core/instance.ts";
import { assemble } from "../../src/isa/assemble.ts";
import { InlineMachine } from "../../src/machine/inline-machine.ts";
import { Event, Frame } from "../../src/protocol/layout.ts";
import { built, compiledCore } from "./testing/core.ts";
import { RAM } from "./testing/layout.ts";

const SLICE = 60_000;

let core: WebAssembly.Module;

/** A running program: a0 counts by what the code at \`patched\` adds, s1 points to \`data\`. */
class Guest {
  readonly vm: InlineMachine;
  readonly #symbols: ReadonlyMap<string, bigint>;

  constructor(source: string) {
    this.vm = new InlineMachine({
      ramBytes: 64 << 20,
      harts: 1,
      deterministic: true,
      instantiate: ({ wasmPages: pages }) => {
        const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
        return { buffer: memory.buffer, core: instantiateCore(core, { memory, nowMs: () => 0 }) };
      },
    });
    setJitThreshold(this.vm.buffer, 1);
    const { bytes, symbols } = assemble(`${source}\n.align 12\n.zero 64`, { origin: BigInt(RAM) });
    this.#symbols = symbols;
    this.vm.boot({ kernel: { name: "outside", bytes } });
  }

  run(): void {
    this.vm.run({ maxInstructions: SLICE });
  }

  /** What a register gained in a run. */
  gain(register: number): bigint {
    const before = this.vm.hart(0).x(register);
    this.run();
    return this.vm.hart(0).x(register) - before;
  }

  at(label: string): number {
    return Number(this.#symbols.get(label));
  }

  /** As a device does, by DMA. */
  write(address: number, word: number): void {
    expect(this.vm.board.memory.writeU32(address, word)).toBe(true);
  }

  /** The frame-table entry of an address in RAM, as an index into its words. */
  frame(address: number): { readonly words: Uint32Array; readonly index: number } {
    const { buffer, plan } = this.vm;
    const ram = plan.slots.find(({ writable }) => writable);
    const index = (ram?.firstEntry ?? 0) + ((address - RAM) >> 12);
    return { words: new Uint32Array(buffer, plan.frameTable, index + 1), index };
  }
}

const ADD_1 = 0x0015_0513;
const ADD_16 = 0x0105_0513;
const A0 = 10;
const A2 = 12;

describe.skipIf(!built)("under translated code", () => {
  beforeAll(() => {
    core = compiledCore();
  });

  it("a device changes code: the hart sees it from its fence on", () => {
    const guest = new Guest(`
      li a0, 0; li a2, 0
      again: li s0, 100
      head: jal ra, callee; addi s0, s0, -1; bnez s0, head
      addi a2, a2, 100; fence.i; j again
      .align 12
      callee: patched: addi a0, a0, 1; ret
    `);
    guest.run();
    guest.write(guest.at("patched"), ADD_16);
    guest.run();
    const rounds = guest.vm.hart(0).x(A2);
    const gained = guest.gain(A0);
    const counted = guest.vm.hart(0).x(A2) - rounds;
    // A slice ends in the middle of a hundred.
    expect(Number(gained) / 16).toBeGreaterThan(Number(counted) - 101);
    expect(Number(gained) / 16).toBeLessThan(Number(counted) + 101);
    expect(gained % 16n).toBe(0n);
  });

  it("the host changes code and says so", () => {
    const guest = new Guest(`
      li a0, 0
      head: addi a2, a2, 1
      patched: addi a0, a0, 1
      j head
    `);
    expect(guest.gain(A0)).toBeGreaterThan(0n);
    guest.write(guest.at("patched"), ADD_16);
    guest.vm.hart(0).post(Event.fenceI);
    expect(guest.gain(A0) % 16n).toBe(0n);
    guest.write(guest.at("patched"), ADD_1);
    guest.vm.hart(0).post(Event.fenceI);
    expect(guest.gain(A0) - guest.gain(A2)).toBeLessThan(2n);
  });

  it("the host begins to note which pages are written", () => {
    const guest = new Guest(`
      la s1, data
      head: addi a0, a0, 1; sw a0, 0(s1); lw a2, 4(s1); j head
      .align 12
      data: .zero 64
    `);
    guest.run();
    const { words, index } = guest.frame(guest.at("data"));
    for (let round = 0; round < 3; round++) {
      Atomics.and(words, index, ~Frame.dirty);
      Atomics.or(words, index, Frame.logDirty);
      guest.vm.hart(0).post(Event.flushTlb);
      guest.run();
      expect(Atomics.load(words, index) & (Frame.dirty | Frame.logDirty)).toBe(Frame.dirty);
    }
  });

  it("the host takes a page's write permission", () => {
    const guest = new Guest(`
      la t0, handler; csrw mtvec, t0; la s1, data; li a2, 0
      head: addi a0, a0, 1; sw a0, 0(s1); lw a3, 4(s1); j head
      .align 2
      handler: addi a2, a2, 1; csrr t0, mcause; csrr t1, mtval; csrr t2, mepc; addi t2, t2, 4
      csrw mepc, t2; mret
      .align 12
      data: .zero 64
    `);
    guest.run();
    expect(guest.vm.hart(0).x(A2)).toBe(0n);
    const { words, index } = guest.frame(guest.at("data"));
    Atomics.and(words, index, ~Frame.writable);
    guest.vm.hart(0).post(Event.flushTlb);
    guest.run();
    const hart = guest.vm.hart(0);
    expect(hart.x(A2)).toBeGreaterThan(0n);
    expect([hart.u64("mcause"), hart.u64("mtval")]).toEqual([7n, BigInt(guest.at("data"))]);
    expect(guest.vm.board.memory.readU32(guest.at("data"))).toBeLessThan(Number(hart.x(A0)));
    Atomics.or(words, index, Frame.writable);
    guest.vm.hart(0).post(Event.flushTlb);
    guest.run();
    expect(guest.gain(A2)).toBe(0n);
  });
});
