/** What assembly means when it writes no rounding mode. */

const RNE = 0;
const DYNAMIC = 7;

/** Widening conversions, which are exact and encoded with RNE by convention. */
const EXACT: ReadonlySet<string> = new Set([
  "fcvt.d.s",
  "fcvt.d.w",
  "fcvt.d.wu",
  "fcvt.s.h",
  "fcvt.d.h",
]);

export function defaultRoundingMode(name: string): number {
  return EXACT.has(name) ? RNE : DYNAMIC;
}
