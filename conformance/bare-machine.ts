/** Runs bare programs for several harts on a machine with real workers, by the command line. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assemble } from "../src/isa/assemble.ts";
import type { MachineStats } from "../src/protocol/stats.ts";

const COMMAND = "bin/tabvisor.mjs";
const ORIGIN = 0x8000_0000n;

export interface BareMachine {
  readonly engine: string;
  readonly accelerator: string;
  readonly harts: number;
  /** As for `-machine`; `virt` when absent. */
  readonly machine?: string;
  /** Milliseconds until a machine that did not power itself off is stopped; missing: for ever. */
  readonly patienceMs?: number;
}

/**
 * Assembles a program, and runs it as the firmware of a machine with 64 MiB until it powers off.
 *
 * @param onOutput is told what the UART sends
 * @returns the machine's counters
 * @throws Error when it does not power off
 */
export async function runBare(
  source: string,
  machine: BareMachine,
  onOutput: (text: string) => void,
): Promise<MachineStats> {
  const folder = await mkdtemp(join(tmpdir(), "bare-"));
  const file = join(folder, "firmware.bin");
  const statsFile = join(folder, "stats.json");
  try {
    await writeFile(file, assemble(source, { origin: ORIGIN }).bytes);
    const args = [...commandFor(file, machine), "-stats-json", statsFile];
    await execute(args, machine.patienceMs, onOutput);
    return JSON.parse(await readFile(statsFile, "utf8")) as MachineStats;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Which part of all instructions translated code executed. */
export function translatedPart({ translator, instructions }: MachineStats): number {
  return translator.instructions / instructions;
}

function commandFor(
  file: string,
  { engine, accelerator, harts, machine: kind = "virt" }: BareMachine,
): string[] {
  const machine = ["-M", kind, "-m", "64M", "-smp", `${harts}`, "-bios", file];
  const where = engine === "node" ? [] : ["--engine", engine];
  const accel = accelerator === "jit" ? "jit,threshold=100" : accelerator;
  return [COMMAND, "system", ...machine, "-nographic", "-accel", accel, ...where];
}

function execute(
  args: readonly string[],
  patienceMs: number | undefined,
  onOutput: (text: string) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    let hung = false;
    const timer = setTimeout(
      () => {
        hung = true;
        child.kill();
      },
      patienceMs ?? 2 ** 31 - 1,
    );
    child.stdout.on("data", (chunk: Buffer) => onOutput(chunk.toString("latin1")));
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      if (hung) reject(new Error(`no end after ${patienceMs} ms`));
      else if (code === 0) resolve();
      else reject(new Error(`the machine ended with code ${code}`));
    });
  });
}
