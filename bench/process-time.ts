/**
 * Processor time of a process and all its descendants, from Linux's /proc: wall time says little on
 * a shared machine, and a browser spreads one VM's work over several processes and threads.
 */
import { readFileSync, readdirSync } from "node:fs";

const NS_PER_MS = 1e6;

/** The text of a /proc file, empty when its process ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** Process ids of `root` and everything below it. */
function tree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of list("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    // Field 4; field 2, the name in parentheses, may hold anything.
    const parent = Number(read(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ")[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

/** Milliseconds of processor time by thread id. */
export type ThreadTimes = ReadonlyMap<number, number>;

/** What each living thread of a process tree has used so far. */
export function threadTimes(root: number): ThreadTimes {
  const times = new Map<number, number>();
  for (const pid of tree(root)) {
    for (const thread of list(`/proc/${pid}/task`)) {
      const [ns] = read(`/proc/${pid}/task/${thread}/schedstat`).split(" ");
      times.set(Number(thread), Number(ns) / NS_PER_MS);
    }
  }
  return times;
}

/** "process/thread", as the system names them, of the living threads of a process tree. */
export function threadNames(root: number): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const pid of tree(root)) {
    for (const thread of list(`/proc/${pid}/task`)) {
      const name = read(`/proc/${pid}/task/${thread}/comm`).trim();
      names.set(Number(thread), `${pid}/${name}`);
    }
  }
  return names;
}

/** What each thread used between two looks; one that ended meanwhile is left out. */
export function spent(before: ThreadTimes, after: ThreadTimes): ThreadTimes {
  return new Map([...after].map(([thread, ms]) => [thread, ms - (before.get(thread) ?? 0)]));
}

/** Milliseconds of processor time that the living threads of a process tree have used. */
export function processTreeMs(root: number): number {
  return [...threadTimes(root).values()].reduce((sum, ms) => sum + ms, 0);
}

export interface ProcessSize {
  readonly pid: number;
  readonly residentMiB: number;
  readonly threads: number;
}

export function processSizes(root: number): readonly ProcessSize[] {
  return tree(root).map((pid) => {
    const status = read(`/proc/${pid}/status`);
    const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
    const [, threads] = /^Threads:\s+(\d+)$/m.exec(status) ?? [];
    return { pid, residentMiB: Number(kib ?? 0) / 1024, threads: Number(threads ?? 0) };
  });
}

/** The process of a tree that has most resident memory: in a browser, as a rule, the page's. */
export function largestProcess(root: number): ProcessSize {
  const sizes = processSizes(root);
  return sizes.reduce((most, each) => (each.residentMiB > most.residentMiB ? each : most));
}

/** Resident memory, in MiB, of that process. */
export function largestResidentMiB(root: number): number {
  return largestProcess(root).residentMiB;
}
