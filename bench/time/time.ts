/** Whether a guest's clocks go as the host's do, while more harts compute than there are processors. */
import { setTimeout as sleep } from "node:timers/promises";
import { cpus } from "node:os";
import type { Engine } from "../../src/cli/system/system-options.ts";
import { spinProgram } from "../verbs.ts";
import { table } from "../table.ts";
import { buildBare } from "../toolchain.ts";
import { configOf, openHouse, type Stamp, untilShown, type Vm } from "../vms/house.ts";

const TICKS_PER_MS = 10_000;
/** Lines before everything is translated. */
const WARM_LINES = 5;
const NEIGHBOURS = 15;
/** The guest reads the RTC through the machine worker; longer ones tell when, but not exactly. */
const QUICK_READ_MS = 0.5;

export interface TimeError {
  readonly engine: Engine;
  readonly minutes: number;
  /** Lines that count: the guest's two clocks were read at once. */
  readonly lines: number;
  /** How much `time` and the RTC moved against each other that the host's two clocks did not. */
  readonly timeMs: number;
  /** The most that the RTC was off the host's UTC, with the quickest line's way in it. */
  readonly rtcMs: number;
  /** Timer interrupts, one due each millisecond, and how many were missing in the end. */
  readonly interrupts: number;
  readonly missing: number;
}

interface Line {
  readonly guestMs: number;
  readonly rtcMs: number;
  readonly readMs: number;
  readonly interrupts: number;
  readonly due: number;
  readonly stamp: Stamp;
}

const LINE =
  /^clock ([0-9a-f]{16}) ([0-9a-f]{16}) ([0-9a-f]{16}) ([0-9a-f]{16}) ([0-9a-f]{16})\s*$/;

function linesOf(text: string, stamps: readonly Stamp[]): Line[] {
  const complete = text.split("\n").slice(0, -1);
  return complete.flatMap((line, index) => {
    const found = LINE.exec(line);
    const stamp = stamps[stamps.length - complete.length + index];
    if (found === null || stamp === undefined) return [];
    const [ticks, rtcNs, read, interrupts, due] = found.slice(1).map((hex) => BigInt(`0x${hex}`));
    return {
      guestMs: Number(ticks) / TICKS_PER_MS,
      rtcMs: Number((rtcNs ?? 0n) / 1000n) / 1000,
      readMs: Number(read) / TICKS_PER_MS,
      interrupts: Number(interrupts),
      due: Number(due),
      stamp,
    };
  });
}

/** By how much the largest and the smallest differ. */
function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

function errorsOf(lines: readonly Line[]): Pick<TimeError, "lines" | "timeMs" | "rtcMs"> {
  // The way of a line takes time, never less than none: the least is the clocks' difference.
  const origin = Math.min(...lines.map(({ stamp, guestMs }) => stamp.monoMs - guestMs));
  // The guest reads both clocks at once, the host too: no way is in the difference.
  const quick = lines.filter(({ readMs }) => readMs < QUICK_READ_MS);
  const ahead = quick.map(({ rtcMs, guestMs }, at) => rtcMs - guestMs - hostAhead(quick, at));
  return {
    lines: quick.length,
    timeMs: spread(ahead),
    rtcMs: Math.max(...ahead.map((each) => Math.abs(each - origin))),
  };
}

/** What UTC is before the host's monotonic clock: a look that was interrupted tells too little. */
function hostAhead(lines: readonly Line[], at: number): number {
  const near = lines.slice(Math.max(0, at - NEIGHBOURS), at + NEIGHBOURS + 1);
  return Math.max(...near.map(({ stamp }) => stamp.utcAheadMs));
}

async function makeLoad(house: Awaited<ReturnType<typeof openHouse>>): Promise<Vm> {
  const harts = Math.min(16, cpus().length);
  const config = await configOf(["-m", "64M", "-smp", `${harts}`, "-bios", spinProgram()]);
  return house.make("load", config);
}

async function measure(engine: Engine, minutes: number): Promise<TimeError> {
  const program = buildBare("clock", ["bench/time/clock.c", "bench/bare/memory.c"], {});
  const house = await openHouse(engine);
  try {
    const load = await makeLoad(house);
    await load.start();
    const vm = await house.make(
      "vm",
      await configOf(["-m", "64M", "-bios", "none", "-kernel", program]),
    );
    await vm.start();
    await untilShown(vm, /(?:clock [^\n]*\n){5}/);
    await sleep(minutes * 60_000);
    // The console's text is kept for ten minutes of lines.
    const lines = linesOf(await vm.text(), await vm.stamps()).slice(WARM_LINES);
    const last = lines.at(-1);
    if (last === undefined) throw new Error("the guest printed no times");
    const { interrupts, due } = last;
    return { engine, minutes, interrupts, missing: due - interrupts, ...errorsOf(lines) };
  } finally {
    await house.close();
  }
}

export async function benchTime(
  engines: readonly Engine[],
  minutes: number,
  onResult: (line: string) => void,
): Promise<readonly TimeError[]> {
  const errors: TimeError[] = [];
  for (const engine of engines) {
    const error = await measure(engine, minutes);
    errors.push(error);
    onResult(`${engine}: ${cells(error).join(", ")}`);
  }
  return errors;
}

function cells({ lines, timeMs, rtcMs, interrupts, missing }: TimeError): string[] {
  return [`${lines}`, timeMs.toFixed(3), rtcMs.toFixed(3), `${interrupts}`, `${missing}`];
}

export function timeTable(errors: readonly TimeError[]): string {
  return table(
    ["under load for", "looks", "time off by ms", "RTC off by ms", "timer interrupts", "missing"],
    errors.map((error) => [`${error.minutes} minutes, ${error.engine}`, ...cells(error)]),
  );
}
