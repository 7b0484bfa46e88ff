/** The kernels under every contestant in turn. */
import { commandFor, contestant, type Contestant } from "./contestants.ts";
import { runKernel, type Repetition } from "./kernel-run.ts";
import { median } from "./statistics.ts";
import { buildKernels } from "./toolchain.ts";

export interface Score {
  /** Median processor time of a repetition. */
  readonly cpuMs: number;
  /** Million guest instructions a second of processor time; NaN where nobody counts. */
  readonly mips: number;
}

export interface KernelScores {
  readonly kernel: string;
  /** By contestant's name. */
  readonly scores: ReadonlyMap<string, Score>;
}

const LIMIT_MS = 300_000;

/** The first repetition warms caches and compilers up and is not counted. */
function scoreOf(name: string, repetitions: readonly Repetition[]): Score {
  const steady = repetitions.slice(1);
  const cpuMs = median(steady.map((each) => each.cpuMs));
  const instructions = name === "qemu" ? NaN : (steady[0]?.instructions ?? NaN);
  return { cpuMs, mips: instructions / 1000 / cpuMs };
}

function checksumsOf(repetitions: readonly Repetition[]): Set<string> {
  return new Set(repetitions.map((each) => each.checksum));
}

async function runAll(
  kernel: string,
  program: string,
  contestants: readonly Contestant[],
): Promise<KernelScores> {
  const scores = new Map<string, Score>();
  const checksums = new Set<string>();
  for (const each of contestants) {
    const repetitions = await runKernel(commandFor(each, program), LIMIT_MS);
    for (const checksum of checksumsOf(repetitions)) checksums.add(checksum);
    scores.set(each.name, scoreOf(each.name, repetitions));
  }
  if (checksums.size !== 1) {
    throw new Error(`kernel ${kernel}: checksums differ: ${[...checksums].join(", ")}`);
  }
  return { kernel, scores };
}

/**
 * Runs kernels under contestants, one at a time.
 *
 * @param repeats repetitions each, at least 2
 * @param onResult is told each kernel's scores as they come
 * @throws Error when a run fails or checksums differ
 */
export async function benchKernels(
  kernels: readonly string[],
  names: readonly string[],
  repeats: number,
  onResult: (scores: KernelScores) => void,
): Promise<readonly KernelScores[]> {
  const contestants = names.map(contestant);
  const results: KernelScores[] = [];
  for (const [kernel, program] of buildKernels(kernels, repeats)) {
    const result = await runAll(kernel, program, contestants);
    onResult(result);
    results.push(result);
  }
  return results;
}
