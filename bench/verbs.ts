/** How long pause, resume, reset and force off take, while harts do what is worst for it. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Engine, ENGINES } from "../src/cli/system/system-options.ts";
import { assemble } from "../src/isa/assemble.ts";
import { table } from "./table.ts";
import { configOf, openHouse, type Verb, type Vm } from "./vms/house.ts";
import { mkdirSync, writeFileSync } from "node:fs";

/** Milliseconds of each verb's calls; of a reset, also until the guest stood. */
type Times = Record<Verb | "stands", number[]>;

/** What harts do meanwhile. */
const LOADS: Readonly<Record<string, () => readonly string[]>> = {
  "stock boot": () => ["--guest", "shell,boot=stock"],
  "4 harts spin": () => ["-smp", "4", "-bios", spinProgram()],
};

const COLUMNS = ["pause", "resume", "stands", "reset", "forceOff"] as const;

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
      const times: Times = { pause: [], resume: [], reset: [], stands: [], forceOff: [] };
      for (let life = 0; life < LIVES; life++) await live(engine, options(), pauses, times);
      results.push({ load, engine, times });
      onResult(
        `${load}, ${engine}: ${COLUMNS.map((each) => `${each} ${cell(times[each])}`).join(", ")}`,
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
  const house = await openHouse(engine);
  try {
    const vm = await house.make("vm", await configOf(options));
    await vm.start();
    for (let i = 0; i < pauses; i++) {
      await sleep(20 + 60 * Math.random());
      await timed(vm, "pause", times);
      await timed(vm, "resume", times);
    }
    for (let i = 0; i < RESETS; i++) {
      await sleep(300 * Math.random());
      await timed(vm, "reset", times);
    }
    await sleep(300 * Math.random());
    await timed(vm, "forceOff", times);
  } finally {
    await house.close();
  }
}

async function timed(vm: Vm, verb: Verb, times: Times): Promise<void> {
  const { endMs, standsMs } = await vm.timed(verb);
  times[verb].push(endMs);
  if (standsMs !== null) times.stands.push(standsMs);
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
    ["harts do", "pause", "resume", "reset: stands", "reset: starts", "force off"],
    results.map(({ load, engine, times }) => [
      `${load}, ${engine}`,
      ...COLUMNS.map((each) => cell(times[each])),
    ]),
  );
}
