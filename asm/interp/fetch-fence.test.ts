/** FENCE.I finds changed code whether few pages or many are in the fetch TLB. */
import { beforeAll, describe, expect, test } from "vitest";
import { assemble } from "../../src/isa/assemble.ts";
import { FETCH_LIST } from "../../src/protocol/layout.ts";
import { built, compiledCore } from "../jit/testing/core.ts";
import { RAM } from "../jit/testing/layout.ts";
import { Runner } from "../jit/testing/runner.ts";

/** Calls a function in each of `pages` pages, patches that of page `patched`, and calls all again. */
function program(pages: number, patched: number): Uint8Array {
  const source = `
    li s0, ${RAM + 0x10_0000}
    li s1, ${pages}
    li s3, 0x1000
    li t0, 0x00150513        # addi a0, a0, 1
    li t1, 0x00008067        # ret
    mv t2, s0
    mv t3, s1
    1: sw t0, 0(t2)
    sw t1, 4(t2)
    add t2, t2, s3
    addi t3, t3, -1
    bnez t3, 1b
    fence.i
    jal ra, all
    li t0, 0x06450513        # addi a0, a0, 100
    li t2, ${RAM + 0x10_0000 + 0x1000 * patched}
    sw t0, 0(t2)
    fence.i
    jal ra, all
    fence.i
    jal ra, all
    li t0, 0x100000
    li t1, 0x5555
    sw t1, 0(t0)
    1: j 1b
    all: mv s4, ra
    mv s5, s0
    mv s6, s1
    1: jalr ra, 0(s5)
    add s5, s5, s3
    addi s6, s6, -1
    bnez s6, 1b
    jr s4
  `;
  return assemble(`${source}\n .align 3\n .zero 64`, { origin: BigInt(RAM) }).bytes;
}

describe.skipIf(!built)("code that was patched", () => {
  let core: WebAssembly.Module;

  beforeAll(() => {
    core = compiledCore();
  });

  const sizes = [1, 5, FETCH_LIST - 2, FETCH_LIST - 1, FETCH_LIST, FETCH_LIST + 1, 3 * FETCH_LIST];
  const cases = sizes.flatMap((pages) =>
    [0, pages >> 1, pages - 1].map((patched) => ({ pages, patched })),
  );

  test.each(cases)("in page $patched of $pages runs as it is now", ({ pages, patched }) => {
    for (const threshold of [0, 1]) {
      const { registers } = new Runner(core, { threshold }).run(program(pages, patched));
      const expected = pages + 2 * (pages - 1 + 100);
      expect([threshold, registers.get("x10")]).toEqual([threshold, `0x${expected.toString(16)}`]);
    }
  });
});
