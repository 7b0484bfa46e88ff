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

interface Access {
  /** Name of the word. */
  readonly at: string;
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
  /** 1 to 3. */
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

export interface LitmusTest {
  readonly name: string;
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

/** Values of results and final words, as in "1 0 2". */
export type Outcome = string;
