/** What machines cost that have nothing to do. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Engine } from "../../src/cli/system/system-options.ts";
import { bootArguments, PROMPT } from "../boot.ts";
import { spent, threadNames, threadTimes } from "../process-time.ts";
import { table } from "../table.ts";
import { configOf, openHouse, untilShown, type Vm } from "./house.ts";

/** Machines, and virtual CPUs of each. */
const HOUSES = [
  [1, 1],
  [1, 2],
  [1, 4],
  [3, 1],
] as const;

/** After the prompt, until drivers are loaded and compilers have caught up. */
const SETTLE_MS = 15_000;

export interface IdleCost {
  readonly engine: Engine;
  readonly vms: number;
  readonly vcpus: number;
  /** Percent of one processor: all threads of the process that has the machines, or of all. */
  readonly percent: number;
  /** WFI exits a second and virtual CPU. */
  readonly sleeps: number;
  /** The threads that used most, in percent of one processor. */
  readonly top: string;
}

async function boot(house: Awaited<ReturnType<typeof openHouse>>, name: string, vcpus: number) {
  const config = await configOf([...bootArguments("fast"), "-m", "256M", "-smp", `${vcpus}`]);
  const vm = await house.make(name, config);
  await vm.start();
  await untilShown(vm, PROMPT);
  return vm;
}

async function sleepsOf(vms: readonly Vm[]): Promise<number> {
  let sum = 0;
  for (const vm of vms) sum += (await vm.stats()).exits.wfi;
  return sum;
}

async function costOf(engine: Engine, vms: number, vcpus: number, ms: number): Promise<IdleCost> {
  const house = await openHouse(engine);
  try {
    const all: Vm[] = [];
    for (let i = 0; i < vms; i++) all.push(await boot(house, `vm${i}`, vcpus));
    await sleep(SETTLE_MS);
    const sleepsBefore = await sleepsOf(all);
    const before = threadTimes(process.pid);
    await sleep(ms);
    const used = spent(before, threadTimes(process.pid));
    const names = threadNames(process.pid);
    const sleeps = ((await sleepsOf(all)) - sleepsBefore) / ((ms / 1000) * vms * vcpus);
    const percentOf = (threadMs: number): number => (100 * threadMs) / ms;
    const top = [...used].toSorted((a, b) => b[1] - a[1]).slice(0, 12);
    return {
      ...{ engine, vms, vcpus, sleeps },
      percent: percentOf([...used.values()].reduce((sum, each) => sum + each, 0)),
      top: top.map(([id, each]) => `${names.get(id)} ${percentOf(each).toFixed(2)}`).join(", "),
    };
  } finally {
    await house.close();
  }
}

/** @param seconds of idleness that are measured */
export async function benchIdle(
  engines: readonly Engine[],
  seconds: number,
  onResult: (line: string) => void,
): Promise<readonly IdleCost[]> {
  const costs: IdleCost[] = [];
  for (const engine of engines) {
    for (const [vms, vcpus] of HOUSES) {
      const cost = await costOf(engine, vms, vcpus, seconds * 1000);
      costs.push(cost);
      onResult(
        `${engine}, ${vms} × ${vcpus} vCPU: ${cost.percent.toFixed(2)} %, ${cost.sleeps.toFixed(1)} sleeps/s (${cost.top})`,
      );
    }
  }
  return costs;
}

export function idleTable(costs: readonly IdleCost[]): string {
  return table(
    ["idle machines", "% of a core", "sleeps a second and vCPU"],
    costs.map(({ engine, vms, vcpus, percent, sleeps }) => [
      `${vms} × ${vcpus} vCPU, ${engine}`,
      percent.toFixed(2),
      sleeps.toFixed(1),
    ]),
  );
}
