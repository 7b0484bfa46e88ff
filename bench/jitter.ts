/** How late timer interrupts are under every contestant, while each kind of code runs. */
import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { commandFor, contestant } from "./contestants.ts";
import { table } from "./table.ts";
import { buildBare } from "./toolchain.ts";

/** Lateness in microseconds of guest time: median, 90th and 99th percentile, maximum. */
type Lateness = readonly number[];

/** By the kind of code, in the program's order. */
type Latenesses = ReadonlyMap<string, Lateness>;

const LIMIT_MS = 300_000;
/** Before other programs, where the system allows that: the host's scheduler is not asked about. */
const REAL_TIME = ["chrt", "-f", "1"];
const TICKS_PER_US = 10;
/** `<kind> <early> <median> <p90> <p99> <max>`: see jitter.c. */
const LINE = /^(\w+) (\d+) (\d+) (\d+) (\d+) (\d+)\s*$/;

/**
 * Measures contestants one after the other.
 *
 * @param samples timer interrupts for each kind of code
 * @param onResult is told a line for those who wait
 * @returns by contestant's name
 * @throws Error when a run fails
 */
export async function benchJitter(
  names: readonly string[],
  samples: number,
  onResult: (line: string) => void,
): Promise<ReadonlyMap<string, Latenesses>> {
  const program = buildBare("jitter", ["bench/jitter/jitter.c"], { SAMPLES: samples });
  const priority =
    spawnSync("chrt", REAL_TIME.slice(1).concat("true")).status === 0 ? REAL_TIME : [];
  const results = new Map<string, Latenesses>();
  for (const name of names) {
    const latenesses = await measure([...priority, ...commandFor(contestant(name), program)]);
    for (const [kind, lateness] of latenesses) {
      onResult(`${name.padEnd(12)} ${kind.padEnd(9)} ${cell(lateness)} µs`);
    }
    results.set(name, latenesses);
  }
  return results;
}

async function measure(command: readonly string[]): Promise<Latenesses> {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"], timeout: LIMIT_MS });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const found = new Map<string, Lateness>();
  for await (const line of createInterface({ input: child.stdout })) {
    const [, kind = "", early, ...ticks] = LINE.exec(line) ?? [];
    if (kind === "") continue;
    if (early !== "0") throw new Error(`${kind}: ${early} interrupts came before their time`);
    found.set(
      kind,
      ticks.map((text) => Number(text) / TICKS_PER_US),
    );
  }
  const status = await ended;
  if (status !== 0) throw new Error(`"${command.join(" ")}" failed (${status})`);
  return found;
}

/** As "median / p90 / p99 / maximum". */
function cell(lateness: Lateness): string {
  return lateness.map((value) => value.toFixed(0)).join(" / ");
}

/** A row for each kind of code. */
export function jitterTable(results: ReadonlyMap<string, Latenesses>): string {
  const kinds = [...(results.values().next().value?.keys() ?? [])];
  const rows = kinds.map((kind) => [
    kind,
    ...[...results.values()].map((latenesses) => cell(latenesses.get(kind) ?? [])),
  ]);
  return table(["code", ...results.keys()], rows);
}
