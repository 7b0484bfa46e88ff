/**
 * What changed between two texts, as `diff -u` shows it. Lines are matched as Ratcliff and Obershelp
 * do: the longest run that both have, then what is before and behind it in the same way.
 */

interface Run {
  readonly a: number;
  readonly b: number;
  readonly length: number;
}

/** Lines of each text from `a` and `b` on, up to `aEnd` and `bEnd`. */
interface Change {
  readonly isEqual: boolean;
  readonly a: number;
  readonly aEnd: number;
  readonly b: number;
  readonly bEnd: number;
}

/** Lines around a change. */
const CONTEXT = 3;

/** Empty where the texts are equal. `names` head the two texts. */
export function unifiedDiff(
  from: string,
  to: string,
  names: readonly [from: string, to: string],
): string {
  const a = linesOf(from);
  const b = linesOf(to);
  const groups = grouped(changes(a, b));
  if (groups.length === 0) return "";
  const head = `--- ${names[0]}\n+++ ${names[1]}\n`;
  return head + groups.map((group) => hunk(a, b, group)).join("");
}

function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/).filter((line) => line !== "");
}

function hunk(a: readonly string[], b: readonly string[], group: readonly Change[]): string {
  const [first, last] = [group[0], group.at(-1)];
  if (!first || !last) return "";
  const lines = group.flatMap((change) => {
    const old = a.slice(change.a, change.aEnd);
    if (change.isEqual) return old.map((line) => ` ${line}`);
    const fresh = b.slice(change.b, change.bEnd);
    return [...old.map((line) => `-${line}`), ...fresh.map((line) => `+${line}`)];
  });
  return `@@ -${range(first.a, last.aEnd)} +${range(first.b, last.bEnd)} @@\n${lines.join("")}`;
}

/** Counted from 1; a run of no lines stands behind the line before. */
function range(start: number, end: number): string {
  const length = end - start;
  if (length === 1) return String(start + 1);
  return `${length === 0 ? start : start + 1},${length}`;
}

/** Changes with the lines around them; those that are near one another together. */
function grouped(all: readonly Change[]): Change[][] {
  const groups: Change[][] = [];
  let group: Change[] = [];
  for (const [index, change] of all.entries()) {
    const { isEqual, a, aEnd, b, bEnd } = change;
    if (!isEqual) {
      group.push(change);
      continue;
    }
    const isFirst = index === 0;
    const isLast = index === all.length - 1;
    const length = aEnd - a;
    if (isFirst) {
      const skipped = Math.max(length - CONTEXT, 0);
      group.push({ ...change, a: a + skipped, b: b + skipped });
    } else if (isLast || length > 2 * CONTEXT) {
      const kept = Math.min(length, CONTEXT);
      group.push({ ...change, aEnd: a + kept, bEnd: b + kept });
      if (isLast) continue;
      groups.push(group);
      group = [{ ...change, a: aEnd - CONTEXT, b: bEnd - CONTEXT }];
    } else {
      group.push(change);
    }
  }
  groups.push(group);
  return groups.filter((each) => each.some(({ isEqual }) => !isEqual));
}

function changes(a: readonly string[], b: readonly string[]): Change[] {
  const found: Change[] = [];
  let [atA, atB] = [0, 0];
  for (const run of [...matches(a, b), { a: a.length, b: b.length, length: 0 }]) {
    if (run.a > atA || run.b > atB) {
      found.push({ isEqual: false, a: atA, aEnd: run.a, b: atB, bEnd: run.b });
    }
    atA = run.a + run.length;
    atB = run.b + run.length;
    if (run.length > 0) found.push({ isEqual: true, a: run.a, aEnd: atA, b: run.b, bEnd: atB });
  }
  return found;
}

/** Runs that both texts have, in order. */
function matches(a: readonly string[], b: readonly string[]): Run[] {
  const places = placesOf(b);
  const found: Run[] = [];
  const search = (aFrom: number, aTo: number, bFrom: number, bTo: number): void => {
    const run = longest(a, b, places, [aFrom, aTo, bFrom, bTo]);
    if (run.length === 0) return;
    search(aFrom, run.a, bFrom, run.b);
    found.push(run);
    search(run.a + run.length, aTo, run.b + run.length, bTo);
  };
  search(0, a.length, 0, b.length);
  return joined(found);
}

/** Runs that follow on one another are one. */
function joined(runs: readonly Run[]): Run[] {
  const found: Run[] = [];
  for (const run of runs) {
    const last = found.at(-1);
    if (last && last.a + last.length === run.a && last.b + last.length === run.b) {
      found[found.length - 1] = { ...last, length: last.length + run.length };
    } else {
      found.push(run);
    }
  }
  return found;
}

/** From this many lines on, a line that stands in more than a hundredth of them begins no run. */
const MANY_LINES = 200;

function placesOf(b: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [index, line] of b.entries()) {
    const known = places.get(line);
    if (known) known.push(index);
    else places.set(line, [index]);
  }
  if (b.length < MANY_LINES) return places;
  const most = Math.floor(b.length / 100) + 1;
  for (const [line, all] of places) if (all.length > most) places.delete(line);
  return places;
}

type Bounds = readonly [aFrom: number, aTo: number, bFrom: number, bTo: number];

/** The longest run within the bounds; of several, the first one. */
function longest(
  a: readonly string[],
  b: readonly string[],
  places: ReadonlyMap<string, number[]>,
  [aFrom, aTo, bFrom, bTo]: Bounds,
): Run {
  let best: Run = { a: aFrom, b: bFrom, length: 0 };
  /** How long the run is that ends at a line of `b`. */
  let lengths = new Map<number, number>();
  for (let i = aFrom; i < aTo; i += 1) {
    const next = new Map<number, number>();
    for (const j of places.get(a[i] ?? "") ?? []) {
      if (j < bFrom) continue;
      if (j >= bTo) break;
      const length = (lengths.get(j - 1) ?? 0) + 1;
      next.set(j, length);
      if (length > best.length) best = { a: i - length + 1, b: j - length + 1, length };
    }
    lengths = next;
  }
  return grown(a, b, best, [aFrom, aTo, bFrom, bTo]);
}

/** The run with the lines before and behind it that are equal but begin none. */
function grown(
  a: readonly string[],
  b: readonly string[],
  run: Run,
  [aFrom, aTo, bFrom, bTo]: Bounds,
): Run {
  let { a: atA, b: atB, length } = run;
  while (atA > aFrom && atB > bFrom && a[atA - 1] === b[atB - 1]) {
    atA -= 1;
    atB -= 1;
    length += 1;
  }
  const isMore = (): boolean => atA + length < aTo && atB + length < bTo;
  while (isMore() && a[atA + length] === b[atB + length]) length += 1;
  return { a: atA, b: atB, length };
}
