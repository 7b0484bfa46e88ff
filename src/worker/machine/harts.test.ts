import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { HartEnd, HartInit, HartService } from "../../protocol/hart-service.ts";
import { Event, ExitState, HartState, RunState } from "../../protocol/layout.ts";
import type { WorkerHandle } from "../../protocol/platform.ts";
import { ControlWords, HartWords } from "../views.ts";
import { Harts } from "./harts.ts";

/** A hart worker that the test plays. */
class FakeHart implements WorkerHandle<HartService> {
  init: HartInit | undefined;
  watched = "";
  fail: (message: string) => void = () => {};
  end!: (end: HartEnd) => void;
  ready: Promise<void> = Promise.resolve();
  readonly service = {
    handshake: async () => "a lock",
    prepare: async (init: HartInit) => {
      this.init = init;
      await this.ready;
    },
    run: () =>
      new Promise<HartEnd>((resolve) => {
        this.end = resolve;
      }),
  };

  onFailure(listener: (message: string) => void): void {
    this.fail = listener;
  }

  watch(signOfLife: string): void {
    this.watched = signOfLife;
  }

  terminate(): void {}
}

let buffer: SharedArrayBuffer;
let fakes: FakeHart[];
let crashes: string[];
let harts: Harts;
let control: ControlWords;
const words = (index: number): HartWords => new HartWords(buffer, index);

beforeEach(() => {
  buffer = new SharedArrayBuffer(0x10_0000);
  control = new ControlWords(buffer);
  fakes = [];
  crashes = [];
  harts = new Harts({
    count: 2,
    buffer,
    spawn: () => {
      const fake = new FakeHart();
      fakes.push(fake);
      return fake;
    },
    init: { module: "core", memory: "memory", epochMs: 5 },
    onRing: () => {},
    onCrash: (message) => crashes.push(message),
  });
});

afterEach(() => {
  vi.useRealTimers();
});

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test("starts a worker for every hart, each with its number", async () => {
  await harts.spawn();
  expect(fakes.map(({ init }) => init)).toEqual([
    { module: "core", memory: "memory", epochMs: 5, index: 0 },
    { module: "core", memory: "memory", epochMs: 5, index: 1 },
  ]);
});

test("a worker that dies before it is ready fails the start", async () => {
  const started = harts.spawn();
  fakes[1]?.fail("its script cannot be loaded");
  if (fakes[1]) fakes[1].ready = new Promise(() => {});
  await expect(started).rejects.toThrow("the worker of hart 1 ended: its script cannot be loaded");
});

test("watches every worker, and does not wait for one that is gone", async () => {
  await harts.spawn();
  expect(fakes.map(({ watched }) => watched)).toEqual(["a lock", "a lock"]);
  harts.release();
  for (const index of [0, 1]) words(index).setState(HartState.running);
  const park = harts.park(RunState.stopped);
  words(1).setState(HartState.stopped);
  fakes[0]?.fail("its thread is gone");
  expect(crashes).toEqual(["hart 0: its worker ended: its thread is gone"]);
  await park;
});

test("a crash is reported with its reason, a stop is not", async () => {
  await harts.spawn();
  fakes[0]?.end({ kind: "stopped" });
  fakes[1]?.end({ kind: "crashed", message: "hart 1: boom" });
  await settle();
  expect(crashes).toEqual(["hart 1: boom"]);
});

test("parks: asks every hart and waits until all of them stand", async () => {
  await harts.spawn();
  harts.release();
  expect(Atomics.load(control.words, control.runState)).toBe(RunState.running);
  for (const index of [0, 1]) words(index).setState(HartState.running);
  let parked = false;
  const park = harts.park(RunState.paused).then(() => (parked = true));
  for (const index of [0, 1]) {
    expect(Atomics.load(words(index).words, words(index).events)).toBe(Event.request);
  }
  words(0).setState(HartState.paused);
  harts.stateChanged();
  await settle();
  expect(parked).toBe(false);
  words(1).setState(HartState.crashed);
  harts.stateChanged();
  await park;
});

test("stopping answers a hart that waits for an access, pausing does not", async () => {
  const { words: hart, exitState } = words(0);
  Atomics.store(hart, exitState, ExitState.request);
  await harts.park(RunState.paused);
  expect(Atomics.load(hart, exitState)).toBe(ExitState.request);
  await harts.park(RunState.stopped);
  expect(Atomics.load(hart, exitState)).toBe(ExitState.answered);
});

test("gives up on a hart that does not leave guest code", async () => {
  await harts.spawn();
  vi.useFakeTimers();
  words(0).setState(HartState.running);
  const outcome = harts.park(RunState.paused).catch((error: unknown) => String(error));
  await vi.advanceTimersByTimeAsync(6000);
  expect(await outcome).toContain("a virtual CPU does not leave guest code");
});
