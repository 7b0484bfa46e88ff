/**
 * A decision tree over fixed bits, built from patterns: what the generated decoder is written from
 * and what the disassembler walks.
 */
import type { Insn, Pattern } from "./insn.ts";
import type { Matcher } from "./table.ts";

/** One row is left; `check` holds its fixed bits that no switch has looked at. */
export interface Leaf<T extends Insn> {
  readonly insn: T;
  readonly check: Pattern;
}

/** A switch on `(word >>> shift) & mask`; without a case and `otherwise` nothing matches. */
export interface Switch<T extends Insn> {
  readonly shift: number;
  readonly mask: number;
  readonly cases: ReadonlyMap<number, Tree<T>>;
  readonly otherwise?: Tree<T>;
}

export type Tree<T extends Insn> = Leaf<T> | Switch<T>;

interface Run {
  readonly shift: number;
  readonly mask: number;
}

/** Runs of adjacent set bits of `mask`, least significant first. */
function runsOf(mask: number): Run[] {
  const runs: Run[] = [];
  for (let shift = 0; shift < 32; shift++) {
    let count = 0;
    while (shift + count < 32 && (mask >>> (shift + count)) & 1) count++;
    if (count > 0) runs.push({ shift, mask: 2 ** count - 1 });
    shift += count;
  }
  return runs;
}

function group<T extends Insn>(rows: readonly Matcher<T>[], run: Run): Map<number, Matcher<T>[]> {
  const groups = new Map<number, Matcher<T>[]>();
  for (const row of rows) {
    const value = (row.pattern.value >>> run.shift) & run.mask;
    groups.set(value, [...(groups.get(value) ?? []), row]);
  }
  return groups;
}

/** The run that splits `rows` into most groups. */
function bestRun<T extends Insn>(rows: readonly Matcher<T>[], mask: number): Run {
  const runs = runsOf(mask).map((run) => ({ run, groups: group(rows, run).size }));
  return runs.reduce((best, next) => (next.groups > best.groups ? next : best)).run;
}

function branch<T extends Insn>(
  rows: readonly Matcher<T>[],
  run: Run,
  known: number,
  rest: readonly Matcher<T>[],
): Switch<T> {
  const seen = known | (run.mask << run.shift);
  const cases = new Map(
    [...group(rows, run)]
      .toSorted(([a], [b]) => a - b)
      .map(([value, members]) => [value, buildTree(members, seen)]),
  );
  return rest.length > 0 ? { ...run, cases, otherwise: buildTree(rest, known) } : { ...run, cases };
}

/**
 * Builds the tree for `rows`, the more special before those that they lie within.
 *
 * @param known mask of the bits that are already known to match
 * @throws Error when `rows` is empty
 */
export function buildTree<T extends Insn>(rows: readonly Matcher<T>[], known: number): Tree<T> {
  const [first] = rows;
  if (first === undefined) throw new Error("a decision tree needs at least one row");
  if (rows.length === 1) {
    const mask = (first.pattern.mask & ~known) >>> 0;
    return { insn: first.insn, check: { mask, value: (first.pattern.value & mask) >>> 0 } };
  }
  const common = rows.reduce((mask, { pattern }) => mask & pattern.mask, ~known) >>> 0;
  if (common !== 0) return branch(rows, bestRun(rows, common), known, []);
  // What is left overlaps: split off the most special row and its equals.
  const own = (first.pattern.mask & ~known) >>> 0;
  const special = rows.filter(({ pattern }) => (pattern.mask & own) >>> 0 === own);
  const general = rows.filter((row) => !special.includes(row));
  return branch(special, { shift: 0, mask: own }, known, general);
}

/** Walks the tree with an instruction; undefined when no row matches. */
export function lookUp<T extends Insn>(tree: Tree<T>, word: number): T | undefined {
  let node = tree;
  while (!("insn" in node)) {
    const next = node.cases.get((word >>> node.shift) & node.mask) ?? node.otherwise;
    if (next === undefined) return undefined;
    node = next;
  }
  return (word & node.check.mask) >>> 0 === node.check.value ? node.insn : undefined;
}
