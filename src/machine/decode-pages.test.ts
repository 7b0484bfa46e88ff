/** Code in many pages, and in pages far from each other. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { instantiateCore } from "../core/instance.ts";
import { assemble } from "../isa/assemble.ts";
import { DECODE_MAP_ENTRIES, MOST_DECODE_PAGES } from "../protocol/layout.ts";
import { InlineMachine, type InlineCore } from "./inline-machine.ts";
import { MIB } from "./memory-map.ts";
import type { MemoryPlan } from "./memory-plan.ts";
import { image } from "./testing/images.ts";

const CORE = new URL("../../dist/core.wasm", import.meta.url);
const built = existsSync(CORE);
const module = built ? new WebAssembly.Module(readFileSync(CORE)) : undefined;

function instantiate({ wasmPages }: MemoryPlan): InlineCore {
  const memory = new WebAssembly.Memory({ initial: wasmPages, maximum: wasmPages, shared: true });
  const nowMs = () => performance.now();
  return {
    buffer: memory.buffer,
    core: instantiateCore(module as WebAssembly.Module, { memory, nowMs }),
  };
}

/** Runs a program until it powers off. */
function run(source: string, maxInstructions: number) {
  const vm = new InlineMachine({ instantiate, ramBytes: 512 * MIB, harts: 1, deterministic: true });
  vm.boot({ kernel: image("test.bin", assemble(source, { origin: 0x8000_0000n }).bytes) });
  expect(vm.run({ maxInstructions })).toMatchObject({ kind: "power" });
  const hart = vm.hart(0);
  return {
    calls: Number(hart.x(9)),
    evicted: Number(hart.u64("statPagesEvicted")),
    decodes: Number(hart.u64("statDecodes")),
  };
}

/** Writes `addi s1, s1, 1; ret` at the start of `pages` pages, `stride` pages from each other. */
const WRITE_PAGES = (pages: number, stride: number): string => `
    li s0, 0x80100000
    li s2, ${pages}
    li s3, ${stride * 4096}
    li t0, 0x00148493
    li t1, 0x00008067
    1: sw t0, 0(s0)
    sw t1, 4(s0)
    add s0, s0, s3
    addi s2, s2, -1
    bnez s2, 1b
    fence.i
`;

const POWER_OFF = `
    li t0, 0x100000
    li t1, 0x5555
    sw t1, 0(t0)
    4: j 4b
    ${"nop\n".repeat(64)}
`;

/** Calls `pages` pages, `stride` pages from each other, `rounds` times. */
function callPages(pages: number, stride: number, rounds: number) {
  const source = `
    ${WRITE_PAGES(pages, stride)}
    li s4, ${rounds}
    2: li s0, 0x80100000
    li s2, ${pages}
    3: jalr ra, 0(s0)
    add s0, s0, s3
    addi s2, s2, -1
    bnez s2, 3b
    addi s4, s4, -1
    bnez s4, 2b
    ${POWER_OFF}
  `;
  const { calls, evicted } = run(source, 20 * pages * (rounds + 1));
  return { calls, evicted };
}

/** Between every `chunk` of `cold` pages, which are called once each, calls all of `hot` pages. */
function callHotAndCold(hot: number, cold: number, chunk: number) {
  const source = `
    ${WRITE_PAGES(hot + cold, 1)}
    li s4, ${cold / chunk}
    li s3, 4096
    li s5, ${0x8010_0000 + hot * 4096}
    2: li s0, 0x80100000
    li s2, ${hot}
    3: jalr ra, 0(s0)
    add s0, s0, s3
    addi s2, s2, -1
    bnez s2, 3b
    li s2, ${chunk}
    5: jalr ra, 0(s5)
    add s5, s5, s3
    addi s2, s2, -1
    bnez s2, 5b
    addi s4, s4, -1
    bnez s4, 2b
    ${POWER_OFF}
  `;
  return run(source, 20 * (cold + (1 + cold / chunk) * hot));
}

describe.skipIf(!built)("decode pages", () => {
  it.each([DECODE_MAP_ENTRIES, DECODE_MAP_ENTRIES / 2, 1, 3])(
    "keep out of each other's way %i pages apart",
    (stride) => {
      // Often enough that evictions, if each turn made one, had gone all the way round.
      const [pages, rounds] = stride > 100 ? [7, 500] : [MOST_DECODE_PAGES / 2, 50];
      expect(callPages(pages, stride, rounds)).toEqual({ calls: pages * rounds, evicted: 0 });
    },
  );

  it("are used again when there is more code than fits", () => {
    const pages = 3 * MOST_DECODE_PAGES;
    const { calls, evicted } = callPages(pages, 1, 3);
    expect(calls).toBe(3 * pages);
    expect(evicted).toBeGreaterThan(pages);
  });

  it("stay while they are in use, however much code goes by", () => {
    const [hot, cold] = [500, 2 * MOST_DECODE_PAGES];
    const { calls, evicted, decodes } = callHotAndCold(hot, cold, 512);
    expect(calls).toBe(hot * (cold / 512) + cold);
    expect(evicted).toBeGreaterThan(cold / 3);
    // Two instructions in each page, once.
    expect(decodes).toBeLessThan(2 * (hot + cold) + 200);
  });
});
