/**
 * Whether a machine whose guest keeps bringing new code stays at its speed and its memory: runs a
 * workload for minutes and compares its last windows with its first.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseSystem } from "../../src/cli/system/system-options.ts";
import { machineConfig } from "../../src/entry/node/boot-config.ts";
import { EngineMachine } from "../../src/entry/node/engine-machine.ts";
import type { DrivenMachine } from "../../src/entry/node/driven-machine.ts";
import { Machine as NodeMachine } from "../../src/entry/node/tabvisor.ts";
import { largestResidentMiB, processTreeMs } from "../process-time.ts";
import { WORKLOADS, type Workload } from "./workload.ts";

const MIB = 1 << 20;
/** A sample is taken after so long, and after a unit at least. */
const WINDOW_MS = 10_000;
const PATIENCE_MS = 120_000;

/** A window of the run. */
export interface Sample {
  /** Since the first unit. */
  readonly minutes: number;
  /** Units of work a second of processor time, all threads. */
  readonly rate: number;
  /** Resident memory of the process with the machine. */
  readonly residentMiB: number;
  readonly modules: number;
  readonly regions: number;
  /** Wasm that is kept. */
  readonly codeMiB: number;
  /** Regions translated so far. */
  readonly translations: number;
}

async function makeMachine(engine: string, workload: Workload): Promise<DrivenMachine> {
  const options = parseSystem([...workload.arguments()]);
  if (typeof options === "string") throw new Error(`${workload.name}: not a machine`);
  const config = await machineConfig(options);
  if (engine === "node") return NodeMachine.create(config);
  if (engine === "chromium" || engine === "firefox") return new EngineMachine(engine, config);
  throw new Error(`no engine "${engine}" for steady: there are node, chromium, firefox`);
}

/** Counts units on the console and types what starts them. */
class Watch {
  units = 0;
  wrong = "";
  readonly #workload: Workload;
  readonly #machine: DrivenMachine;
  #line = "";
  #typed = false;

  constructor(workload: Workload, machine: DrivenMachine) {
    this.#workload = workload;
    this.#machine = machine;
    void machine.serial.readable.pipeTo(
      new WritableStream({ write: (bytes) => this.#heard(Buffer.from(bytes).toString("latin1")) }),
    );
  }

  #heard(text: string): void {
    const lines = (this.#line + text).split("\n");
    this.#line = lines.pop() ?? "";
    for (const line of lines) {
      if (this.#workload.unit.test(line)) this.units++;
      if (this.#workload.wrong?.test(line)) this.wrong = line.trim();
    }
    if (this.#typed || this.#workload.prompt?.test(this.#line) !== true) return;
    this.#typed = true;
    const writer = this.#machine.serial.writable.getWriter();
    void writer.write(Buffer.from(this.#workload.input ?? "")).finally(() => writer.releaseLock());
  }
}

/** @throws Error when the guest computed something wrong, or stands still */
async function anotherUnit(watch: Watch): Promise<void> {
  const before = watch.units;
  const limit = performance.now() + PATIENCE_MS;
  while (watch.units === before) {
    if (performance.now() > limit) throw new Error("the guest stands still");
    await sleep(100);
  }
  if (watch.wrong !== "") throw new Error(`the guest went wrong: ${watch.wrong}`);
}

/**
 * Runs a workload.
 *
 * @param name of WORKLOADS
 * @param onSample is told each window
 * @throws Error when the guest computes something wrong, or stops
 */
export async function benchSteady(
  engine: string,
  name: string,
  minutes: number,
  onSample: (sample: Sample) => void,
): Promise<readonly Sample[]> {
  const workload = WORKLOADS.find((each) => each.name === name);
  if (workload === undefined) throw new Error(`no workload "${name}" for steady`);
  const machine = await makeMachine(engine, workload);
  try {
    await machine.start();
    const watch = new Watch(workload, machine);
    await anotherUnit(watch);
    return await takeSamples(machine, watch, minutes, onSample);
  } finally {
    await machine.forceOff();
    await machine.close?.();
  }
}

async function takeSamples(
  machine: DrivenMachine,
  watch: Watch,
  minutes: number,
  onSample: (sample: Sample) => void,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const began = performance.now();
  while (performance.now() - began < minutes * 60_000) {
    const unitsBefore = watch.units;
    const cpuBefore = processTreeMs(process.pid);
    await sleep(WINDOW_MS);
    await anotherUnit(watch);
    const units = watch.units - unitsBefore;
    const cpuMs = processTreeMs(process.pid) - cpuBefore;
    const { modules, regions, bytes, translations } = (await machine.stats()).translator;
    const sample = {
      minutes: (performance.now() - began) / 60_000,
      rate: (units / cpuMs) * 1000,
      residentMiB: largestResidentMiB(process.pid),
      ...{ modules, regions, codeMiB: bytes / MIB, translations },
    };
    samples.push(sample);
    onSample(sample);
  }
  return samples;
}
