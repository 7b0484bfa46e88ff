/** A machine in worker threads: it starts, pauses, resets, ends, and is refused. */
import { afterEach, describe, expect, test } from "vitest";
import type { ImageSource } from "../../api/types.ts";
import {
  HELLO,
  SPIN,
  endMachines,
  host,
  isBuilt,
  listen,
  machineOf,
  sleep,
  timed,
} from "./testing/node-machine.ts";

afterEach(endMachines);

describe.skipIf(!isBuilt)("a machine in Node", () => {
  test("prints and powers off with exit code 0, its output complete by then", async () => {
    const machine = machineOf(HELLO);
    const output = listen(machine);
    const ended = machine.ended;
    await machine.start();
    expect(await ended).toEqual({ state: "shutoff", reason: "shutdown", exitCode: 0 });
    await sleep(0);
    expect(output.text).toBe("hello\n");
    expect((await machine.stats()).instructions).toBeGreaterThan(20);
  });

  test("reports the guest's own exit code", async () => {
    const machine = machineOf(`
      li t0, TEST
      li t1, 0x2a3333
      sw t1, 0(t0)
      j .
    `);
    const ended = machine.ended;
    await machine.start();
    expect(await ended).toMatchObject({ state: "shutoff", exitCode: 42 });
  });

  test("runs again after it ended", async () => {
    const machine = machineOf(HELLO);
    const output = listen(machine);
    for (let i = 0; i < 3; i++) {
      const ended = machine.ended;
      await machine.start();
      await ended;
    }
    await sleep(0);
    expect(output.text).toBe("hello\n".repeat(3));
  });

  test("pauses, resumes, resets and stops a guest that never leaves its loop, each within 50 ms", async () => {
    const machine = machineOf(SPIN);
    const output = listen(machine);
    await machine.start();
    await output.until(".");
    expect(await timed(machine.pause())).toBeLessThan(50);
    const before = (await machine.stats()).instructions;
    await sleep(20);
    expect((await machine.stats()).instructions).toBe(before);
    expect(await timed(machine.resume())).toBeLessThan(50);
    await sleep(20);
    expect((await machine.stats()).instructions).toBeGreaterThan(before);
    await machine.reset();
    await output.until("..");
    expect(await timed(machine.forceOff())).toBeLessThan(50);
    expect(machine.lastEvent).toEqual({ state: "shutoff", reason: "destroyed" });
  });

  test("a reset leaves a paused machine paused", async () => {
    const machine = machineOf(SPIN);
    const output = listen(machine);
    await machine.start();
    await output.until(".");
    await machine.pause();
    await machine.reset();
    await sleep(20);
    expect(output.text).toBe(".");
    await machine.resume();
    await output.until("..");
  });

  test("a reset stops the guest at once, and lets it go on when an image cannot be read", async () => {
    let load = (source: ImageSource): Promise<Uint8Array> => host.load(source);
    const machine = machineOf(SPIN, {}, { ...host, load: (source) => load(source) });
    await machine.start();
    let refuse: (error: Error) => void = () => {};
    load = () => new Promise((_, reject) => (refuse = reject));
    const reset = machine.reset();
    await sleep(50);
    const before = (await machine.stats()).instructions;
    await sleep(20);
    expect((await machine.stats()).instructions).toBe(before);
    refuse(new Error("the disk is gone"));
    await expect(reset).rejects.toThrow("the disk is gone");
    await expect.poll(async () => (await machine.stats()).instructions).toBeGreaterThan(before);
    expect(machine.state).toBe("running");
  });

  test("all harts stop and go, wherever they are", async () => {
    const machine = machineOf(
      `
      csrr t0, mhartid
      andi t0, t0, 1
      bnez t0, waits
    1: j 1b
    waits:
      wfi
      j waits
    `,
      { vcpus: 4 },
    );
    await machine.start();
    for (let i = 0; i < 20; i++) {
      await machine.pause();
      await machine.resume();
    }
    expect(await timed(machine.pause())).toBeLessThan(50);
    expect(await timed(machine.forceOff())).toBeLessThan(50);
  });

  test("the guest's reboot loads the images again", async () => {
    const machine = machineOf(`
      la a0, text
      call print
      la t0, text
      sb zero, 0(t0)
      la t0, count
      li t1, 0x10000000
      j reboot
    count: .word 0
    text: .asciz "up "
      .align 2
    `);
    const output = listen(machine);
    await machine.start();
    await output.until("up up up ");
    expect(machine.state).toBe("running");
  });

  test("the guest's reboot ends a machine that shall not restart", async () => {
    const machine = machineOf("j reboot", { onReboot: "destroy" });
    const ended = machine.ended;
    await machine.start();
    expect(await ended).toMatchObject({ state: "shutoff", reason: "shutdown", exitCode: 0 });
  });

  test("a jump to nowhere with no trap handler crashes it with a reason", async () => {
    const machine = machineOf(`${"nop\n".repeat(24)}jr zero`);
    const ended = machine.ended;
    await machine.start();
    const event = await ended;
    expect(event.state).toBe("crashed");
    expect(event.message).toMatch(/^hart 0: .*cause 1.* 0x0/);
    await machine.forceOff();
    expect(machine.state).toBe("shutoff");
  });

  test("an image that cannot be booted is refused by its name", async () => {
    const bytes = new TextEncoder().encode("#!/bin/sh\necho this is no kernel\n".repeat(20));
    const machine = machineOf(HELLO, { kernel: { kind: "bytes", name: "run.sh", bytes } });
    await expect(machine.start()).rejects.toThrow("run.sh");
    expect(machine.state).toBe("shutoff");
  });

  test("RAM out of range is refused", async () => {
    await expect(machineOf(HELLO, { memoryBytes: 2 ** 20 }).start()).rejects.toThrow("RAM");
    await expect(machineOf(HELLO, { vcpus: 17 }).start()).rejects.toThrow("vCPUs");
  });

  test("a file that is not there is named", async () => {
    const kernel = { kind: "url", name: "Image", url: "file:///nowhere/Image" } as const;
    await expect(machineOf(HELLO, { kernel }).start()).rejects.toThrow(
      "Image: No such file or directory",
    );
  });

  test("many machines one after the other do not keep their memory", async () => {
    for (let i = 0; i < 12; i++) {
      // Together they would not fit into the address space that Node gives to Wasm memories here.
      const machine = machineOf(SPIN, { memoryBytes: 3 * 2 ** 30 });
      await machine.start();
      await machine.forceOff();
      expect(machine.state).toBe("shutoff");
    }
  });
});
