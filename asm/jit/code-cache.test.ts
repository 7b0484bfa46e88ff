/** How much translated code a hart keeps, and what it drops. */
import { beforeAll, describe, expect, it } from "vitest";
import { instantiateCore, setJitBounds, setJitThreshold } from "../../src/core/instance.ts";
import { assemble } from "../../src/isa/assemble.ts";
import { InlineMachine } from "../../src/machine/inline-machine.ts";
import type { HartView } from "../../src/machine/hart-view.ts";
import { built, compiledCore } from "./testing/core.ts";

const RAM = 0x8000_0000n;
const FUNCTIONS = 40;
const POWER_OFF = "li t0, 0x100000; li t1, 0x5555; sw t1, 0(t0)\nhalt: j halt";

let core: WebAssembly.Module;

beforeAll(() => {
  if (built) core = compiledCore();
});

/** Calls each of many functions, a page each, a few times; the first one again after each of them. */
function manyFunctions(): Uint8Array {
  const calls = Array.from({ length: FUNCTIONS }, (_, i) => `jal ra, f${i}; jal ra, f0`);
  const functions = Array.from(
    { length: FUNCTIONS },
    (_, i) => `.align 12\nf${i}: li t0, 20\nl${i}: addi t0, t0, -1; bnez t0, l${i}; ret`,
  );
  return program(`
    li s0, 3
    again: ${calls.join("\n")}
    addi s0, s0, -1; bnez s0, again
    ${POWER_OFF}
    ${functions.join("\n")}
  `);
}

/** Writes a function anew a hundred times, and calls it each time. */
const REWRITE = `
  li s0, 100; la s1, f
  again: lw t0, 0(s1); li t1, 0x100000; add t0, t0, t1; sw t0, 0(s1); fence.i
  jal ra, f; jal ra, f
  addi s0, s0, -1; bnez s0, again
  ${POWER_OFF}
  .align 12
  f: li t0, 5
  addi t2, t2, 1
  ret
`;

function program(source: string): Uint8Array {
  return new Uint8Array([...assemble(source, { origin: RAM }).bytes, ...new Uint8Array(64)]);
}

interface Kept {
  readonly modules: number;
  readonly regions: number;
  readonly bytes: number;
  readonly dropped: number;
  readonly translations: number;
}

function keptBy(hart: HartView): Kept {
  return {
    modules: hart.u32("jitModules"),
    regions: hart.u32("jitFunctions"),
    bytes: Number(hart.u64("jitBytes")),
    dropped: Number(hart.u64("statModulesDropped")),
    translations: Number(hart.u64("statTranslations")),
  };
}

function machine(bounds: { modules?: number; bytes?: number } = {}): InlineMachine {
  const vm = new InlineMachine({
    instantiate: ({ wasmPages }) => {
      const pages = { initial: wasmPages, maximum: wasmPages };
      const memory = new WebAssembly.Memory({ ...pages, shared: true });
      return { buffer: memory.buffer, core: instantiateCore(core, { memory, nowMs: () => 0 }) };
    },
    ...{ ramBytes: 64 << 20, harts: 1, deterministic: true },
  });
  setJitThreshold(vm.buffer, 1);
  setJitBounds(vm.buffer, bounds.modules ?? 0, bounds.bytes ?? 0);
  return vm;
}

function run(vm: InlineMachine, bytes: Uint8Array): Kept {
  vm.boot({ kernel: { name: "program", bytes } });
  expect(vm.run({ maxInstructions: 1_000_000 }).kind).toBe("power");
  return keptBy(vm.hart(0));
}

describe.skipIf(!built)("the code cache", () => {
  it("keeps all that fits", () => {
    const kept = run(machine(), manyFunctions());
    expect(kept.dropped).toBe(0);
    expect(kept.regions).toBe(kept.translations);
    expect(kept.modules).toBeGreaterThan(FUNCTIONS);
  });

  it("keeps no more modules than its bound, and those that are used", () => {
    const all = run(machine(), manyFunctions());
    const kept = run(machine({ modules: 16 }), manyFunctions());
    expect(kept.modules).toBeLessThanOrEqual(16);
    expect(kept.dropped).toBeGreaterThan(FUNCTIONS);
    // The first function is needed all the time: without age it would be translated after each other.
    expect(kept.translations).toBeLessThan(3 * all.translations + 10);
  });

  it("keeps no more bytes than its bound", () => {
    const bytes = 1 << 20;
    const kept = run(machine({ bytes }), manyFunctions());
    expect(kept.bytes).toBeLessThanOrEqual(bytes);
  });

  it("drops at once what changed code leaves behind", () => {
    const kept = run(machine(), program(REWRITE));
    expect(kept.translations).toBeGreaterThan(100);
    expect(kept.modules).toBeLessThan(20);
    expect(kept.dropped).toBe(0);
  });

  it("is empty after a reset", () => {
    const vm = machine();
    const first = run(vm, manyFunctions());
    vm.boot({ kernel: { name: "program", bytes: program(POWER_OFF) } });
    vm.run({ maxInstructions: 2 });
    expect(keptBy(vm.hart(0)).modules).toBeLessThan(2);
    expect(run(vm, manyFunctions()).modules).toBe(first.modules);
  });
});
