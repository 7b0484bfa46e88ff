/** Runs litmus tests on a machine with real workers, by the command line, and reads what it prints. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assemble } from "../../src/isa/assemble.ts";
import type { MachineStats } from "../../src/protocol/stats.ts";
import { BATCH, litmusProgram, outcomeText } from "./assembly.ts";
import type { LitmusTest, Outcome } from "./litmus-test.ts";

const COMMAND = "bin/tabvisor.mjs";
const ORIGIN = 0x8000_0000n;

export interface RunOptions {
  readonly engine: string;
  readonly accelerator: string;
  /** Races of each test, at least. */
  readonly races: number;
}

/** How often each outcome was seen. */
export type Counts = ReadonlyMap<Outcome, number>;

/**
 * Runs tests that all have as many harts.
 *
 * @param onTest is told each test's counts, as soon as all are known
 * @returns how many tests were reported, and which part of all instructions translated code executed
 * @throws Error when the machine does not power itself off
 */
export async function runTests(
  tests: readonly LitmusTest[],
  options: RunOptions,
  onTest: (test: LitmusTest, counts: Counts) => void,
): Promise<{ reported: number; translated: number }> {
  const harts = tests[0]?.harts.length ?? 0;
  const source = litmusProgram(tests, harts, Math.ceil(options.races / BATCH));
  const folder = await mkdtemp(join(tmpdir(), "litmus-"));
  const file = join(folder, "litmus.bin");
  await writeFile(file, assemble(source, { origin: ORIGIN }).bytes);
  const statsFile = join(folder, "stats.json");
  const reader = new CountReader(tests, onTest);
  try {
    const command = [...commandFor(file, harts, options), "-stats-json", statsFile];
    await execute(command, (text) => reader.add(text));
    const stats = JSON.parse(await readFile(statsFile, "utf8")) as Pick<
      MachineStats,
      "instructions" | "translator"
    >;
    const translated = stats.translator.instructions / stats.instructions;
    return { reported: reader.finish(), translated };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function commandFor(file: string, harts: number, { engine, accelerator }: RunOptions): string[] {
  const machine = ["-M", "virt", "-m", "64M", "-smp", `${harts}`, "-bios", file];
  const where = engine === "node" ? [] : ["--engine", engine];
  return [COMMAND, "system", ...machine, "-nographic", "-accel", accelerator, ...where];
}

function execute(args: readonly string[], onOutput: (text: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    child.stdout.on("data", (chunk: Buffer) => onOutput(chunk.toString("latin1")));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`the machine ended with code ${code}`));
    });
  });
}

/** Collects the lines of a test until the next one's begin. */
class CountReader {
  readonly #tests: readonly LitmusTest[];
  readonly #onTest: (test: LitmusTest, counts: Counts) => void;
  #rest = "";
  #index = -1;
  #counts = new Map<Outcome, number>();
  #reported = 0;

  constructor(tests: readonly LitmusTest[], onTest: (test: LitmusTest, counts: Counts) => void) {
    this.#tests = tests;
    this.#onTest = onTest;
  }

  add(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    const [, index, key, count] = /^([\da-f]{8}) ([\da-f]{8}) ([\da-f]{8}) \r?$/.exec(line) ?? [];
    if (index === undefined || key === undefined || count === undefined) return;
    const number = Number.parseInt(index, 16);
    if (number !== this.#index) this.#report();
    this.#index = number;
    const test = this.#tests[number];
    if (test === undefined) return;
    this.#counts.set(outcomeText(test, Number.parseInt(key, 16)), Number.parseInt(count, 16));
  }

  #report(): void {
    const test = this.#tests[this.#index];
    if (test === undefined) return;
    this.#onTest(test, this.#counts);
    this.#counts = new Map();
    this.#reported++;
  }

  finish(): number {
    this.#report();
    return this.#reported;
  }
}
