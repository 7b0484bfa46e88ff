/** Tests of single rules, and of reservations, that are more than two accesses of a hart. */
import type { Dependency, LitmusTest, Load, Op, Set, Store } from "./litmus-test.ts";

type Ways = Partial<Pick<Load, "part" | "means" | "order" | "dependency">>;

function load(at: string, to: string, ways: Ways = {}): Op {
  return { op: "load", at, to, means: "plain", order: "", ...ways };
}

function store(at: string, value: Store["value"], ways: Ways = {}): Op {
  return { op: "store", at, value, means: "plain", order: "", ...ways };
}

function fence(before: Set, after: Set): Op {
  return { op: "fence", before, after };
}

function on(result: string, kind: Dependency["kind"]): Ways {
  return { dependency: { on: result, kind } };
}

const FULL = fence("rw", "rw");
/** Stores x, then y: what a hart that sees y must see of x is the question. */
const PUBLISH = [store("x", 1), fence("w", "w"), store("y", 1)];
const AMO: Ways = { means: "amo" };
const LRSC: Ways = { means: "lrsc" };

/** A hart's part of SB: own store, load of it, then an access that depends on what it returned. */
function forwarded(own: string, other: string, hart: number, ways: Ways): Op[] {
  const [first, second] = [`${hart}.0`, `${hart}.1`];
  return [store(own, 1, ways), load(own, first), load(other, second, on(first, "address"))];
}

/** Behind the load of y: what stands between it and the load of x. */
function consumer(name: string, between: readonly Op[], last: Ways): LitmusTest {
  const harts = [PUBLISH, [load("y", "1.0"), ...between, load("x", "1.9", last)]];
  return { name: `MP+fence.w.w+${name}`, harts, finals: [] };
}

export const DIRECTED_TESTS: readonly LitmusTest[] = [
  // Rule 2: loads of the same word that return different stores are in order, others are not.
  consumer(
    "addr-rsw-addr",
    [load("z", "1.1", on("1.0", "address")), load("z", "1.2")],
    on("1.2", "address"),
  ),
  {
    name: "CoRR+fri-rfi",
    harts: [[store("x", 1)], [load("x", "1.0"), store("x", 2), load("x", "1.1"), load("x", "1.2")]],
    finals: ["x"],
  },
  // Rule 3: what an AMO or SC stores is not forwarded.
  {
    name: "SB+rfi-addrs",
    harts: [forwarded("x", "y", 0, {}), forwarded("y", "x", 1, {})],
    finals: [],
  },
  {
    name: "SB+amo-rfi-addrs",
    harts: [forwarded("x", "y", 0, AMO), forwarded("y", "x", 1, AMO)],
    finals: [],
  },
  {
    name: "SB+lrsc-rfi-addrs",
    harts: [forwarded("x", "y", 0, LRSC), forwarded("y", "x", 1, LRSC)],
    finals: [],
  },
  // Rule 11: a branch orders the stores behind it, and what was forwarded from them is free.
  consumer(
    "ctrl-rfi-addr",
    [store("z", 1, on("1.0", "control")), load("z", "1.1")],
    on("1.1", "address"),
  ),
  // Rule 12: nothing is forwarded before its address and value are known …
  consumer(
    "data-rfi-addr",
    [store("z", 1, on("1.0", "data")), load("z", "1.1")],
    on("1.1", "address"),
  ),
  consumer(
    "addr-rfi-addr",
    [store("z", 1, on("1.0", "address")), load("z", "1.1")],
    on("1.1", "address"),
  ),
  // … unless another store came between.
  consumer(
    "data-coi-rfi-addr",
    [store("z", 1, on("1.0", "data")), store("z", 2), load("z", "1.1")],
    on("1.1", "address"),
  ),
  // Rule 13: no store before all addresses in front of it are known.
  {
    name: "LB+fence.rw.rw+addr-po",
    harts: [
      [load("x", "0.0"), FULL, store("y", 1)],
      [load("y", "1.0"), load("z", "1.1", on("1.0", "address")), store("x", 1)],
    ],
    finals: [],
  },
  // An operation that is fully ordered is a fence for what stands around it.
  ...[AMO, LRSC].map(({ means = "amo" }): LitmusTest => {
    const middle = (hart: number): Op => load("z", `${hart}.0`, { means, order: "aqrl" });
    return {
      name: `SB+${means}.aqrl-between`,
      harts: [
        [store("x", 1), middle(0), load("y", "0.1")],
        [store("y", 1), middle(1), load("x", "1.1")],
      ],
      finals: [],
    };
  }),
  // No store is lost between an LR and its SC, of whatever width either is.
  ...(["low", "high", "whole"] as const).flatMap((part): LitmusTest[] => [
    {
      name: `atomic.lrsc.whole+store.${part}`,
      harts: [[load("x", "0.0", { means: "lrsc", part: "whole" })], [store("x", 1, { part })]],
      finals: ["x"],
    },
    {
      name: `atomic.lrsc.whole+amo.${part}`,
      harts: [
        [load("x", "0.0", { means: "lrsc", part: "whole" })],
        [store("x", 1, { means: "amo", part }), store("x", 2, { means: "amo", part })],
      ],
      finals: ["x"],
    },
    {
      name: `atomic.amo.whole+store.${part}`,
      harts: [[load("x", "0.0", { means: "amo", part: "whole" })], [store("x", 1, { part })]],
      finals: ["x"],
    },
    {
      name: `atomic.lrsc.${part}+lrsc.whole`,
      harts: [
        [store("x", 1, { means: "lrsc", part })],
        [load("x", "1.0", { means: "lrsc", part: "whole" })],
      ],
      finals: ["x"],
    },
  ]),
];
