/** What a Debian guest with several vCPUs is asked to do. */
import type { GuestSession } from "../../bench/guest-session.ts";
import { spent, type ThreadTimes } from "../../bench/process-time.ts";
import type { GuestOptions } from "./options.ts";
import { checkStress, complaints, numbersIn, timerCounts } from "./verdict.ts";

export interface GuestCheck {
  readonly name: string;
  /** @returns what to say when it passed. @throws Error with the reason when it did not */
  run(session: GuestSession, options: GuestOptions): Promise<string>;
}

const STRESSORS = ["cpu", "vm", "atomic", "fork", "futex", "pthread", "signal"] as const;
/** Of each stressor when it runs alone. */
const INSTANCES = 4;
/** A host with fewer processors than the guest takes its time to end threads in particular. */
const PATIENCE = 6;

function stressLine(words: readonly string[], seconds: number): string {
  return `stress-ng ${words.join(" ")} --verify --metrics-brief -t ${seconds}`;
}

async function stress(
  session: GuestSession,
  hogs: Readonly<Record<string, number>>,
  seconds: number,
): Promise<string> {
  const words = Object.entries(hogs).map(([name, count]) => `--${name} ${count}`);
  const line = stressLine([...words, "--vm-bytes 64M"], seconds);
  const output = await session.ask(line, (seconds * PATIENCE + 300) * 1000);
  return checkStress(
    output,
    Object.values(hogs).reduce((sum, count) => sum + count, 0),
  );
}

async function harts(session: GuestSession, { vcpus }: GuestOptions): Promise<string> {
  const [present] = numbersIn(await session.ask("nproc"));
  if (present !== vcpus) throw new Error(`nproc says ${present}`);
  const counts = timerCounts(await session.ask("cat /proc/interrupts"));
  if (counts.length !== vcpus || counts.includes(0)) {
    throw new Error(`timer interrupts by hart: ${counts.join(" ")}`);
  }
  // Field 39 of stat is the processor that the process is on.
  const pinned = numbersIn(
    await session.ask(
      `for i in $(seq 0 ${vcpus - 1}); do taskset -c $i cut -d' ' -f39 /proc/self/stat; done`,
    ),
  );
  if (pinned.some((cpu, i) => cpu !== i) || pinned.length !== vcpus) {
    throw new Error(`taskset to each processor in turn ran on ${pinned.join(" ")}`);
  }
  return `${vcpus} harts, timer interrupts ${counts.join(" ")}`;
}

/** Processor time of each thread while the guest keeps some processors busy. */
async function timesOf(session: GuestSession, line: string): Promise<ThreadTimes> {
  const before = session.threadTimes();
  await session.ask(line);
  return spent(before, session.threadTimes());
}

const busiest = (times: ThreadTimes): number =>
  [...times].toSorted((left, right) => right[1] - left[1])[0]?.[0] ?? 0;

/** The last hart stops, its worker sleeps meanwhile, and it comes back. */
async function hotplug(session: GuestSession, { vcpus }: GuestOptions): Promise<string> {
  if (vcpus === 1) return "nothing to unplug";
  const last = vcpus - 1;
  const online = `/sys/devices/system/cpu/cpu${last}/online`;
  const busy = `taskset -c ${last} stress-ng --cpu 1 -t 8 --quiet`;
  const worker = busiest(await timesOf(session, busy));
  await session.ask(`echo 0 > ${online}`);
  const [left] = numbersIn(await session.ask("nproc"));
  if (left !== last) throw new Error(`nproc says ${left} with hart ${last} off`);
  const off = await timesOf(session, "stress-ng --cpu 0 -t 8 --quiet");
  const idle = off.get(worker) ?? 0;
  const working = Math.max(...off.values());
  if (idle * 50 > working) {
    throw new Error(`hart ${last} is off and its worker used ${idle.toFixed(0)} ms`);
  }
  await session.ask(`echo 1 > ${online}`);
  const [back] = numbersIn(await session.ask("nproc"));
  if (back !== vcpus) throw new Error(`nproc says ${back} after hart ${last} came back`);
  if (busiest(await timesOf(session, busy)) !== worker) {
    throw new Error(`hart ${last} came back and does no work`);
  }
  return `worker of hart ${last} while off: ${idle.toFixed(0)} ms, others ${working.toFixed(0)} ms`;
}

async function quietLog(session: GuestSession): Promise<string> {
  const found = complaints(await session.ask("dmesg"));
  if (found.length > 0) throw new Error(found.join("; "));
  return "nothing to complain of";
}

export const CHECKS: readonly GuestCheck[] = [
  { name: "harts", run: harts },
  {
    name: "all processors busy",
    run: (session, { vcpus }) => stress(session, { cpu: vcpus }, 10),
  },
  { name: "hotplug", run: hotplug },
  ...STRESSORS.map((name) => ({
    name: `stress ${name}`,
    run: (session: GuestSession, { minutes }: GuestOptions) =>
      stress(session, { [name]: INSTANCES }, minutes * 6),
  })),
  {
    name: "stress together",
    run: (session, { minutes }) =>
      stress(session, Object.fromEntries(STRESSORS.map((name) => [name, 1])), minutes * 60),
  },
  { name: "kernel log", run: quietLog },
];
