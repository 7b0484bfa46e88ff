/**
 * The tests: each shape of a race, with everything that may stand between two accesses of a hart and
 * every way to make them.
 */
import type { Dependency, LitmusTest, Means, Op, Order, Set } from "./litmus-test.ts";

/** W x: store the number after the word. R x: load it. */
type Sketch = readonly (readonly string[])[];

interface Shape {
  readonly harts: Sketch;
  readonly finals: readonly string[];
}

/** "Wx1" stores 1 to x, "Rx" loads x. Names as in the literature. */
const SHAPES: Readonly<Record<string, Shape>> = {
  MP: {
    harts: [
      ["Wx1", "Wy1"],
      ["Ry", "Rx"],
    ],
    finals: [],
  },
  SB: {
    harts: [
      ["Wx1", "Ry"],
      ["Wy1", "Rx"],
    ],
    finals: [],
  },
  LB: {
    harts: [
      ["Rx", "Wy1"],
      ["Ry", "Wx1"],
    ],
    finals: [],
  },
  S: {
    harts: [
      ["Wx2", "Wy1"],
      ["Ry", "Wx1"],
    ],
    finals: ["x"],
  },
  R: {
    harts: [
      ["Wx1", "Wy1"],
      ["Wy2", "Rx"],
    ],
    finals: ["y"],
  },
  "2+2W": {
    harts: [
      ["Wx1", "Wy2"],
      ["Wy1", "Wx2"],
    ],
    finals: ["x", "y"],
  },
  CoRR: { harts: [["Wx1"], ["Rx", "Rx"]], finals: [] },
  CoWR: { harts: [["Wx1", "Rx"], ["Wx2"]], finals: ["x"] },
  CoRW: { harts: [["Rx", "Wx1"], ["Wx2"]], finals: ["x"] },
  CoWW: {
    harts: [
      ["Wx1", "Wx2"],
      ["Rx", "Rx"],
    ],
    finals: ["x"],
  },
  WRC: { harts: [["Wx1"], ["Rx", "Wy1"], ["Ry", "Rx"]], finals: [] },
  RWC: { harts: [["Wx1"], ["Rx", "Ry"], ["Wy1", "Rx"]], finals: [] },
  ISA2: {
    harts: [
      ["Wx1", "Wy1"],
      ["Ry", "Wz1"],
      ["Rz", "Rx"],
    ],
    finals: [],
  },
  CoRR2: { harts: [["Wx1"], ["Wx2"], ["Rx", "Rx"]], finals: ["x"] },
  IRIW: { harts: [["Wx1"], ["Wy1"], ["Rx", "Ry"], ["Ry", "Rx"]], finals: [] },
};

/** What stands between the first access of a hart and the second, and how both are made. */
interface Variant {
  readonly name: string;
  readonly first?: { readonly means: Means; readonly order: Order };
  readonly second?: { readonly means: Means; readonly order: Order };
  readonly fence?: readonly [Set, Set] | "tso" | "least";
  readonly dependency?: Dependency["kind"];
}

const VARIANTS: readonly Variant[] = [
  { name: "po" },
  { name: "fence.rw.rw", fence: ["rw", "rw"] },
  { name: "fence.tso", fence: "tso" },
  { name: "fence.least", fence: "least" },
  { name: "addr", dependency: "address" },
  { name: "data", dependency: "data" },
  { name: "ctrl", dependency: "control" },
  { name: "ctrl+fence.r.r", dependency: "control", fence: ["r", "r"] },
  { name: "amo", first: { means: "amo", order: "" }, second: { means: "amo", order: "" } },
  {
    name: "amo.aq-amo.rl",
    first: { means: "amo", order: "aq" },
    second: { means: "amo", order: "rl" },
  },
  {
    name: "amo.rl-amo.aq",
    first: { means: "amo", order: "rl" },
    second: { means: "amo", order: "aq" },
  },
  {
    name: "amo.aqrl",
    first: { means: "amo", order: "aqrl" },
    second: { means: "amo", order: "aqrl" },
  },
  { name: "amo.aq-po", first: { means: "amo", order: "aq" } },
  { name: "po-amo.rl", second: { means: "amo", order: "rl" } },
  { name: "lrsc", first: { means: "lrsc", order: "" }, second: { means: "lrsc", order: "" } },
  {
    name: "lrsc.aq-lrsc.rl",
    first: { means: "lrsc", order: "aq" },
    second: { means: "lrsc", order: "rl" },
  },
  { name: "lrsc.aqrl-po", first: { means: "lrsc", order: "aqrl" } },
  { name: "po-lrsc.aqrl", second: { means: "lrsc", order: "aqrl" } },
];

const PLAIN = { means: "plain", order: "" } as const;

function accessSet(sketch: string): "r" | "w" {
  return sketch.startsWith("R") ? "r" : "w";
}

/** The ops of one hart. Results are named after hart and place. */
function hartOps(sketches: readonly string[], hart: number, variant: Variant): Op[] {
  const [before, after] = sketches;
  const ops: Op[] = [];
  sketches.forEach((sketch, place) => {
    const make = (place === 0 ? variant.first : variant.second) ?? PLAIN;
    const only = sketches.length === 1 ? PLAIN : make;
    const { dependency: kind } = variant;
    const depends = place === 1 && kind !== undefined && before?.startsWith("R") === true;
    // Data are a store's only.
    const fits = depends && (kind !== "data" || sketch.startsWith("W"));
    const common = { at: sketch[1] ?? "x", ...only };
    const access = { ...common, ...(fits && { dependency: { on: `${hart}.0`, kind } }) };
    if (place === 1) ops.push(...fenceBetween(before ?? "", after ?? "", variant));
    if (sketch.startsWith("R")) ops.push({ op: "load", to: `${hart}.${place}`, ...access });
    else ops.push({ op: "store", value: Number(sketch[2]), ...access });
  });
  return ops;
}

function fenceBetween(before: string, after: string, { fence }: Variant): Op[] {
  if (fence === undefined) return [];
  if (fence === "tso") return [{ op: "fence.tso" }];
  if (fence === "least") {
    return [{ op: "fence", before: accessSet(before), after: accessSet(after) }];
  }
  return [{ op: "fence", before: fence[0], after: fence[1] }];
}

/** Memory operations that the model can still try all orders of. */
const MOST_EVENTS = 9;

function events({ harts }: LitmusTest): number {
  const accesses = harts.flat().filter((op) => "means" in op);
  return accesses.reduce((sum, op) => sum + ("means" in op && op.means === "lrsc" ? 2 : 1), 0);
}

const all = { before: "rw", after: "rw" } as const;
const load = (at: string, to: string): Op => ({ op: "load", at, to, ...PLAIN });
const store = (at: string): Op => ({ op: "store", at, value: 1, ...PLAIN });
const FENCE: Op = { op: "fence", ...all };

/**
 * Changed code (unprivileged manual, chapter "Zifencei"): FENCE.I lets a hart fetch every store that is
 * visible to it, its own or another's.
 */
const CODE_TESTS: readonly LitmusTest[] = [
  {
    name: "CoF+fence.i",
    harts: [
      [{ op: "patch" }, { op: "fence.i" }, { op: "fetch", to: "0.0" }],
      [{ op: "fetch", to: "1.0" }],
    ],
    finals: [],
    allowed: ["1 0", "1 1"],
  },
  {
    name: "MP.F+fence+fence.i",
    harts: [
      [{ op: "patch" }, FENCE, store("y")],
      [load("y", "1.0"), FENCE, { op: "fence.i" }, { op: "fetch", to: "1.1" }],
    ],
    finals: [],
    allowed: ["0 0", "0 1", "1 1"],
  },
  {
    name: "WRC.F+fence+fence.i",
    harts: [
      [{ op: "patch" }, FENCE, store("x")],
      [load("x", "1.0"), FENCE, store("y")],
      [load("y", "2.0"), FENCE, { op: "fence.i" }, { op: "fetch", to: "2.1" }],
    ],
    finals: [],
    allowed: ["0 0 0", "0 0 1", "0 1 0", "0 1 1", "1 0 0", "1 0 1", "1 1 1"],
  },
];

/** Every shape with every variant that changes it. */
export function litmusTests(): LitmusTest[] {
  const tests: LitmusTest[] = [...CODE_TESTS];
  const known = new globalThis.Set<string>();
  for (const [shape, { harts, finals }] of Object.entries(SHAPES)) {
    for (const variant of VARIANTS) {
      const made = harts.map((sketches, hart) => hartOps(sketches, hart, variant));
      const test = { name: `${shape}+${variant.name}`, harts: made, finals };
      const text = JSON.stringify([made, finals]);
      if (known.has(text) || events(test) > MOST_EVENTS) continue;
      known.add(text);
      tests.push(test);
    }
  }
  return tests;
}
