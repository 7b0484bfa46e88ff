/** Batches of programs: generated together, run in one image. */
import { compare } from "./compare.ts";
import type { Mismatch } from "./compare.ts";
import type { Engine } from "./engine/engine.ts";
import type { Features } from "./engine/features.ts";
import { generate } from "./gen/generate.ts";
import { HARNESS_REGISTERS } from "./harness.ts";
import type { Target } from "./harness.ts";
import { buildImage } from "./image.ts";
import type { Image } from "./image.ts";
import type { Program } from "./program.ts";
import { Random, mixSeed } from "./random.ts";

/** Programs in one image; an image has room for a few more. */
export const BATCH = 900;

export interface BatchOptions {
  readonly seed: number;
  readonly features: Features;
  /** Only programs of these profiles; all when empty. */
  readonly profiles: readonly string[];
}

/** Programs `first` to `first + count - 1` of a seed: the same whatever else is run. */
export function makeBatch(options: BatchOptions, first: number, count: number): Program[] {
  const { seed, features, profiles } = options;
  const harnessRegister = new Random(mixSeed(seed, first)).pick(HARNESS_REGISTERS);
  return Array.from({ length: count }, (_, i) =>
    generate({
      seed: mixSeed(seed, first + i),
      slot: i,
      harnessRegister,
      has: features.has,
      profiles,
    }),
  );
}

/** The two engines to be compared. */
export interface Pair {
  readonly ours: Engine;
  readonly theirs: Engine;
  readonly target: Target;
}

/**
 * Runs an image in both engines.
 *
 * @param meanwhile is done while the other engine, a process of its own, is still at work
 * @throws EndlessError when one of them does not end
 */
export async function runBoth(
  image: Image,
  { ours, theirs }: Pair,
  meanwhile: () => void = () => {},
): Promise<Mismatch[]> {
  const running = theirs.run(image);
  // Awaited below; a failure meanwhile must not count as unhandled.
  running.catch(() => {});
  const mine = await ours.run(image);
  meanwhile();
  return compare(image, mine, await running);
}

/** How a program ended when its engine did not: no words to compare. */
function endless(program: Program, error: unknown): Mismatch {
  const reason = error instanceof Error ? error.message : String(error);
  return { program, differences: [], reason };
}

/** Runs programs; when one never ends, finds out which by halves. */
export async function runPrograms(
  programs: readonly Program[],
  pair: Pair,
  meanwhile: () => void = () => {},
): Promise<Mismatch[]> {
  try {
    return await runBoth(buildImage(programs, pair.target), pair, meanwhile);
  } catch (error) {
    const [only] = programs;
    if (only === undefined) return [];
    if (programs.length === 1) return [endless(only, error)];
    const half = programs.length >> 1;
    return [
      ...(await runPrograms(programs.slice(0, half), pair)),
      ...(await runPrograms(programs.slice(half), pair)),
    ];
  }
}
