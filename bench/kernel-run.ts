/** Runs a program of bench/bare under a contestant and takes the processor time of its parts. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { processTreeMs } from "./process-time.ts";

export interface Repetition {
  readonly checksum: string;
  /** Guest instructions by the guest's own count; QEMU's count is no such thing. */
  readonly instructions: number;
  /** Processor time of the whole process tree. */
  readonly cpuMs: number;
}

const RESULT = /^([0-9a-f]{16}) ([0-9a-f]{16})\s*$/;

/**
 * Runs a command and takes the processor time between each two result lines that it prints.
 *
 * @param limitMs wall time after which it is killed
 * @throws Error when it fails or takes too long
 */
export async function runKernel(
  command: readonly string[],
  limitMs: number,
): Promise<readonly Repetition[]> {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { stdio: "pipe", timeout: limitMs });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const repetitions: Repetition[] = [];
  let before = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const now = processTreeMs(child.pid ?? 0);
    const [, checksum, count] = RESULT.exec(line) ?? [];
    if (checksum !== undefined && count !== undefined) {
      repetitions.push({ checksum, instructions: Number(`0x${count}`), cpuMs: now - before });
    }
    before = now;
  }
  const status = await ended;
  if (status !== 0) throw new Error(`"${command.join(" ")}" failed (${status}): ${errors.trim()}`);
  return repetitions;
}
