import { beforeEach, describe, expect, test, vi } from "vitest";
import type { DriveError } from "../protocol/drive-error.ts";
import { vmError } from "../protocol/vm-error.ts";
import { MachineClient } from "./machine-client.ts";
import { COUNTERS, FakeHost } from "./testing/fake-host.ts";
import type { MachineConfig, StateEvent } from "./types.ts";

const CONFIG: MachineConfig = {
  name: "test",
  memoryBytes: 64 * 2 ** 20,
  vcpus: 1,
  kernel: { kind: "bytes", name: "kernel", bytes: Uint8Array.of(1) },
  append: "quiet",
  devices: [{ kind: "virtio-rng" }, { kind: "virtio-console" }],
};

const NO_SPACE: DriveError = {
  drive: "disk",
  operation: "write",
  action: "stop",
  nospace: true,
  reason: "No space left on device",
};

let host: FakeHost;
let machine: MachineClient;
let events: StateEvent[];

beforeEach(() => {
  host = new FakeHost();
  machine = new MachineClient(host, CONFIG);
  events = [];
  machine.onState((event) => events.push(event));
});

/** Lets messages and promises settle. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe("start", () => {
  test("hands images, core and configuration to the worker", async () => {
    await machine.start();
    expect(machine.state).toBe("running");
    expect(events).toEqual([{ state: "running", reason: "booted" }]);
    expect(host.worker.init).toMatchObject({
      module: "core",
      spec: { name: "test", vcpus: 1, append: "quiet", onReboot: "restart" },
      images: { kernel: { name: "kernel", bytes: Uint8Array.of(1, 2, 3) } },
    });
  });

  test("tells how much of all images is there, once their sizes are known", async () => {
    const initrd = { kind: "bytes", name: "initrd", bytes: Uint8Array.of(1) } as const;
    machine = new MachineClient(host, { ...CONFIG, initrd });
    const told: string[] = [];
    machine.onLoad(({ doneBytes, totalBytes }) => told.push(`${doneBytes}/${totalBytes}`));
    host.whileLoading = async (name, control) => {
      control?.onBytes(0, name === "kernel" ? 3 : null);
      await settle();
      control?.onBytes(1, 3);
      // Nothing new.
      control?.onBytes(1, 3);
    };
    await machine.start();
    expect(told).toEqual(["4/6", "6/6"]);
  });

  test("lets go of images when it is forced off meanwhile", async () => {
    let signal: AbortSignal | undefined;
    host.whileLoading = (_, control) => {
      signal = control?.signal;
      return new Promise(() => {});
    };
    const started = machine.start();
    await settle();
    await machine.forceOff();
    await expect(started).rejects.toThrow("the machine was forced off");
    expect(signal?.aborted).toBe(true);
    expect(machine.state).toBe("shutoff");
  });

  test("paused leaves the guest to be resumed", async () => {
    await machine.start({ paused: true });
    expect(host.worker.init).toMatchObject({ paused: true });
    await machine.resume();
    expect(events).toEqual([
      { state: "paused", reason: "user" },
      { state: "running", reason: "unpaused" },
    ]);
  });

  test("twice is refused in libvirt's words", async () => {
    await machine.start();
    await expect(machine.start()).rejects.toThrow(
      "Requested operation is not valid: domain is already running",
    );
  });

  test("that fails leaves a machine that is shut off and no worker", async () => {
    host.prepare = (worker) =>
      worker.refusals.set("start", vmError("operationFailed", "bad kernel"));
    const ended = machine.ended;
    await expect(machine.start()).rejects.toThrow("bad kernel");
    expect(host.worker.terminated).toBe(true);
    expect(await ended).toMatchObject({
      state: "shutoff",
      reason: "failed",
      message: "operation failed: bad kernel",
    });
  });

  test("reports an image that cannot be read", async () => {
    host.loadError = vmError("systemError", "kernel: No such file or directory");
    await expect(machine.start()).rejects.toThrow("kernel: No such file or directory");
    expect(machine.state).toBe("shutoff");
  });

  test("fails when the worker dies meanwhile", async () => {
    host.prepare = (worker) => worker.silent.add("start");
    const started = machine.start();
    await settle();
    host.worker.fail("out of memory");
    await expect(started).rejects.toThrow("the machine's worker ended: out of memory");
    expect(machine.lastEvent).toMatchObject({ state: "shutoff", reason: "failed" });
  });

  test("can be broken off by force", async () => {
    host.prepare = (worker) => worker.silent.add("start");
    const started = machine.start();
    started.catch(() => {});
    await settle();
    await machine.forceOff();
    await expect(started).rejects.toThrow("forced off");
    expect(machine.lastEvent).toEqual({ state: "shutoff", reason: "destroyed" });
  });

  test("works again after a run ended", async () => {
    await machine.start();
    host.worker.say({
      type: "ended",
      end: { kind: "crashed", message: "boom", harts: [] },
      counters: COUNTERS,
    });
    await settle();
    expect(machine.state).toBe("crashed");
    await machine.start();
    expect(host.workers).toHaveLength(2);
    expect(machine.state).toBe("running");
  });
});

describe("a running machine", () => {
  beforeEach(() => machine.start());

  test("pauses, resumes and resets", async () => {
    await machine.pause();
    await machine.pause();
    expect(machine.lastEvent).toEqual({ state: "paused", reason: "user" });
    await machine.reset();
    expect(machine.state).toBe("paused");
    await machine.resume();
    expect(machine.lastEvent).toEqual({ state: "running", reason: "unpaused" });
    const calls = ["handshake", "start", "pause", "reset", "supplyImages", "resume"];
    expect(host.worker.calls).toEqual(calls);
    expect(host.loaded).toEqual(["kernel", "kernel"]);
  });

  test("is not reset when an image cannot be read, and says which", async () => {
    host.loadError = vmError("systemError", "kernel: No such file or directory");
    await expect(machine.reset()).rejects.toBe(host.loadError);
    expect(machine.state).toBe("running");
  });

  test("performs verbs in the order they were asked for", async () => {
    await Promise.all([machine.pause(), machine.resume(), machine.pause()]);
    expect(machine.state).toBe("paused");
  });

  test("ends when the guest powers off, with its exit code", async () => {
    const ended = machine.ended;
    host.worker.say({ type: "ended", end: { kind: "shutdown", exitCode: 3 }, counters: COUNTERS });
    expect(await ended).toEqual({ state: "shutoff", reason: "shutdown", exitCode: 3 });
    expect(host.worker.terminated).toBe(true);
    expect(await machine.stats()).toEqual(COUNTERS);
  });

  test("crashes when its worker dies", async () => {
    host.worker.fail("script error");
    expect(machine.lastEvent).toEqual({
      state: "crashed",
      reason: "crashed",
      message: "the machine's worker ended: script error",
      harts: [],
    });
  });

  test("is forced off although its worker does not answer, which is ended later", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      host.worker.silent.add("powerOff");
      const off = machine.forceOff();
      await vi.advanceTimersByTimeAsync(1000);
      await off;
      expect(machine.lastEvent).toEqual({ state: "shutoff", reason: "destroyed" });
      expect(host.worker.terminated).toBe(false);
      const started = machine.start();
      await vi.advanceTimersByTimeAsync(8000);
      expect(host.workers).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(2000);
      await started;
      expect(host.workers.map(({ terminated }) => terminated)).toEqual([true, false]);
    } finally {
      vi.useRealTimers();
    }
  });

  test("that powers off late is ended then", async () => {
    let powerOff = (): void => {};
    host.worker.service.powerOff = () =>
      new Promise((resolve) => {
        powerOff = () => resolve(COUNTERS);
      });
    await machine.forceOff();
    expect(host.worker.terminated).toBe(false);
    powerOff();
    await machine.released;
    expect(host.worker.terminated).toBe(true);
  });

  test("pauses itself when a drive's host has no room, and goes on when told to", async () => {
    const seen: DriveError[] = [];
    machine.onIoError((each) => seen.push(each));
    const passed = { drive: "disk", thresholdBytes: 512, excessBytes: 1 };
    const thresholds: unknown[] = [];
    machine.onWriteThreshold((each) => thresholds.push(each));
    host.worker.say({ type: "thresholdPassed", passed });
    const error = NO_SPACE;
    host.worker.say({ type: "driveError", error });
    host.worker.say({ type: "stopped", error, resumes: 0 });
    await settle();
    expect(seen).toEqual([error]);
    expect(thresholds).toEqual([passed]);
    const message = "drive 'disk': No space left on device";
    expect(machine.lastEvent).toEqual({ state: "paused", reason: "ioerror", message });
    await machine.resume();
    expect(machine.lastEvent).toEqual({ state: "running", reason: "unpaused" });
    // News from before it went on.
    host.worker.say({ type: "stopped", error, resumes: 0 });
    await settle();
    expect(machine.state).toBe("running");
    host.worker.say({ type: "stopped", error, resumes: 1 });
    await settle();
    expect(machine.state).toBe("paused");
  });

  test("that pauses itself while it goes on is paused at last", async () => {
    await machine.pause();
    const resumed = machine.resume();
    host.worker.say({ type: "stopped", error: NO_SPACE, resumes: 1 });
    await resumed;
    await settle();
    expect(machine.lastEvent).toMatchObject({ state: "paused", reason: "ioerror" });
  });

  test("a verb under way rejects when the machine is forced off", async () => {
    host.worker.silent.add("pause");
    const paused = machine.pause();
    paused.catch(() => {});
    await settle();
    await machine.forceOff();
    await expect(paused).rejects.toThrow("forced off");
  });

  test("gives images again when the guest reboots", async () => {
    host.worker.say({ type: "images" });
    await settle();
    expect(host.worker.calls.at(-1)).toBe("supplyImages");
    expect(machine.state).toBe("running");
  });

  test("tells the worker when images cannot be read again", async () => {
    host.loadError = vmError("systemError", "kernel: No such file or directory");
    host.worker.say({ type: "images" });
    await settle();
    expect(host.worker.calls.at(-1)).toBe("refuseImages: kernel: No such file or directory");
  });

  test("passes guest errors on", async () => {
    const seen: string[] = [];
    machine.onGuestError((text) => seen.push(text));
    host.worker.say({ type: "trace", text: "rtc: bad" });
    await settle();
    expect(seen).toEqual(["rtc: bad"]);
  });

  test("shuts down by SysRq: sync, remount, power off", async () => {
    const down = machine.shutdown();
    const answer = setInterval(() => {
      host.worker.say({ type: "taken", line: 0, bytes: 1 });
    }, 5);
    await down;
    clearInterval(answer);
    const typed = host.worker.received.map((message) =>
      message.type === "input" ? String.fromCharCode(...message.bytes) : message.type,
    );
    expect(typed).toEqual(["break", "s", "break", "u", "break", "o"]);
  });
});

test("a machine that is off refuses verbs", async () => {
  await expect(machine.pause()).rejects.toThrow("domain is not running");
  await expect(machine.forceOff()).rejects.toThrow("domain is not running");
  expect(await machine.stats()).toMatchObject({ instructions: 0 });
});

test("keys go to a machine that runs, and to no other", async () => {
  await expect(machine.sendKeys([30])).rejects.toThrow("domain is not running");
  await machine.start();
  await machine.sendKeys([29, 30], { holdMs: 5 });
  await machine.sendKeyEvents([{ code: 30, isDown: true }]);
  expect(host.worker.calls.slice(-2)).toEqual([
    'sendKeys {"kind":"press","codes":[29,30],"holdMs":5}',
    'sendKeys {"kind":"events","events":[{"code":30,"isDown":true}]}',
  ]);
});

test("the balloon of a machine that runs is asked, commanded and heard", async () => {
  await expect(machine.balloon()).rejects.toThrow("domain is not running");
  const heard: number[] = [];
  const stop = machine.onBalloon((bytes) => heard.push(bytes));
  await machine.start();
  await machine.setBalloon(2 ** 26);
  await machine.setBalloonPolling(5);
  expect(await machine.balloon()).toMatchObject({ actualBytes: 0, statsAtS: 0 });
  expect(host.worker.calls.slice(-3)).toEqual([
    'balloon {"kind":"target","bytes":67108864}',
    'balloon {"kind":"poll","seconds":5}',
    "balloon null",
  ]);
  host.worker.say({ type: "balloon", actualBytes: 7 });
  await settle();
  stop();
  host.worker.say({ type: "balloon", actualBytes: 8 });
  await settle();
  expect(heard).toEqual([7]);
});
