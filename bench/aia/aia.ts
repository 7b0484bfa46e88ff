/** Which interrupt controllers are faster for Linux: PLIC and SBI's IPIs, or the APLIC and IMSICs. */
import { bootArguments, bootOnce } from "../boot.ts";
import { contestant } from "../contestants.ts";
import { GuestSession } from "../guest-session.ts";
import { median } from "../statistics.ts";
import { AIA_PREPARATION, AIA_TASKS, type AiaTask } from "./tasks.ts";

/** The machines that are compared, by QEMU's `aia=`. */
export const COMPARED = ["none", "aplic-imsic"] as const;
type Compared = (typeof COMPARED)[number];

/** Milliseconds by the clock, and of processor time of all threads. */
interface Times {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** Medians of one load under both machines. */
export interface AiaScore {
  readonly engine: string;
  readonly vcpus: number;
  readonly load: string;
  readonly times: Readonly<Record<Compared, Times>>;
}

interface AiaPlan {
  readonly engines: readonly string[];
  /** Numbers of vCPUs. */
  readonly vcpus: readonly number[];
  /** Of each task, the first not counted. */
  readonly repeats: number;
  readonly boots: number;
}

const BOOT = "boot";

function optionsFor(aia: Compared, vcpus: number): readonly string[] {
  return ["-M", `virt,aia=${aia}`, "-smp", String(vcpus)];
}

function middle(runs: readonly Times[]): Times {
  return {
    wallMs: median(runs.map(({ wallMs }) => wallMs)),
    cpuMs: median(runs.map(({ cpuMs }) => cpuMs)),
  };
}

/** Does `run` on both machines in turn, so that they share the computer's moods. */
async function compare(
  times: number,
  skip: number,
  run: (aia: Compared) => Promise<Times>,
): Promise<AiaScore["times"]> {
  const runs: Record<Compared, Times[]> = { none: [], "aplic-imsic": [] };
  for (let i = 0; i < times; i++) {
    const order = i % 2 ? COMPARED.toReversed() : COMPARED;
    for (const aia of order) runs[aia].push(await run(aia));
  }
  return {
    none: middle(runs.none.slice(skip)),
    "aplic-imsic": middle(runs["aplic-imsic"].slice(skip)),
  };
}

async function prepared(engine: string, aia: Compared, vcpus: number): Promise<GuestSession> {
  const session = await GuestSession.boot(engine, { options: optionsFor(aia, vcpus) });
  for (const line of AIA_PREPARATION) await session.type(line);
  return session;
}

async function compareTask(
  sessions: Readonly<Record<Compared, GuestSession>>,
  { command }: AiaTask,
  name: string,
  repeats: number,
): Promise<AiaScore["times"]> {
  for (const aia of COMPARED) await sessions[aia].type(`${name}() { ${command}; }`);
  return compare(repeats, 1, async (aia) => {
    const { threads, wallMs } = await sessions[aia].timed(name);
    return { wallMs, cpuMs: [...threads.values()].reduce((a, b) => a + b, 0) };
  });
}

async function benchTasks(
  engine: string,
  vcpus: number,
  repeats: number,
  onScore: (score: AiaScore) => void,
): Promise<void> {
  const sessions = {
    none: await prepared(engine, "none", vcpus),
    "aplic-imsic": await prepared(engine, "aplic-imsic", vcpus),
  };
  try {
    for (const [i, task] of AIA_TASKS.entries()) {
      if (task.vcpus > vcpus) continue;
      const times = await compareTask(sessions, task, `task${i}`, repeats);
      onScore({ engine, vcpus, load: task.name, times });
    }
  } finally {
    for (const aia of COMPARED) sessions[aia].stop();
  }
}

/**
 * Runs every task and boots under each engine and number of vCPUs.
 *
 * @throws Error when a guest does not boot or a task fails
 */
export async function benchAia(
  { engines, vcpus, repeats, boots }: AiaPlan,
  onScore: (score: AiaScore) => void,
): Promise<readonly AiaScore[]> {
  const scores: AiaScore[] = [];
  const add = (score: AiaScore): void => {
    scores.push(score);
    onScore(score);
  };
  for (const engine of engines.filter((name) => contestant(name).boot.length > 0)) {
    for (const count of vcpus) {
      const command = [...contestant(engine).boot, ...bootArguments("fast")];
      const times = await compare(boots, 0, (aia) =>
        bootOnce([...command, ...optionsFor(aia, count)]),
      );
      add({ engine, vcpus: count, load: BOOT, times });
      await benchTasks(engine, count, repeats, add);
    }
  }
  return scores;
}
