import { beforeEach, expect, test } from "vitest";
import { HartView } from "../../machine/hart-view.ts";
import {
  Doorbell,
  Event,
  ExitReason,
  ExitState,
  Fatal,
  HartState,
  RunState,
} from "../../protocol/layout.ts";
import { ControlWords, HartWords } from "../views.ts";
import { HartLoop } from "./hart-loop.ts";

const MEMORY_BYTES = 0x8_0000;
const INDEX = 1;

let buffer: SharedArrayBuffer;
let control: ControlWords;
let words: HartWords;
let view: HartView;
let nowMs: number;
let rings: number;

beforeEach(() => {
  buffer = new SharedArrayBuffer(MEMORY_BYTES);
  control = new ControlWords(buffer);
  words = new HartWords(buffer, INDEX);
  view = new HartView(buffer, INDEX);
  control.setRunState(RunState.running);
  nowMs = 0;
  rings = 0;
});

const doorbell = (): number => Atomics.exchange(control.words, control.doorbell, 0);
const stop = (): void => control.setRunState(RunState.stopped);

/** Runs the loop on a core that does the given steps, one a stay in guest code, and then stops. */
function loop(...steps: (() => number)[]): {
  run: () => ReturnType<HartLoop["run"]>;
  stays: string[];
} {
  const stays: string[] = [];
  const core = {
    hartAttach: (index: number) => void stays.push(`attach ${index}`),
    guestTime: () => BigInt(nowMs) * 10_000n,
    run(): number {
      stays.push("run");
      const step = steps.shift();
      if (step !== undefined) return step();
      stop();
      return ExitReason.request;
    },
  };
  const ring = (): void => void rings++;
  const work = { core, buffer, index: INDEX, nowMs: () => nowMs, ring };
  const hart = new HartLoop(work);
  return { run: () => hart.run(), stays };
}

test("attaches, runs and ends when the machine stops", () => {
  const { run, stays } = loop();
  expect(run()).toEqual({ kind: "stopped" });
  expect(stays).toEqual([`attach ${INDEX}`, "run"]);
  expect(words.getState()).toBe(HartState.stopped);
  expect(doorbell()).toBe(Doorbell.state);
});

test("takes the request bit back, so that it does not leave guest code again", () => {
  view.post(Event.request | Event.irq);
  const { run } = loop(() => {
    expect(Atomics.load(words.words, words.events)).toBe(Event.irq);
    stop();
    return ExitReason.request;
  });
  run();
});

test("says that it runs before it enters guest code", () => {
  const { run } = loop(() => {
    expect(words.getState()).toBe(HartState.running);
    stop();
    return ExitReason.budget;
  });
  run();
});

test("hands an access over and goes on with the answer", () => {
  const { run, stays } = loop(() => {
    // The answer is there before the hart looks: as quick as the machine worker can be.
    queueAnswer();
    return ExitReason.mmioRead;
  });
  run();
  expect(stays).toEqual([`attach ${INDEX}`, "run", "run"]);
  expect(Atomics.load(words.words, words.exitState)).toBe(ExitState.idle);
  expect(rings).toBeGreaterThan(0);
});

/** Makes the doorbell's next ring answer the exit, as another thread would. */
function queueAnswer(): void {
  const original = Atomics.notify;
  const answering = (target: Int32Array, index: number): number => {
    Atomics.notify = original;
    Atomics.store(words.words, words.exitState, ExitState.answered);
    return original(target, index);
  };
  Atomics.notify = answering as typeof Atomics.notify;
}

test("sleeps in WFI until the timer's deadline", () => {
  const { run } = loop(() => {
    view.setU64("wfiDeadline", 300_000n);
    return ExitReason.wfi;
  });
  const began = performance.now();
  run();
  expect(performance.now() - began).toBeGreaterThan(25);
});

test("does not sleep in WFI when an event is there or the deadline is past", () => {
  nowMs = 1000;
  const { run } = loop(
    () => {
      view.setU64("wfiDeadline", 5n);
      return ExitReason.wfi;
    },
    () => {
      view.setU64("wfiDeadline", 0xffff_ffff_ffff_ffffn);
      view.post(Event.irq);
      return ExitReason.wfi;
    },
  );
  const began = performance.now();
  run();
  expect(performance.now() - began).toBeLessThan(100);
});

test("counts the host's time in guest code", () => {
  const { run } = loop(() => {
    expect(view.u64("statRunSinceUs")).toBe(0n);
    nowMs += 12.5;
    return ExitReason.budget;
  });
  run();
  expect(view.u64("statRunUs")).toBe(12_500n);
});

test("crashes with the registers that explain a trap handler that cannot be executed", () => {
  view.setU32("fatal", Fatal.tripleFault);
  view.setU64("mtvec", 0x44n);
  view.setU64("mcause", 1n);
  view.setU64("mepc", 0x8000_0000n);
  view.setU64("pc", 0x44n);
  const { run } = loop(() => ExitReason.fatal);
  expect(run()).toEqual({
    kind: "crashed",
    message:
      "hart 1: its M-mode trap handler at 0x44 cannot be executed (cause 1 at 0x80000000, pc 0x44)",
  });
  expect(words.getState()).toBe(HartState.crashed);
});

test("crashes with the reason when the core traps", () => {
  view.setU64("pc", 0x8000_1234n);
  const { run } = loop(() => {
    throw new Error("memory access out of bounds");
  });
  expect(run()).toEqual({
    kind: "crashed",
    message: "hart 1: the core failed at pc 0x80001234: memory access out of bounds",
  });
});

test("crashes on an exit that it does not know", () => {
  expect(loop(() => 99).run()).toMatchObject({ kind: "crashed" });
});
