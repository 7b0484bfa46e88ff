/** Litmus tests: a few accesses of several harts to a few words that are zero at first. */

/** Bits of AMO, LR and SC; for an LR/SC pair aq is the LR's and rl is the SC's. */
export type Order = "" | "aq" | "rl" | "aqrl";

/** How a load or store is made: by itself, by an AMO, or by an LR/SC pair that is repeated until it succeeds. */
export type Means = "plain" | "amo" | "lrsc";

export interface Dependency {
  /** The result that the access depends on, without using its value. */
  readonly on: string;
  readonly kind: "address" | "data" | "control";
}

/** Of a word's 8 bytes: the lower four, the higher four, or all. */
export type Part = "low" | "high" | "whole";

interface Access {
  /** Name of the word. */
  readonly at: string;
  /** Missing: low. */
  readonly part?: Part;
  readonly means: Means;
  readonly order: Order;
  readonly dependency?: Dependency;
}

/** By an AMO or a pair it writes back what it read. */
export interface Load extends Access {
  readonly op: "load";
  /** Name of the result, unique in the test. */
  readonly to: string;
}

export interface Store extends Access {
  readonly op: "store";
  /** 1 to 3; a whole word gets it in each half. */
  readonly value: number;
}

export type Set = "r" | "w" | "rw";

export type Op =
  | Load
  | Store
  | { readonly op: "fence"; readonly before: Set; readonly after: Set }
  | { readonly op: "fence.tso" }
  | { readonly op: "fence.i" }
  /** Changes what the race's own piece of code gives, from 0 to 1. */
  | { readonly op: "patch" }
  /** Executes it. */
  | { readonly op: "fetch"; readonly to: string };

/**
 * Where words lie and how they are addressed: in cache lines of their own, each through a register of
 * its own; the same, all through one register; in pages of which the TLB keeps one at a time; across
 * the end of a cache line; across the end of a page.
 */
export type Layout = "lines" | "base" | "pages" | "across lines" | "across pages";

/** Whether an access to a whole word is misaligned: then it is one to each half, in any order. */
export function isSplit({ layout }: LitmusTest): boolean {
  return layout === "across lines" || layout === "across pages";
}

export interface LitmusTest {
  readonly name: string;
  /** Missing: lines. */
  readonly layout?: Layout;
  /** One for each hart, in program order. */
  readonly harts: readonly (readonly Op[])[];
  /** Words whose last value belongs to the outcome, behind the results. */
  readonly finals: readonly string[];
  /** Where code changes, which RVWMO says nothing of: the outcomes that may show. */
  readonly allowed?: readonly Outcome[];
}

/** Results of a test in order: hart by hart. */
export function resultsOf({ harts }: LitmusTest): string[] {
  return harts.flatMap((ops) => ops.flatMap((op) => ("to" in op ? [op.to] : [])));
}

/** Names of the words, in order of appearance. */
export function wordsOf({ harts }: LitmusTest): string[] {
  const names = harts.flatMap((ops) => ops.flatMap((op) => ("at" in op ? [op.at] : [])));
  return [...new globalThis.Set(names)];
}

/** Values of results and final words, as in "1 0 2"; of a whole word its halves, low first: "1:0". */
export type Outcome = string;

const HALVES: Readonly<Record<Part, readonly number[]>> = { low: [0], high: [1], whole: [0, 1] };

/** The halves of a word that an access touches. */
export function halvesOf({ part = "low" }: { readonly part?: Part }): readonly number[] {
  return HALVES[part];
}

/** How many halves each value of an outcome has: results in order, then final words. */
export function valueHalves(test: LitmusTest): number[] {
  const ops = test.harts.flat();
  const results = ops.flatMap((op) => ("to" in op ? ["at" in op ? halvesOf(op).length : 1] : []));
  const isWide = (at: string): boolean =>
    ops.some((op) => "at" in op && op.at === at && halvesOf(op).includes(1));
  return [...results, ...test.finals.map((at) => (isWide(at) ? 2 : 1))];
}
