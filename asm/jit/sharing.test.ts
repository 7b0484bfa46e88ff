/** Translations that harts take from each other: when they do, and that they never run what is not there. */
import { beforeAll, describe, expect, it } from "vitest";
import { instantiateCore, setJitBounds, setJitThreshold } from "../../src/core/instance.ts";
import { assemble } from "../../src/isa/assemble.ts";
import { ControlView } from "../../src/machine/hart-view.ts";
import { InlineMachine } from "../../src/machine/inline-machine.ts";
import { built, compiledCore } from "./testing/core.ts";

const RAM = 0x8000_0000n;
const POWER_OFF = "li t0, 0x100000; li t1, 0x5555; sw t1, 0(t0)\nhalt: j halt";
const MAX_INSTRUCTIONS = 200_000_000;

let core: WebAssembly.Module;

beforeAll(() => {
  if (built) core = compiledCore();
});

interface Options {
  readonly harts?: number;
  readonly threshold?: number;
  readonly storeBytes?: number;
  readonly modules?: number;
  readonly decodePages?: number;
  readonly importTable?: boolean;
}

function machine(options: Options = {}): InlineMachine {
  const { importTable = true } = options;
  const vm = new InlineMachine({
    instantiate: ({ wasmPages }) => {
      const pages = { initial: wasmPages, maximum: wasmPages };
      const memory = new WebAssembly.Memory({ ...pages, shared: true });
      const nowMs = (): number => 0;
      return { buffer: memory.buffer, core: instantiateCore(core, { memory, nowMs, importTable }) };
    },
    ...{ ramBytes: 64 << 20, harts: options.harts ?? 2, deterministic: true },
  });
  setJitThreshold(vm.buffer, options.threshold ?? 1);
  setJitBounds(vm.buffer, options.modules ?? 0, 0);
  if (options.storeBytes) new ControlView(vm.buffer).setU32("storeBytes", options.storeBytes);
  for (const hart of vm.board.harts) {
    if (options.decodePages) hart.setU32("decodePages", options.decodePages);
  }
  return vm;
}

function image(source: string): Uint8Array {
  return new Uint8Array([...assemble(source, { origin: RAM }).bytes, ...new Uint8Array(64)]);
}

interface Counters {
  readonly translations: number;
  readonly adoptions: number;
}

/** Runs a program on all harts until it switches the machine off. */
function run(vm: InlineMachine, bytes: Uint8Array): Counters[] {
  vm.boot({ kernel: { name: "program", bytes } });
  expect(vm.run({ maxInstructions: MAX_INSTRUCTIONS }).kind).toBe("power");
  return vm.board.harts.map((hart) => ({
    translations: Number(hart.u64("statTranslations")),
    adoptions: Number(hart.u64("statAdoptions")),
  }));
}

/**
 * Every hart does `work`, which must leave s-registers above s1 alone but s11, its result; hart 0 adds
 * up the results in s11 when all are done.
 */
function onAll(harts: number, work: string, behind = ""): Uint8Array {
  return image(
    `
    csrr s0, mhartid
    la s1, shared
    ${work}
    fence
    amoadd.d zero, s11, 8(s1) # sum
    li t0, 1; fence; amoadd.w zero, t0, 0(s1)
    bnez s0, park
    li t1, ${harts}
    all: lw t0, 0(s1); bltu t0, t1, all
    fence
    ld s11, 8(s1)
    ${POWER_OFF}
    park: j park
    .align 12
    ${behind}
    .align 12
    shared: .zero 64
  `
      .replaceAll("amoadd.d zero, s11, 8(s1)", "addi t1, s1, 8; amoadd.d zero, s11, (t1)")
      .replaceAll("amoadd.w zero, t0, 0(s1)", "amoadd.w zero, t0, (s1)"),
  );
}

const FUNCTIONS = 40;

/** Calls many functions, a page each, `rounds` times; the result is known. */
function manyFunctions(rounds: number): { work: string; behind: string; result: number } {
  const calls = Array.from({ length: FUNCTIONS }, (_, i) => `call f${i}`);
  const functions = Array.from(
    { length: FUNCTIONS },
    (_, i) =>
      `.align 12\nf${i}: li t0, 20\nl${i}: addi t0, t0, -1; bnez t0, l${i}; addi s11, s11, ${i}; ret`,
  );
  return {
    work: `li s11, 0; li s3, ${rounds}; again: ${calls.join("\n")}; addi s3, s3, -1; bnez s3, again`,
    behind: functions.join("\n"),
    result: (rounds * FUNCTIONS * (FUNCTIONS - 1)) / 2,
  };
}

describe.skipIf(!built)("harts share translations", () => {
  for (const importTable of [true, false]) {
    it(`takes what another hart translated; table imported: ${importTable}`, () => {
      const { work, behind, result } = manyFunctions(3);
      const vm = machine({ importTable });
      const [first, second] = run(vm, onAll(2, work, behind));
      expect(vm.hart(0).x(27)).toBe(BigInt(2 * result));
      expect(first?.translations).toBeGreaterThan(2 * FUNCTIONS);
      expect(first?.adoptions).toBe(0);
      // Only what hart 0 does not execute, or executed later, is its own.
      expect(second?.translations).toBeLessThan(8);
      expect(second?.adoptions).toBeGreaterThan(2 * FUNCTIONS);
    });
  }

  it("shares among all harts that there may be", () => {
    const harts = 16;
    const { work, behind, result } = manyFunctions(2);
    const vm = machine({ harts });
    const counters = run(vm, onAll(harts, work, behind));
    expect(vm.hart(0).x(27)).toBe(BigInt(harts * result));
    const translations = counters.reduce((sum, each) => sum + each.translations, 0);
    expect(translations).toBeLessThan(3 * FUNCTIONS);
  });

  it("translates by itself what was overwritten in the store, or is too large for it", () => {
    for (const storeBytes of [256, 4096]) {
      const { work, behind, result } = manyFunctions(3);
      const vm = machine({ storeBytes });
      const [, second] = run(vm, onAll(2, work, behind));
      expect(vm.hart(0).x(27)).toBe(BigInt(2 * result));
      expect(second?.translations).toBeGreaterThan(FUNCTIONS);
    }
  });

  it("links again what its decode page lost, and what it dropped", () => {
    const { work, behind, result } = manyFunctions(6);
    for (const bounds of [{ decodePages: 8 }, { decodePages: 8, modules: 6 }, { modules: 6 }]) {
      const vm = machine(bounds);
      const [first, second] = run(vm, onAll(2, work, behind));
      expect(vm.hart(0).x(27)).toBe(BigInt(2 * result));
      // Six rounds through pages that are gone each time.
      expect(first?.translations).toBeLessThan(3 * FUNCTIONS);
      expect(first?.adoptions).toBeGreaterThan(4 * FUNCTIONS);
      expect(second?.adoptions).toBeGreaterThan(4 * FUNCTIONS);
    }
  });

  it("runs what a page holds now, whichever of its contents were translated before", () => {
    // Each hart copies one of two functions to a page of its own, and calls it.
    const vm = machine();
    const rounds = 30;
    const work = `
      la s2, page; slli t0, s0, 12; add s2, s2, t0
      li s11, 0; li s3, ${rounds}
      again: la t0, one; andi t1, s3, 1; beqz t1, copy; la t0, two
      copy: ld t1, 0(t0); sd t1, 0(s2); ld t1, 8(t0); sd t1, 8(s2); fence.i
      jalr ra, 0(s2); jalr ra, 0(s2)
      addi s3, s3, -1; bnez s3, again
    `;
    const functions = `
      one: addi s11, s11, 1; j 1f; nop; 1: ret; nop; nop
      .align 4
      two: addi s11, s11, 100; j 1f; nop; 1: ret; nop; nop
      .align 12
      page: .zero 8192
    `;
    const [first] = run(vm, onAll(2, work, functions));
    expect(vm.hart(0).x(27)).toBe(BigInt(2 * 2 * (rounds / 2) * 101));
    expect(first?.translations).toBeLessThan(20);
    expect(first?.adoptions).toBeGreaterThan(rounds - 5);
  });

  it("runs what another hart patched, behind its interrupt and FENCE.I", () => {
    const turns = 40;
    // Hart 0 adds one to the constant that `f` returns, then both call it.
    const work = `
      la s2, f; li s3, ${turns}; li s11, 0; li s4, 0x2000004; li s5, 0x2000000
      slli t0, s0, 2; add s6, s5, t0
      turn: bnez s0, wait
      lw t0, 0(s2); li t1, 0x100000; add t0, t0, t1; sw t0, 0(s2)
      fence; fence.i
      li t0, 1; sw t0, 0(s4)
      j both
      wait: csrr t0, mip; andi t0, t0, 8; beqz t0, wait
      sw zero, 0(s6); fence.i
      both: call f; add s11, s11, a0; call f; add s11, s11, a0
      # Both are here before the next turn.
      addi t3, s1, 32; li t0, 1; amoadd.w zero, t0, (t3)
      sub t1, s3, zero; li t2, ${turns + 1}; sub t2, t2, t1; slli t2, t2, 1
      meet: lw t0, 0(t3); bltu t0, t2, meet
      addi s3, s3, -1; bnez s3, turn
    `;
    const functions = `
      f: li a0, 5
      j 1f
      nop
      1: ret
    `;
    for (const threshold of [1, 3, 20]) {
      const vm = machine({ threshold });
      const [, second] = run(vm, onAll(2, work, functions.replace("li a0, 5", "addi a0, zero, 5")));
      // Turn n returns 5 + n; two calls of two harts each.
      const sum = Array.from({ length: turns }, (_, i) => 4 * (6 + i)).reduce((a, b) => a + b);
      expect([threshold, vm.hart(0).x(27)]).toEqual([threshold, BigInt(sum)]);
      if (threshold === 1) expect(second?.adoptions).toBeGreaterThan(turns - 5);
    }
  });
});
