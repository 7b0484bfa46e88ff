/** Shrinks a program that two engines disagree on. */
import { runPrograms } from "./batch.ts";
import type { Pair } from "./batch.ts";
import type { Mismatch } from "./compare.ts";
import type { CodeWord, Program } from "./program.ts";

const NOPS = { 2: { bits: 0x0001, bytes: 2 }, 4: { bits: 0x0000_0013, bytes: 4 } } as const;

/** Whether minimising put this word there. */
export function isNop({ bits }: CodeWord): boolean {
  return bits === NOPS[2].bits || bits === NOPS[4].bits;
}

/** Changes units into no-operations of the same size. */
export function withoutUnits(program: Program, dropped: ReadonlySet<number>): Program {
  const code = [...program.code];
  for (const index of dropped) {
    const unit = program.units[index];
    for (let at = unit?.from ?? 0; at < (unit?.to ?? 0); at++) {
      const old = code[at];
      if (old !== undefined) code[at] = NOPS[old.bytes];
    }
  }
  return { ...program, code };
}

/**
 * Replaces as many units as possible by no-operations while the engines still disagree.
 *
 * @returns the program and what differs then; undefined when it does not differ by itself
 */
export async function minimise(program: Program, pair: Pair): Promise<Mismatch | undefined> {
  let [best] = await runPrograms([program], pair);
  if (best === undefined) return undefined;
  const dropped = new Set<number>();
  for (let size = program.units.length >> 1; size >= 1; size >>= 1) {
    for (let from = 0; from < program.units.length; from += size) {
      const attempt = new Set(dropped);
      for (let i = from; i < Math.min(from + size, program.units.length); i++) attempt.add(i);
      if (attempt.size === dropped.size) continue;
      const [found] = await runPrograms([withoutUnits(program, attempt)], pair);
      // A program that does not end is no smaller form of one that did.
      if (found === undefined || (found.reason !== undefined) !== (best.reason !== undefined)) {
        continue;
      }
      best = found;
      for (const index of attempt) dropped.add(index);
    }
  }
  return best;
}
