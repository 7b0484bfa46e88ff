/**
 * The tests: each shape of a race, with everything that may stand between two accesses of a hart and
 * every way to make them.
 */
import { CODE_TESTS } from "./code-tests.ts";
import { DIRECTED_TESTS } from "./directed-tests.ts";
import { halvesOf, isSplit } from "./litmus-test.ts";
import type { Dependency, Layout, LitmusTest, Means, Op, Order, Part, Set } from "./litmus-test.ts";

/** "Wx1" stores 1 to x, "Rx" loads it; "*" behind: all of it, "^": its higher half. */
type Sketch = readonly (readonly string[])[];

interface Shape {
  readonly harts: Sketch;
  readonly finals: readonly string[];
}

/** Names as in the literature. */
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
  "W+RWC": {
    harts: [
      ["Wx1", "Wy1"],
      ["Ry", "Rz"],
      ["Wz1", "Rx"],
    ],
    finals: [],
  },
  WWC: { harts: [["Wx2"], ["Rx", "Wy1"], ["Ry", "Wx1"]], finals: ["x"] },
  "WRR+2W": {
    harts: [["Wx2"], ["Rx", "Ry"], ["Wy1", "Wx1"]],
    finals: ["x"],
  },
  "3.SB": {
    harts: [
      ["Wx1", "Ry"],
      ["Wy1", "Rz"],
      ["Wz1", "Rx"],
    ],
    finals: [],
  },
  "3.LB": {
    harts: [
      ["Rx", "Wy1"],
      ["Ry", "Wz1"],
      ["Rz", "Wx1"],
    ],
    finals: [],
  },
  "3.2W": {
    harts: [
      ["Wx2", "Wy1"],
      ["Wy2", "Wz1"],
      ["Wz2", "Wx1"],
    ],
    finals: ["x", "y", "z"],
  },
  "Z6.0": {
    harts: [
      ["Wx1", "Wy1"],
      ["Ry", "Wz1"],
      ["Wz2", "Rx"],
    ],
    finals: ["z"],
  },
  "Z6.1": {
    harts: [
      ["Wx2", "Wy1"],
      ["Wy2", "Wz1"],
      ["Rz", "Wx1"],
    ],
    finals: ["x", "y"],
  },
  "Z6.2": {
    harts: [
      ["Wx2", "Wy1"],
      ["Ry", "Wz1"],
      ["Rz", "Wx1"],
    ],
    finals: ["x"],
  },
  "Z6.3": {
    harts: [
      ["Wx1", "Wy1"],
      ["Wy2", "Wz1"],
      ["Rz", "Rx"],
    ],
    finals: ["y"],
  },
  "Z6.4": {
    harts: [
      ["Wx1", "Wy1"],
      ["Wy2", "Rz"],
      ["Wz1", "Rx"],
    ],
    finals: ["y"],
  },
  "Z6.5": {
    harts: [
      ["Wx1", "Wy1"],
      ["Wy2", "Wz1"],
      ["Wz2", "Rx"],
    ],
    finals: ["y", "z"],
  },
};

/** Accesses of different widths to the same word. */
const MIXED_SHAPES: Readonly<Record<string, Shape>> = {
  "whole.CoRR": { harts: [["Wx1*"], ["Rx*", "Rx*"]], finals: [] },
  "whole.CoWW": { harts: [["Wx1*", "Wx2*"], ["Rx*"]], finals: ["x"] },
  "whole.2W": { harts: [["Wx1*"], ["Wx2*"], ["Rx*"]], finals: ["x"] },
  "half.CoRR": { harts: [["Wx1*"], ["Rx", "Rx^"]], finals: [] },
  "half.MP": { harts: [["Wx1", "Wx1^"], ["Rx*"]], finals: [] },
  "half.SB": {
    harts: [
      ["Wx1", "Rx*"],
      ["Wx2^", "Rx*"],
    ],
    finals: [],
  },
  "half.LB": {
    harts: [
      ["Rx*", "Wx1"],
      ["Rx*", "Wx2^"],
    ],
    finals: ["x"],
  },
  "half.2+2W": {
    harts: [
      ["Wx1", "Wx2*"],
      ["Wx3^", "Wx1*"],
    ],
    finals: ["x"],
  },
  "half.R": {
    harts: [
      ["Wx1*", "Wy1"],
      ["Wy2*", "Rx^"],
    ],
    finals: ["y"],
  },
  "whole.MP": {
    harts: [
      ["Wx1*", "Wy1*"],
      ["Ry*", "Rx*"],
    ],
    finals: [],
  },
};

/** What stands between the first access of a hart and the second, and how both are made. */
interface Variant {
  readonly name: string;
  readonly first?: { readonly means: Means; readonly order: Order };
  readonly second?: { readonly means: Means; readonly order: Order };
  readonly fence?: readonly [Set, Set] | "tso" | "least";
  readonly dependency?: Dependency["kind"];
}

const PO: Variant = { name: "po" };

const VARIANTS: readonly Variant[] = [
  PO,
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
  { name: "fence.rw.w", fence: ["rw", "w"] },
  { name: "fence.r.rw", fence: ["r", "rw"] },
  { name: "fence.w.w", fence: ["w", "w"] },
  { name: "fence.r.r", fence: ["r", "r"] },
  { name: "fence.w.r", fence: ["w", "r"] },
  {
    name: "amo-lrsc",
    first: { means: "amo", order: "" },
    second: { means: "lrsc", order: "" },
  },
  {
    name: "lrsc.aqrl",
    first: { means: "lrsc", order: "aqrl" },
    second: { means: "lrsc", order: "aqrl" },
  },
];

/** Other ways to the words: groups of accesses in translated code, and slow paths of every kind. */
const LAYOUTS: readonly { readonly layout: Layout; readonly shapes: readonly string[] }[] = [
  { layout: "base", shapes: ["MP", "SB", "LB", "S", "R", "2+2W", "WRC", "ISA2", "IRIW"] },
  { layout: "pages", shapes: ["MP", "SB", "LB", "S", "R", "2+2W", "CoRR", "CoWR", "IRIW"] },
  { layout: "across lines", shapes: ["whole.CoRR", "whole.CoWW", "whole.MP", "half.R"] },
  { layout: "across pages", shapes: ["whole.CoRR", "whole.CoWW", "whole.MP", "half.R"] },
];

function isPlain({ first, second }: Variant): boolean {
  return first === undefined && second === undefined;
}

const PLAIN = { means: "plain", order: "" } as const;

function partOf(sketch: string): Part | undefined {
  if (sketch.endsWith("*")) return "whole";
  return sketch.endsWith("^") ? "high" : undefined;
}

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
    const part = partOf(sketch);
    const common = { at: sketch[1] ?? "x", ...only, ...(part !== undefined && { part }) };
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

function events(test: LitmusTest): number {
  const accesses = test.harts.flat().flatMap((op) => ("means" in op ? [op] : []));
  const split = isSplit(test);
  return accesses.reduce((sum, op) => {
    const two = op.means === "lrsc" || (split && halvesOf(op).length > 1);
    return sum + (two ? 2 : 1);
  }, 0);
}

/** Every shape with every variant that changes it, and those that are written down one by one. */
export function litmusTests(): LitmusTest[] {
  const tests: LitmusTest[] = [...CODE_TESTS, ...DIRECTED_TESTS];
  const known = new globalThis.Set<string>();
  const add = (shape: string, variant: Variant, layout?: Layout): void => {
    const { harts, finals } = SHAPES[shape] ?? MIXED_SHAPES[shape] ?? { harts: [], finals: [] };
    const made = harts.map((sketches, hart) => hartOps(sketches, hart, variant));
    const prefix = layout === undefined ? "" : `${layout.replace(" ", ".")}:`;
    const common = { harts: made, finals, ...(layout !== undefined && { layout }) };
    const test = { name: `${prefix}${shape}+${variant.name}`, ...common };
    const text = JSON.stringify(common);
    if (known.has(text) || events(test) > MOST_EVENTS) return;
    known.add(text);
    tests.push(test);
  };
  for (const shape of [...Object.keys(SHAPES), ...Object.keys(MIXED_SHAPES)]) {
    for (const variant of VARIANTS) add(shape, variant);
  }
  for (const { layout, shapes } of LAYOUTS) {
    const variants = layout.startsWith("across") ? VARIANTS.filter(isPlain) : VARIANTS;
    for (const shape of shapes) for (const variant of variants) add(shape, variant, layout);
  }
  return tests;
}
