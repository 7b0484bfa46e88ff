import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { instantiateCore, setJitThreshold } from "../../core/instance.ts";
import { assemble } from "../../isa/assemble.ts";
import { HartView } from "../../machine/hart-view.ts";
import { InlineMachine } from "../../machine/inline-machine.ts";
import type { MemoryPlan } from "../../machine/memory-plan.ts";
import { ExitReason } from "../../protocol/layout.ts";
import type { MachineStats } from "../../protocol/stats.ts";
import { collectStats } from "./stats.ts";

const CORE = new URL("../../../dist/core.wasm", import.meta.url);
const RAM = 0x8000_0000n;
const RTC = "0x101000";
/** Sets a trap handler that goes on behind an instruction of four bytes. */
const SKIP_FAULTS = `
  la t0, 2f; csrw mtvec, t0; j 3f
  .align 2
  2: csrr t1, mepc; addi t1, t1, 4; csrw mepc, t1; mret
  3:
`;
const END = "end: li t0, 0x100000; li t1, 0x5555; sw t1, 0(t0); 9: j 9b";

describe("counters that are read from shared memory", () => {
  test("belong to their vCPU, and the machine's are the sums", () => {
    const buffer = new SharedArrayBuffer(0x8_0000);
    const harts = [new HartView(buffer, 0), new HartView(buffer, 1)];
    harts[0]?.setU64("instret", 5n);
    harts[0]?.setU64("statRetired", 1000n);
    harts[1]?.setU64("instret", 7n);
    harts[1]?.setU64("statTranslateNs", 2_500_000n);
    harts[1]?.setU64("statExits", 3n, ExitReason.wfi);
    const stats = collectStats(harts, 0);
    expect(stats.vcpus.map(({ instructions }) => instructions)).toEqual([1005, 7]);
    expect(stats.instructions).toBe(1012);
    expect(stats.translator.translateMs).toBe(2.5);
    expect(stats.exits).toEqual({ mmioRead: 0, mmioWrite: 0, wfi: 3, request: 0 });
  });

  test("include the time of a stay in guest code that lasts", () => {
    const hart = new HartView(new SharedArrayBuffer(0x8_0000), 0);
    hart.setU64("statRunUs", 4000n);
    expect(collectStats([hart], 20).hartMs).toBe(4);
    hart.setU64("statRunSinceUs", 12_000n);
    expect(collectStats([hart], 20).hartMs).toBe(12);
  });
});

describe.skipIf(!existsSync(CORE))("what the core counts", () => {
  let core: WebAssembly.Module;

  beforeAll(() => {
    core = new WebAssembly.Module(readFileSync(CORE));
  });

  function machine(threshold: number): InlineMachine {
    const instantiate = ({ wasmPages }: MemoryPlan) => {
      const pages = { initial: wasmPages, maximum: wasmPages, shared: true };
      const memory = new WebAssembly.Memory(pages);
      const nowMs = () => performance.now();
      return { buffer: memory.buffer, core: instantiateCore(core, { memory, nowMs }) };
    };
    const vm = new InlineMachine({ instantiate, ramBytes: 64 << 20, harts: 1 });
    setJitThreshold(vm.buffer, threshold);
    return vm;
  }

  function boot(vm: InlineMachine, source: string): MachineStats {
    const { bytes } = assemble(`${source}\n${END}`, { origin: RAM });
    vm.boot({ kernel: { name: "program", bytes } });
    expect(vm.run({ maxInstructions: 10_000_000 }).kind).toBe("power");
    return collectStats([vm.hart(0)], 0);
  }

  const run = (source: string, threshold = 4): MachineStats => boot(machine(threshold), source);

  /** Runs `body` 100,000 times. */
  const loop = (body: string): string => `
    li s0, 100000
    1: ${body}
    addi s0, s0, -1
    bnez s0, 1b
  `;

  test("instructions of a hot loop are nearly all translated", () => {
    const { instructions, translator } = run(loop("addi a0, a0, 3"));
    expect(instructions).toBeGreaterThan(300_000);
    expect(translator.instructions).toBeGreaterThan(0.99 * instructions);
    expect(translator.instructions).toBeLessThan(instructions);
    expect(translator).toMatchObject({ regions: 1, modules: 1, translations: 1 });
    expect(translator.bytes).toBeGreaterThan(50);
    expect(translator.compileMs).toBeGreaterThan(0);
    expect(translator.translateMs).toBeGreaterThan(translator.compileMs);
    expect(translator.entries).toBeGreaterThan(0);
  });

  test("the interpreter alone translates nothing", () => {
    const { translator } = run(loop("addi a0, a0, 3"), 0);
    expect(translator).toMatchObject({ instructions: 0, entries: 0, translations: 0 });
  });

  test.each([
    ["interpreter", "addi a0, a0, 1; sfence.vma"],
    ["device", `li a1, ${RTC}; lw a2, 0(a1)`],
    ["trap", "li a1, 0x1000; sd a1, 0(a1)"],
  ] as const)("translated code stops: %s", (cause, body) => {
    const { translator, traps, exits } = run(SKIP_FAULTS + loop(body));
    const { [cause]: counted, ...others } = translator.stops;
    expect(counted).toBeGreaterThan(90_000);
    if (cause !== "trap") expect(Math.max(...Object.values(others))).toBeLessThan(1000);
    if (cause === "trap") expect(traps).toBe(100_000);
    if (cause === "device") expect(exits.mmioRead).toBe(100_000);
  });

  test("misaligned accesses are slow, but no TLB misses", () => {
    const { slowAccesses, tlbMisses } = run(loop("la a1, 1b; ld a2, 1(a1)"));
    expect(slowAccesses).toBeGreaterThanOrEqual(100_000);
    expect(tlbMisses).toBeLessThan(10);
  });

  test("pages that come and go miss the TLB", () => {
    const { tlbMisses } = run(
      loop("la a1, 1b; ld a2, 0(a1); li a3, 0x400000; add a1, a1, a3; ld a2, 0(a1)"),
    );
    expect(tlbMisses).toBeGreaterThanOrEqual(199_000);
  });

  test("changed code is found behind FENCE.I", () => {
    const { invalidations } = run(`
      la a0, 2f
      li a1, 0x00100013
      fence.i
      sw a1, 0(a0)
      fence.i
      j 2f
      .align 2
      2: nop
      sfence.vma
      sfence.vma a0, zero
    `);
    expect(invalidations).toMatchObject({ fetchFences: 2, tlbPageFlushes: 1, evictedPages: 0 });
    expect(invalidations.changedPages).toBe(1);
    expect(invalidations.tlbFlushes).toBeGreaterThanOrEqual(1);
  });

  test("counters go on through a reset", () => {
    const vm = machine(4);
    const first = boot(vm, loop("addi a0, a0, 3"));
    const second = boot(vm, loop("addi a0, a0, 3"));
    expect(second.instructions).toBe(2 * first.instructions);
    expect(second.translator.translations).toBe(2);
    expect(second.translator.regions).toBe(1);
  });
});
