/** What two harts do against one, from times of equal pieces of work. */

/** Milliseconds for a piece of work. */
export interface Piece {
  /** As a clock shows. */
  readonly wallMs: number;
  /** Processor time of all threads. */
  readonly cpuMs: number;
}

export interface SmpScore {
  /** One hart by itself. */
  readonly one: Piece;
  /** Two harts at once: what a piece takes on the average, so half of it when all is well. */
  readonly two: Piece;
}

/** Work in the same time, two harts to one. */
export function speedup({ one, two }: SmpScore): number {
  return one.wallMs / two.wallMs;
}

/**
 * The same from processor time, which other programs of the host disturb less: what two processors
 * would do if no hart ever waited for another.
 */
export function cpuSpeedup({ one, two }: SmpScore): number {
  return (2 * one.cpuMs) / two.cpuMs;
}

/** When a hart finished a piece of work, and what all threads had used then. */
export interface Mark {
  readonly hart: number;
  readonly wallMs: number;
  readonly cpuMs: number;
}

/**
 * The average piece while all harts were at work: from when each had finished its first one, which
 * warms caches and compilers up, until one had finished all.
 *
 * @param marks in the order of time
 * @throws Error when a hart finished fewer than three pieces meanwhile
 */
export function averagePiece(marks: readonly Mark[], harts: number): Piece {
  const ofHart = Array.from({ length: harts }, (_, hart) => marks.filter((m) => m.hart === hart));
  const from = Math.max(...ofHart.map((list) => list[0]?.wallMs ?? Infinity));
  const to = Math.min(...ofHart.map((list) => list.at(-1)?.wallMs ?? -Infinity));
  const inside = marks.filter(({ wallMs }) => wallMs >= from && wallMs <= to);
  const rates = ofHart.map((_, hart) => rateOf(inside.filter((mark) => mark.hart === hart)));
  const rate = rates.reduce((sum, each) => sum + each, 0);
  const [first, last] = [inside[0], inside.at(-1)];
  if (!first || !last) throw new Error("the harts did not run at the same time");
  const pieces = rate * (last.wallMs - first.wallMs);
  return { wallMs: 1 / rate, cpuMs: (last.cpuMs - first.cpuMs) / pieces };
}

/** Pieces a millisecond. */
function rateOf(marks: readonly Mark[]): number {
  const [first, last] = [marks[0], marks.at(-1)];
  if (!first || !last || marks.length < 3) throw new Error("too few repetitions for a rate");
  return (marks.length - 1) / (last.wallMs - first.wallMs);
}
