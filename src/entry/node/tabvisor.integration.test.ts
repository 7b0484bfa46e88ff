/** Whole machines in worker threads, on the compiled code: they need `npm run build`. */
import { existsSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { MachineClient } from "../../api/machine-client.ts";
import type { MachineHost } from "../../api/host.ts";
import type { ImageSource, MachineConfig } from "../../api/types.ts";
import { nodeHost } from "../../host/node/node-host.ts";
import { assemble } from "../../isa/assemble.ts";

const CORE = new URL("../../../dist/core.wasm", import.meta.url);
const WORKER = new URL("../../../dist/src/worker/machine.node.js", import.meta.url);
const isBuilt = existsSync(CORE) && existsSync(WORKER);

const host = nodeHost({ core: CORE, machine: WORKER });
const machines: MachineClient[] = [];

/** UART and syscon of the board. */
const symbols = { UART: 0x1000_0000n, TEST: 0x10_0000n };

/** Routines: print the string at a0, power off, reboot. */
const LIBRARY = `
print:
  li t0, UART
1: lbu t1, 0(a0)
  beqz t1, 2f
3: lbu t2, 5(t0)
  andi t2, t2, 0x20
  beqz t2, 3b
  sb t1, 0(t0)
  addi a0, a0, 1
  j 1b
2: ret
poweroff:
  li t0, TEST
  li t1, 0x5555
  sw t1, 0(t0)
  j .
reboot:
  li t0, TEST
  li t1, 0x7777
  sw t1, 0(t0)
  j .
`;

function machineOf(
  source: string,
  config: Partial<MachineConfig> = {},
  on: MachineHost = host,
): MachineClient {
  const { bytes } = assemble(`${source}\n${LIBRARY}`, { origin: 0x8000_0000n, symbols });
  const firmware = { kind: "bytes", name: "test.bin", bytes } as const;
  const machine = new MachineClient(on, {
    name: "test",
    memoryBytes: 64 * 2 ** 20,
    vcpus: 1,
    firmware,
    ...config,
  });
  machines.push(machine);
  return machine;
}

/** Collects a machine's output; `until` waits for a text in it. */
function listen(machine: MachineClient): { text: string; until(part: string): Promise<void> } {
  const output = {
    text: "",
    async until(part: string): Promise<void> {
      while (!output.text.includes(part)) await sleep(2);
    },
  };
  void (async () => {
    for await (const bytes of machine.serial.readable) output.text += String.fromCharCode(...bytes);
  })();
  return output;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function timed(work: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work;
  return performance.now() - began;
}

afterEach(async () => {
  await Promise.all(machines.splice(0).map((machine) => machine.forceOff().catch(() => {})));
});

const HELLO = `
  la a0, text
  call print
  j poweroff
text: .asciz "hello\\n"
  .align 2
`;

/** Prints a dot, then counts for ever in a0. */
const SPIN = `
  la a0, text
  call print
1: addi a0, a0, 1
  j 1b
text: .asciz "."
  .align 2
`;

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

  test("guest time stands while paused", async () => {
    // Prints a dot for every 50 ms of mtime since its start.
    const machine = machineOf(`
      li s0, 0x200bff8
      ld s1, 0(s0)
      li s2, 500000
      li s3, UART
    1: ld s4, 0(s0)
      sub s4, s4, s1
      blt s4, s2, 1b
      add s1, s1, s2
      li s5, 46
      sb s5, 0(s3)
      j 1b
    `);
    const output = listen(machine);
    await machine.start();
    await output.until("..");
    await machine.pause();
    const before = output.text.length;
    await sleep(400);
    await machine.resume();
    await sleep(60);
    expect(output.text.length - before).toBeLessThan(5);
  });

  test("a timer wakes a hart from WFI", async () => {
    const machine = machineOf(`
      li t0, 0x200bff8
      ld t1, 0(t0)
      li t2, 300000
      add t1, t1, t2
      li t0, 0x2004000
      sd t1, 0(t0)
      li t2, 0x80
      csrs mie, t2
    1: wfi
      csrr t2, mip
      andi t2, t2, 0x80
      beqz t2, 1b
      j poweroff
    `);
    const ended = machine.ended;
    const began = performance.now();
    await machine.start();
    await ended;
    expect(performance.now() - began).toBeGreaterThan(29);
    const stats = await machine.stats();
    expect(stats.exits.wfi).toBeGreaterThan(0);
    // Spinning for 30 ms would be some ten million; the rest is its last loop until it stands.
    expect(stats.instructions).toBeLessThan(2_000_000);
  });

  test("echoes what is typed, in order and complete, and sees a break", async () => {
    const machine = machineOf(`
      li s0, UART
    1: lbu t0, 5(s0)
      andi t1, t0, 0x10
      bnez t1, broken
      andi t1, t0, 1
      beqz t1, 1b
      lbu t2, 0(s0)
    2: lbu t0, 5(s0)
      andi t0, t0, 0x20
      beqz t0, 2b
      sb t2, 0(s0)
      j 1b
    broken:
      j poweroff
    `);
    const output = listen(machine);
    const ended = machine.ended;
    await machine.start();
    const text = Array.from({ length: 40_000 }, (_, i) => String.fromCharCode(33 + (i % 90))).join(
      "",
    );
    const writer = machine.serial.writable.getWriter();
    await writer.write(Uint8Array.from(text, (char) => char.charCodeAt(0)));
    while (output.text.length < text.length) await sleep(2);
    expect(output.text).toBe(text);
    await machine.serial.sendBreak();
    expect(await ended).toMatchObject({ exitCode: 0 });
  });

  test("a reader that falls behind makes the guest wait and loses nothing", async () => {
    const total = 600_000;
    const machine = machineOf(`
      li s0, UART
      li s1, ${total}
    1: lbu t0, 5(s0)
      andi t0, t0, 0x20
      beqz t0, 1b
      sb s1, 0(s0)
      addi s1, s1, -1
      bnez s1, 1b
      j poweroff
    `);
    await machine.start();
    await sleep(150);
    expect(machine.state).toBe("running");
    const output = listen(machine);
    await machine.ended;
    await sleep(20);
    expect(output.text.length).toBe(total);
    expect(output.text.charCodeAt(0)).toBe(total & 0xff);
    expect(output.text.charCodeAt(total - 1)).toBe(1);
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

  test("nonsense to every register of the board neither hangs nor ends it", async () => {
    const machine = machineOf(
      `
      la t0, trap
      csrw mtvec, t0
      li s0, 0x10001000
      li s1, 0x10009000
      li s2, -1
    1: sw s2, 0(s0)
      lw t1, 0(s0)
      sb s2, 1(s0)
      lhu t1, 2(s0)
      addi s0, s0, 4
      bne s0, s1, 1b
      li s0, 0x101000
      li s1, 0x101100
    2: sd s2, 0(s0)
      ld t1, 0(s0)
      addi s0, s0, 8
      bne s0, s1, 2b
      j poweroff
      .align 2
    trap:
      csrr t2, mepc
      addi t2, t2, 4
      csrw mepc, t2
      mret
    `,
      { devices: [{ kind: "virtio-rng" }, { kind: "virtio-console" }] },
    );
    const ended = machine.ended;
    await machine.start();
    expect(await ended).toMatchObject({ state: "shutoff", exitCode: 0 });
    const { exits } = await machine.stats();
    expect(exits.mmioRead).toBeGreaterThan(1000);
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
