/** What a guest in worker threads has of time and devices. */
import { afterEach, describe, expect, test } from "vitest";
import { endMachines, isBuilt, listen, machineOf, sleep } from "./testing/node-machine.ts";

afterEach(endMachines);

describe.skipIf(!isBuilt)("a guest's time, console and registers in Node", () => {
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
});
