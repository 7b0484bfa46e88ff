/** How long pause, resume, reset and force off take, while harts do what is worst for it. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Engine, ENGINES, parseSystem } from "../src/cli/system/system-options.ts";
import { machineConfig } from "../src/entry/node/boot-config.ts";
import type { DrivenMachine } from "../src/entry/node/driven-machine.ts";
import { makeMachine } from "../src/entry/node/make-machine.ts";
import { assemble } from "../src/isa/assemble.ts";
import { table } from "./table.ts";
import { mkdirSync, writeFileSync } from "node:fs";

const VERBS = ["pause", "resume", "reset", "forceOff"] as const;
type Verb = (typeof VERBS)[number];

/** Milliseconds of each verb's calls. */
type Times = Record<Verb, number[]>;

/** What harts do meanwhile. */
const LOADS: Readonly<Record<string, () => readonly string[]>> = {
  "stock boot": () => ["--guest", "shell,boot=stock"],
  "4 harts spin": () => ["-smp", "4", "-bios", spinProgram()],
};

const SPIN = "dist/bench/programs/spin.bin";
/** Lives of a machine, each of which ends by force. */
const LIVES = 3;
const RESETS = 3;

interface VerbTimes {
  readonly load: string;
  readonly engine: string;
  readonly times: Times;
}

/**
 * Measures the engines among `names` that machines can be driven in.
 *
 * @param pauses in each of a machine's lives, at moments that the guest cannot foresee
 * @param onResult is told a line for those who wait
 */
export async function benchVerbs(
  names: readonly string[],
  pauses: number,
  onResult: (line: string) => void,
): Promise<readonly VerbTimes[]> {
  const results: VerbTimes[] = [];
  const engines = ENGINES.filter((engine) => names.includes(engine));
  for (const [load, options] of Object.entries(LOADS)) {
    for (const engine of engines) {
      const times: Times = { pause: [], resume: [], reset: [], forceOff: [] };
      for (let life = 0; life < LIVES; life++) await live(engine, options(), pauses, times);
      results.push({ load, engine, times });
      onResult(
        `${load}, ${engine}: ${VERBS.map((verb) => `${verb} ${cell(times[verb])}`).join(", ")}`,
      );
    }
  }
  return results;
}

async function live(
  engine: Engine,
  options: readonly string[],
  pauses: number,
  times: Times,
): Promise<void> {
  const parsed = parseSystem(options);
  if (typeof parsed === "string") throw new Error("no machine is asked for");
  const machine = await makeMachine(engine, await machineConfig(parsed));
  void machine.serial.readable.pipeTo(new WritableStream());
  await machine.start();
  for (let i = 0; i < pauses; i++) {
    await sleep(20 + 60 * Math.random());
    await timed(machine, "pause", times);
    await timed(machine, "resume", times);
  }
  for (let i = 0; i < RESETS; i++) {
    await sleep(300 * Math.random());
    await timed(machine, "reset", times);
  }
  await sleep(300 * Math.random());
  await timed(machine, "forceOff", times);
  await machine.close?.();
}

async function timed(machine: DrivenMachine, verb: Verb, times: Times): Promise<void> {
  const began = performance.now();
  await machine[verb]();
  times[verb].push(performance.now() - began);
}

/** A flat binary whose harts count for ever. */
export function spinProgram(): string {
  mkdirSync("dist/bench/programs", { recursive: true });
  writeFileSync(SPIN, assemble(`1: addi a0, a0, 1\n j 1b\n ${"nop\n".repeat(64)}`).bytes);
  return SPIN;
}

/** As "median / 99th percentile / maximum". */
function cell(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? NaN;
  return [at(0.5), at(0.99), at(1)].map((ms) => ms.toFixed(0)).join(" / ");
}

/** A row for each load and engine. */
export function verbsTable(results: readonly VerbTimes[]): string {
  return table(
    ["harts do", "pause", "resume", "reset", "force off"],
    results.map(({ load, engine, times }) => [
      `${load}, ${engine}`,
      ...VERBS.map((verb) => cell(times[verb])),
    ]),
  );
}
