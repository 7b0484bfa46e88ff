/** Keys on their whole way: from the API through a worker to a guest's driver. They need `npm run build`. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MachineClient } from "../../api/machine-client.ts";
import { endMachines, isBuilt, listen, machineOf } from "./testing/node-machine.ts";

/**
 * A driver of slot 0 of virtio-mmio (s0) with a queue of 8, its areas at s2, s3 and s4, and buffers at s5:
 * it prints the device's name, then `>`, and of each event that comes its
 * type, code and value as hexadecimal bytes; it gives every buffer back.
 */
const DRIVER = `
  li s0, 0x10001000
  li s1, UART
  li s2, 0x80100000
  li s3, 0x80101000
  li s4, 0x80102000
  li s5, 0x80103000
  sw zero, 0x70(s0)
  li t0, 3
  sw t0, 0x70(s0)
  sw zero, 0x24(s0)
  sw zero, 0x20(s0)
  li t0, 1
  sw t0, 0x24(s0)
  sw t0, 0x20(s0)
  li t0, 11
  sw t0, 0x70(s0)
  sw zero, 0x30(s0)
  li t0, 8
  sw t0, 0x38(s0)
  sw s2, 0x80(s0)
  sw zero, 0x84(s0)
  sw s3, 0x90(s0)
  sw zero, 0x94(s0)
  sw s4, 0xa0(s0)
  sw zero, 0xa4(s0)
  sh zero, 2(s4)
  li t0, 0
1: slli t1, t0, 4
  add t1, t1, s2
  slli t2, t0, 3
  add t2, t2, s5
  sd t2, 0(t1)
  li t3, 8
  sw t3, 8(t1)
  li t3, 2
  sh t3, 12(t1)
  slli t1, t0, 1
  add t1, t1, s3
  sh t0, 4(t1)
  addi t0, t0, 1
  li t1, 8
  bltu t0, t1, 1b
  sh t1, 2(s3)
  li t0, 1
  sw t0, 0x44(s0)
  li t0, 15
  sw t0, 0x70(s0)
  addi s6, s0, 0x100
  li t0, 1
  sb t0, 0(s6)
  sb zero, 1(s6)
  addi s6, s6, 8
name: lbu a0, 0(s6)
  beqz a0, ready
  call put
  addi s6, s6, 1
  j name
ready: li a0, 62
  call put
  li s7, 0
wait: lhu t0, 2(s4)
  beq t0, s7, wait
  andi t1, s7, 7
  slli t2, t1, 3
  add t2, t2, s4
  lw t3, 4(t2)
  slli t4, t3, 3
  add s8, t4, s5
  lbu a0, 0(s8)
  call hex
  lbu a0, 2(s8)
  call hex
  lbu a0, 4(s8)
  call hex
  li a0, 32
  call put
  addi s7, s7, 1
  lhu t0, 2(s3)
  andi t1, t0, 7
  slli t1, t1, 1
  add t1, t1, s3
  sub t2, s8, s5
  srli t2, t2, 3
  sh t2, 4(t1)
  addi t0, t0, 1
  fence
  sh t0, 2(s3)
  j wait
hex: mv s9, ra
  mv s10, a0
  srli a0, s10, 4
  call digit
  andi a0, s10, 15
  call digit
  mv ra, s9
  ret
digit: li t0, 10
  bltu a0, t0, 1f
  addi a0, a0, 39
1: addi a0, a0, 48
put: lbu t6, 5(s1)
  andi t6, t6, 0x20
  beqz t6, put
  sb a0, 0(s1)
  ret
`;

let machine: MachineClient;
let output: ReturnType<typeof listen>;

beforeEach(async () => {
  machine = machineOf(DRIVER, { devices: [{ kind: "virtio-keyboard", transport: "mmio" }] });
  output = listen(machine);
  await machine.start();
  await output.until(">");
});

afterEach(endMachines);

describe.skipIf(!isBuilt)("a guest's driver of a keyboard", () => {
  test("finds QEMU's keyboard, and hears a press, and single events", async () => {
    expect(output.text).toBe("QEMU Virtio Keyboard>");
    await machine.sendKeys([29, 111], { holdMs: 1 });
    await output.until("011d00 000000 ");
    expect(output.text.split(">")[1]).toBe(
      "011d01 000000 016f01 000000 016f00 000000 011d00 000000 ",
    );
    await machine.sendKeyEvents([
      { code: 30, isDown: true },
      { code: 48, isDown: true },
    ]);
    await output.until("011e01 013001 000000 ");
  });

  test("hears nothing of what came while it stood, and of what waited at a reset", async () => {
    await machine.pause();
    await machine.sendKeys([30], { holdMs: 1 });
    await machine.resume();
    await machine.sendKeys([31, 32], { holdMs: 60_000 });
    await output.until("011f01 000000 ");
    await machine.reset();
    await output.until(">011f01 000000 QEMU Virtio Keyboard>");
    await machine.sendKeys([33], { holdMs: 1 });
    await output.until("012100 000000 ");
    expect(output.text.split(">")[2]).toBe("012101 000000 012100 000000 ");
  });
});
