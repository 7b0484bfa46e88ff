import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Doorbell } from "../../protocol/layout.ts";
import { ControlWords } from "../views.ts";
import { DoorbellWaiter, waitAsync } from "./doorbell.ts";

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

describe.each([
  { engine: "with Atomics.waitAsync", wait: waitAsync },
  { engine: "without Atomics.waitAsync", wait: undefined },
])("$engine", ({ wait }) => {
  let control: ControlWords;
  let served: number[];
  let onServe: (bits: number) => void;
  let waiter: DoorbellWaiter;
  let running: Promise<void>;

  const host = {
    nowMs: () => performance.now(),
    turn: () => new Promise<void>((resolve) => setImmediate(resolve)),
    waitAsync: wait,
  };

  /** Rings as a hart does; its message arrives a little later. */
  function ring(bits: number): boolean {
    const isNews = control.ring(bits);
    if (isNews && wait === undefined) setImmediate(() => waiter.rung());
    return isNews;
  }

  beforeEach(() => {
    control = new ControlWords(new SharedArrayBuffer(0x2_0000));
    served = [];
    onServe = () => {};
    waiter = new DoorbellWaiter(control, host, (bits) => {
      served.push(bits);
      onServe(bits);
    });
    running = waiter.run();
  });

  afterEach(async () => {
    waiter.stop();
    await running.catch(() => {});
  });

  test("serves bits that are rung while it waits, and clears them", async () => {
    ring(Doorbell.exit);
    await settle();
    ring(Doorbell.uart | Doorbell.virtio);
    await settle();
    expect(served).toEqual([Doorbell.exit, Doorbell.uart | Doorbell.virtio]);
    expect(Atomics.load(control.words, control.doorbell)).toBe(0);
  });

  test("serves a bit that is rung while another one is served", async () => {
    onServe = () => {
      onServe = () => {};
      ring(Doorbell.state);
    };
    ring(Doorbell.exit);
    await settle();
    expect(served).toEqual([Doorbell.exit, Doorbell.state]);
  });

  test("a held bit wakes nobody, other bits do", async () => {
    waiter.hold(Doorbell.uart);
    expect(ring(Doorbell.uart)).toBe(false);
    await settle();
    ring(Doorbell.exit);
    await settle();
    expect(served).toEqual([Doorbell.exit]);
    waiter.release(Doorbell.uart);
    ring(Doorbell.uart);
    await settle();
    expect(served).toEqual([Doorbell.exit, Doorbell.uart]);
  });

  test("lets messages in although the bell rings all the time", async () => {
    onServe = () => void ring(Doorbell.exit);
    ring(Doorbell.exit);
    const began = performance.now();
    await settle();
    expect(performance.now() - began).toBeLessThan(200);
    onServe = () => {};
  });

  test("stops at once while it waits", async () => {
    await settle();
    waiter.stop();
    await expect(running).resolves.toBeUndefined();
  });

  test("an error of the server ends it", async () => {
    onServe = () => {
      throw new Error("broken device");
    };
    ring(Doorbell.exit);
    await expect(running).rejects.toThrow("broken device");
  });
});
