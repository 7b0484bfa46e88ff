/** Code that one hart changes and another executes. */
import type { LitmusTest, Op } from "./litmus-test.ts";

const PLAIN = { means: "plain", order: "" } as const;
const all = { before: "rw", after: "rw" } as const;
const load = (at: string, to: string): Op => ({ op: "load", at, to, ...PLAIN });
const store = (at: string): Op => ({ op: "store", at, value: 1, ...PLAIN });
const FENCE: Op = { op: "fence", ...all };

/**
 * Changed code (unprivileged manual, chapter "Zifencei"): FENCE.I lets a hart fetch every store that is
 * visible to it, its own or another's.
 */
export const CODE_TESTS: readonly LitmusTest[] = [
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
