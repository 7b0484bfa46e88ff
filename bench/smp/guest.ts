/** Programs of Debian guests with two vCPUs: alone, then on both at once. */
import { readGuest } from "../../guests/index.ts";
import { contestant } from "../contestants.ts";
import { GuestSession } from "../guest-session.ts";
import type { ThreadTimes } from "../process-time.ts";
import { median } from "../statistics.ts";
import type { SmpScores } from "./kernels.ts";
import type { Piece, SmpScore } from "./score.ts";
import { SMP_PREPARATION, SMP_TASKS, type SmpTask } from "./tasks.ts";

/** Guests whose files live in memory need more of it than those of other benches. */
const TWO_VCPUS = ["-smp", "2", "-m", "1G"];
const END_OF_FILE = "end-of-file";

const alone = (task: number): string => `alone${task}`;
const both = (task: number): string => `both${task}`;
const script = (task: number): string => `/dev/shm/script${task}`;

/** Shell functions for a task: its work on one vCPU, and on both. */
async function define(session: GuestSession, { one, two }: SmpTask, i: number): Promise<void> {
  await session.type(`cat > ${script(i)} << '${END_OF_FILE}-'\n${one}\n${END_OF_FILE}-`);
  const on = (vcpu: number): string => `taskset ${1 << vcpu} sh ${script(i)}`;
  await session.type(`${alone(i)}() { ${on(0)}; }`);
  await session.type(`${both(i)}() { ${two ?? `${on(0)} & ${on(1)} & wait`}; }`);
}

const sum = (times: ThreadTimes): number => [...times.values()].reduce((a, b) => a + b, 0);

/** @param work how many pieces it does */
async function measure(
  session: GuestSession,
  name: string,
  work: number,
  repeats: number,
): Promise<Piece> {
  const runs = [];
  for (let i = 0; i < repeats; i++) runs.push(await session.timed(name));
  // The first one warms up.
  const steady = runs.slice(1);
  return {
    wallMs: median(steady.map(({ wallMs }) => wallMs)) / work,
    cpuMs: median(steady.map(({ threads }) => sum(threads))) / work,
  };
}

async function score(session: GuestSession, task: SmpTask, i: number, repeats: number) {
  const one = await measure(session, alone(i), 1, repeats);
  const work = task.two === undefined ? 2 : (task.work ?? 1);
  return { one, two: await measure(session, both(i), work, repeats) };
}

async function benchEngine(
  engine: string,
  guest: string,
  repeats: number,
  onScore: (task: SmpTask, score: SmpScore) => void,
): Promise<void> {
  const session = await GuestSession.boot(engine, {
    guest,
    options: engine === "qemu" ? ["-accel", "tcg,thread=multi", ...TWO_VCPUS] : TWO_VCPUS,
  });
  try {
    for (const line of SMP_PREPARATION[guest] ?? []) await session.type(line);
    for (const [i, task] of SMP_TASKS.entries()) {
      if (task.guest !== guest) continue;
      await define(session, task, i);
      onScore(task, await score(session, task, i, repeats));
    }
  } finally {
    session.stop();
  }
}

/**
 * Boots each guest of SMP_TASKS that is built under every contestant that can, with two vCPUs.
 *
 * @param repeats of each task, at least 2
 * @throws Error when a guest does not boot or a task fails
 */
export async function benchSmpGuests(
  engines: readonly string[],
  repeats: number,
  onResult: (engine: string, task: string, score: SmpScore) => void,
): Promise<readonly SmpScores[]> {
  const scores = new Map(SMP_TASKS.map(({ name }) => [name, new Map<string, SmpScore>()]));
  const guests = new Set(SMP_TASKS.map(({ guest }) => guest));
  for (const guest of [...guests].filter((name) => readGuest(name) !== null)) {
    for (const engine of engines.filter((name) => contestant(name).boot.length > 0)) {
      await benchEngine(engine, guest, repeats, (task, result) => {
        scores.get(task.name)?.set(engine, result);
        onResult(engine, task.name, result);
      });
    }
  }
  return [...scores]
    .filter(([, ofTask]) => ofTask.size > 0)
    .map(([name, ofTask]) => ({ name, scores: ofTask }));
}
