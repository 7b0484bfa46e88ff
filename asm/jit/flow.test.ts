import { beforeAll, expect, it } from "vitest";
import { Xorshift } from "../../src/util/xorshift.ts";
import { compileFlow, Flow } from "./harness.ts";
import type { Analysed, Node } from "./harness.ts";

let flow: Flow;

beforeAll(async () => {
  flow = new Flow(await compileFlow());
}, 60_000);

/** Analyses a graph given by each block's successors. */
function analyse(...successors: number[][]): ReadonlyMap<number, Analysed> {
  return flow.analyse(successors.map((to) => ({ to })));
}

it("puts an if's sides before the merge behind them", () => {
  const blocks = analyse([2, 1], [3], [3], []);
  expect(blocks.get(3)).toMatchObject({ order: 3, idom: 0, merge: true, loop: false });
  expect([blocks.get(1)?.merge, blocks.get(2)?.merge]).toEqual([false, false]);
});

it("counts a branch to the same place on both ways as a merge", () => {
  expect(analyse([1, 1], []).get(1)).toMatchObject({ merge: true, idom: 0 });
});

it("leaves out blocks that nothing goes to", () => {
  expect([...analyse([2], [2], []).keys()]).toEqual([0, 2]);
});

it("finds a loop at the target of its back edge, the entry included", () => {
  const blocks = analyse([0, 1], [2], [1, 3], []);
  expect([0, 1, 2, 3].map((index) => blocks.get(index)?.loop)).toEqual([true, true, false, false]);
});

it("keeps nested loops apart", () => {
  const blocks = analyse([1], [2], [2, 3], [1, 4], []);
  expect([1, 2].map((index) => blocks.get(index)?.loop)).toEqual([true, true]);
  expect(flow.dominates(1, 2)).toBe(true);
  expect(flow.dominates(2, 1)).toBe(false);
  expect(blocks.get(4)).toMatchObject({ idom: 3, loop: false });
});

it("calls a loop tight when it makes no calls, be it inside one that does", () => {
  const blocks = flow.analyse([
    { to: [1] },
    { to: [2] },
    { to: [2, 3] },
    { to: [1, 4], call: true },
    { to: [] },
  ]);
  expect([1, 2, 3].map((index) => blocks.get(index)?.tight)).toEqual([false, true, false]);
});

it("cuts the edge into the middle of a loop", () => {
  // 0 enters the loop of 1 and 2 at both.
  const blocks = analyse([1, 2], [2], [1, 3], []);
  const kept = [...blocks.values()].reduce((sum, { to }) => sum + to.length, 0);
  expect(kept).toBe(4);
  expectStructured([{ to: [1, 2] }, { to: [2] }, { to: [1, 3] }, { to: [] }], blocks);
});

it("goes through every way of a switch", () => {
  const blocks = analyse([1, 2, 3, 0], [4], [4], [4], []);
  expect(blocks.get(0)).toMatchObject({ loop: true, to: [1, 2, 3, 0] });
  expect(blocks.get(4)).toMatchObject({ merge: true, idom: 0 });
});

/** Whether every way from the entry to `target` passes `through`, found by leaving that out. */
function dominatedBy(
  blocks: ReadonlyMap<number, Analysed>,
  target: number,
  through: number,
): boolean {
  if (target === through) return true;
  const seen = new Set([through]);
  const work = through === 0 ? [] : [0];
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    work.push(...(blocks.get(at)?.to ?? []));
  }
  return !seen.has(target);
}

/** What lowering relies on, checked from scratch. */
function expectStructured(nodes: readonly Node[], blocks: ReadonlyMap<number, Analysed>): void {
  for (const [index, block] of blocks) {
    expect(nodes[index]?.to).toEqual(expect.arrayContaining([...block.to]));
    if (index !== 0) expect(dominatedBy(blocks, index, block.idom)).toBe(true);
    for (const to of block.to) {
      const target = blocks.get(to);
      if (target && target.order <= block.order) {
        expect(target.loop).toBe(true);
        expect(dominatedBy(blocks, index, to)).toBe(true);
      }
    }
    const forward = [...blocks.values()]
      .filter(({ order }) => order < block.order)
      .reduce((sum, { to }) => sum + to.filter((other) => other === index).length, 0);
    expect(block.merge).toBe(forward > 1);
  }
}

it("makes any graph one of loops and merges", () => {
  const random = new Xorshift(7);
  for (let round = 0; round < 300; round++) {
    const count = 2 + random.below(14);
    const nodes = Array.from({ length: count }, (): Node => {
      const ways = random.pick([0, 1, 1, 2, 2, 2, 2, 3, 5]);
      return { to: Array.from({ length: ways }, () => random.below(count)) };
    });
    expectStructured(nodes, flow.analyse(nodes));
  }
});
