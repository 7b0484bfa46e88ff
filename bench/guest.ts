/** A Debian guest's own programs under every contestant in turn. */
import { contestant } from "./contestants.ts";
import { GuestSession } from "./guest-session.ts";
import { GUEST_TASKS, PREPARATION, type GuestTask } from "./guest-tasks.ts";
import type { ThreadTimes } from "./process-time.ts";
import { median } from "./statistics.ts";

/** Processor time in milliseconds. */
export interface TaskScore {
  /** Of the hart's thread (QEMU: the one that translates and runs), the first time. */
  readonly first: number;
  /** Of the same, the median of all times after the first. */
  readonly hart: number;
  /** Of all threads of the emulator, the median of all times after the first. */
  readonly all: number;
}

export interface TaskScores {
  readonly task: GuestTask;
  /** By contestant's name. */
  readonly scores: ReadonlyMap<string, TaskScore>;
}

/** What a repetition took, by thread; one list for each task. */
type Runs = readonly (readonly ThreadTimes[])[];

const functionOf = (task: number): string => `task${task}`;

async function prepare(session: GuestSession): Promise<void> {
  for (const line of PREPARATION) await session.type(line);
  for (const [i, { command }] of GUEST_TASKS.entries()) {
    await session.type(`${functionOf(i)}() { ${command}; }`);
  }
}

/** The thread that used the most in all runs together: the hart's. */
function hartThread(runs: Runs): number {
  const totals = new Map<number, number>();
  for (const [thread, ms] of runs.flat().flatMap((run) => [...run])) {
    totals.set(thread, (totals.get(thread) ?? 0) + ms);
  }
  return [...totals].toSorted((left, right) => right[1] - left[1])[0]?.[0] ?? 0;
}

const sum = (times: ThreadTimes): number => [...times.values()].reduce((a, b) => a + b, 0);

function scoreOf(runs: readonly ThreadTimes[], hart: number): TaskScore {
  const ofHart = runs.map((run) => run.get(hart) ?? 0);
  return {
    first: ofHart[0] ?? NaN,
    hart: median(ofHart.slice(1)),
    all: median(runs.slice(1).map(sum)),
  };
}

/** Each task `repeats` times, the guests taking turns, so that they share the machine's moods. */
async function measure(
  sessions: readonly GuestSession[],
  repeats: number,
  onRun: (line: string) => void,
): Promise<ReadonlyMap<string, ThreadTimes[][]>> {
  const runs = new Map(sessions.map(({ engine }) => [engine, GUEST_TASKS.map(() => [])]));
  for (const [i, { name }] of GUEST_TASKS.entries()) {
    for (let repeat = 0; repeat < repeats; repeat++) {
      const line: string[] = [];
      for (const session of sessions) {
        const times = await session.run(functionOf(i));
        (runs.get(session.engine)?.[i] as ThreadTimes[] | undefined)?.push(times);
        const most = Math.max(0, ...times.values());
        line.push(`${session.engine} ${most.toFixed(0)} of ${sum(times).toFixed(0)} ms`);
      }
      onRun(`${name.padEnd(16)} ${line.join("  ")}`);
    }
  }
  return runs;
}

/**
 * Boots the default guest under every contestant that can, and runs the tasks.
 *
 * @param repeats of each task, at least 2
 * @param onRun is told of every repetition as it comes
 * @throws Error when a guest does not boot or a task fails
 */
export async function benchGuest(
  engines: readonly string[],
  repeats: number,
  onRun: (line: string) => void,
): Promise<readonly TaskScores[]> {
  const sessions: GuestSession[] = [];
  try {
    for (const engine of engines.filter((name) => contestant(name).boot.length > 0)) {
      const session = await GuestSession.boot(engine);
      sessions.push(session);
      await prepare(session);
    }
    const runs = await measure(sessions, repeats, onRun);
    const harts = new Map([...runs].map(([engine, list]) => [engine, hartThread(list)]));
    return GUEST_TASKS.map((task, i) => {
      const scores = [...runs].map(
        ([engine, list]) => [engine, scoreOf(list[i] ?? [], harts.get(engine) ?? 0)] as const,
      );
      return { task, scores: new Map(scores) };
    });
  } finally {
    for (const session of sessions) session.stop();
  }
}
