/** The kernels on one hart and on two at once, each hart on data of its own. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { commandFor, contestant } from "../contestants.ts";
import { processTreeMs } from "../process-time.ts";
import { buildBare, kernelSource, SMP } from "../toolchain.ts";
import { averagePiece, type Mark, type Piece, type SmpScore } from "./score.ts";

const LIMIT_MS = 300_000;
/** `<hart> <checksum> <instructions>`: see main.c. */
const LINE = /^(\d) ([0-9a-f]{16}) [0-9a-f]{16}\s*$/;

/** By contestant's name. */
export interface SmpScores {
  readonly name: string;
  readonly scores: ReadonlyMap<string, SmpScore>;
}

/** QEMU runs several harts in one thread unless it is told. */
function optionsFor(name: string, harts: number): readonly string[] {
  const smp = ["-smp", String(harts)];
  return name === "qemu" ? ["-accel", "tcg,thread=multi", ...smp] : smp;
}

function build(kernel: string, harts: number, repeats: number): string {
  const sources = [join(SMP, "main.c"), "bench/bare/memory.c", kernelSource(kernel)];
  return buildBare(`smp-${kernel}-${harts}`, sources, { HARTS: harts, REPEATS: repeats }, SMP);
}

async function run(
  name: string,
  program: string,
  harts: number,
  sums: Set<string>,
): Promise<Piece> {
  const command = [...commandFor(contestant(name), program), ...optionsFor(name, harts)];
  const [file = "", ...args] = command;
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"], timeout: LIMIT_MS });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const marks: Mark[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const wallMs = performance.now();
    const [, hart = "", checksum = ""] = LINE.exec(line) ?? [];
    if (hart === "") continue;
    marks.push({ hart: Number(hart), wallMs, cpuMs: processTreeMs(child.pid ?? 0) });
    sums.add(checksum);
  }
  const status = await ended;
  if (status !== 0) throw new Error(`"${command.join(" ")}" failed (${status})`);
  return averagePiece(marks, harts);
}

/**
 * Runs kernels under contestants, on one hart and on two.
 *
 * @param repeats of each kernel, at least 5
 * @param onResult is told each kernel's scores as they come
 * @throws Error when a run fails or checksums differ
 */
export async function benchSmpKernels(
  kernels: readonly string[],
  engines: readonly string[],
  repeats: number,
  onResult: (scores: SmpScores) => void,
): Promise<readonly SmpScores[]> {
  const results: SmpScores[] = [];
  for (const kernel of kernels) {
    const [alone, both] = [build(kernel, 1, repeats), build(kernel, 2, repeats)];
    const scores = new Map<string, SmpScore>();
    const sums = new Set<string>();
    for (const name of engines) {
      const one = await run(name, alone, 1, sums);
      scores.set(name, { one, two: await run(name, both, 2, sums) });
    }
    if (sums.size !== 1) throw new Error(`kernel ${kernel}: checksums differ: ${[...sums].join()}`);
    const result = { name: kernel, scores };
    onResult(result);
    results.push(result);
  }
  return results;
}
