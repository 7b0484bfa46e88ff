/**
 * From the start of the command to the shell prompt of the default guest, with every command line
 * of its manifest, under each contestant.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { DEFAULT_GUEST, readGuest } from "../guests/index.ts";
import { contestant } from "./contestants.ts";
import { processTreeMs } from "./process-time.ts";
import { median } from "./statistics.ts";
import { table } from "./table.ts";

export interface BootScore {
  readonly engine: string;
  /** Name of the command line: fast, stock. */
  readonly line: string;
  readonly wallMs: number;
  readonly cpuMs: number;
}

const LIMIT_MS = 300_000;
const MEMORY = "512M";
/** Line editors may end it with a question about the cursor's place; a host without a name is `(none)`. */
export const PROMPT = /\w+@[\w()]+:\S*[#$] (?:\u001b\[6n)?$/;

/** Arguments that boot a guest with one of its command lines. */
export function bootArguments(line: string, name = DEFAULT_GUEST): readonly string[] {
  const guest = readGuest(name);
  const boot = guest?.manifest.boot[line];
  if (guest === null || boot === undefined) {
    throw new Error(`the guest ${name} is not built: run npm run guests -- build ${name}`);
  }
  const file = (role: string): string =>
    join(guest.directory, guest.manifest.files[role]?.path ?? role);
  return [
    ...["-M", "virt", "-m", MEMORY, "-nographic", "-append", boot.append],
    ...["-bios", file(boot.firmware), "-kernel", file(boot.kernel), "-initrd", file(boot.initrd)],
  ];
}

/** Boots once and stops the machine at its prompt. */
export function bootOnce(command: readonly string[]): Promise<{ wallMs: number; cpuMs: number }> {
  const [file = "", ...args] = command;
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(file, args, { stdio: ["pipe", "pipe", "inherit"], timeout: LIMIT_MS });
    let output = "";
    let reached = false;
    child.stdout.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString("latin1")).slice(-1000);
      if (reached || !PROMPT.test(output)) return;
      reached = true;
      resolve({ wallMs: performance.now() - start, cpuMs: processTreeMs(child.pid ?? 0) });
      child.kill("SIGTERM");
    });
    child.on("error", reject);
    child.on("close", () => {
      if (!reached) reject(new Error(`"${file}" ended before the prompt; it printed:\n${output}`));
    });
  });
}

/**
 * Boots the guest under each contestant.
 *
 * @param boots of each kind; medians are taken
 * @param onResult is told each score as it comes
 */
export async function benchBoot(
  engines: readonly string[],
  boots: number,
  onResult: (line: string) => void,
): Promise<readonly BootScore[]> {
  const lines = Object.keys(readGuest(DEFAULT_GUEST)?.manifest.boot ?? { fast: null });
  const scores: BootScore[] = [];
  for (const line of lines) {
    for (const engine of engines.filter((name) => contestant(name).boot.length > 0)) {
      const runs = [];
      const command = [...contestant(engine).boot, ...bootArguments(line)];
      for (let boot = 0; boot < boots; boot++) runs.push(await bootOnce(command));
      const wallMs = median(runs.map((run) => run.wallMs));
      const cpuMs = median(runs.map((run) => run.cpuMs));
      scores.push({ engine, line, wallMs, cpuMs });
      onResult(`boot ${line} under ${engine}: ${seconds(wallMs)} s, ${seconds(cpuMs)} s of CPU`);
    }
  }
  return scores;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

export function bootTable(scores: readonly BootScore[]): string {
  const rows = scores.map(({ engine, line, wallMs, cpuMs }) => [
    `${line}, ${engine}`,
    seconds(wallMs),
    seconds(cpuMs),
  ]);
  return table(["boot to prompt", "wall s", "CPU s"], rows);
}
