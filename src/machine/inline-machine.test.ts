import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { instantiateCore } from "../core/instance.ts";
import { MemoryChar } from "../device/testing/doubles.ts";
import { assemble } from "../isa/assemble.ts";
import { InlineMachine, type InlineConfig, type InlineCore } from "./inline-machine.ts";
import { MIB } from "./memory-map.ts";
import type { MemoryPlan } from "./memory-plan.ts";
import { image } from "./testing/images.ts";

const CORE = new URL("../../dist/core.wasm", import.meta.url);
const built = existsSync(CORE);
const module = built ? new WebAssembly.Module(readFileSync(CORE)) : undefined;

function instantiate({ wasmPages }: MemoryPlan): InlineCore {
  const memory = new WebAssembly.Memory({ initial: wasmPages, maximum: wasmPages, shared: true });
  const core = instantiateCore(module as WebAssembly.Module, {
    memory,
    nowMs: () => performance.now(),
  });
  return { buffer: memory.buffer, core };
}

function machine(source: string, config: Partial<InlineConfig> = {}) {
  const shape = { ramBytes: 64 * MIB, harts: 1, deterministic: true };
  const vm = new InlineMachine({ instantiate, ...shape, ...config });
  const { bytes } = assemble(source, { origin: 0x8000_0000n });
  // Padding keeps even a short program from running off its file.
  vm.boot({
    kernel: image("test.bin", Uint8Array.from([...bytes, ...new Uint8Array(256).fill(0x13)])),
  });
  return vm;
}

const POWER_OFF = `
  li t0, 0x100000
  li t1, 0x5555
  sw t1, 0(t0)
  1: j 1b
`;

describe.skipIf(!built)("InlineMachine on the real core", () => {
  it("starts at the reset vector with hartid, device tree and boot info", () => {
    const vm = machine(`mv s0, a0\n mv s1, a1\n mv s2, a2\n ${POWER_OFF}`, { harts: 2 });
    expect(vm.run()).toEqual({ kind: "power", request: { kind: "poweroff" } });
    expect(vm.hart(0).x(9)).toBe(0x83e0_0000n);
    expect(vm.hart(0).x(18)).toBe(0x1030n);
  });

  it("collects the console's output and types into it", () => {
    const vm = machine(`
      li s0, 0x10000000
      li t0, 62
      sb t0, 0(s0)
      1: lbu t1, 5(s0)
      andi t1, t1, 1
      beqz t1, 1b
      lbu t2, 0(s0)
      addi t2, t2, 1
      sb t2, 0(s0)
      ${POWER_OFF}
    `);
    expect(vm.run({ untilOutput: ">" })).toEqual({ kind: "until" });
    expect(vm.run({ untilOutput: ">", maxInstructions: 1000 })).toEqual({ kind: "limit" });
    vm.type("A");
    expect(vm.run()).toMatchObject({ kind: "power" });
    expect(vm.output).toBe(">B");
  });

  it("faults a load where nothing is, and the guest sees why", () => {
    const vm = machine(`
      la t0, handler
      csrw mtvec, t0
      li t1, 0x18000000
      lw t2, 0(t1)
      1: j 1b
      .align 2
      handler:
      csrr s0, mcause
      csrr s1, mtval
      ${POWER_OFF}
    `);
    expect(vm.run({ maxInstructions: 10_000 })).toMatchObject({ kind: "power" });
    expect([vm.hart(0).x(8), vm.hart(0).x(9)]).toEqual([5n, 0x1800_0000n]);
  });

  it("takes the timer's interrupt once when its handler moves mtimecmp ahead", () => {
    const vm = machine(`
      la t0, handler
      csrw mtvec, t0
      li s1, 0x02004000
      li t0, 0x0200bff8
      ld t1, 0(t0)
      addi t1, t1, 200
      sd t1, 0(s1)
      li t0, 0x80
      csrw mie, t0
      csrsi mstatus, 8
      li t0, 20000
      2: addi t0, t0, -1
      bnez t0, 2b
      ${POWER_OFF}
      .align 2
      handler:
      addi s0, s0, 1
      li t2, -1
      sd t2, 0(s1)
      mret
    `);
    expect(vm.run({ maxInstructions: 100_000 })).toMatchObject({ kind: "power" });
    expect(vm.hart(0).x(8)).toBe(1n);
  });

  it("skips the time that all harts wait", () => {
    const vm = machine(`
      li t0, 0x0200bff8
      ld s0, 0(t0)
      li t1, 100000000
      add t2, s0, t1
      li t3, 0x02004000
      sd t2, 0(t3)
      li t4, 0x80
      csrw mie, t4
      wfi
      ld s1, 0(t0)
      sub s1, s1, s0
      ${POWER_OFF}
    `);
    expect(vm.run({ maxInstructions: 100_000 })).toMatchObject({ kind: "power" });
    expect(vm.hart(0).x(9)).toBeGreaterThanOrEqual(100_000_000n);
    expect(vm.instructions).toBeLessThan(100);
  });

  it("is idle when nothing will ever wake a hart", () => {
    expect(machine("csrw mie, zero\n wfi\n 1: j 1b").run()).toEqual({ kind: "idle" });
  });

  it("stops at its limits", () => {
    const vm = machine("1: addi s0, s0, 1\n j 1b");
    expect(vm.run({ maxInstructions: 5000 })).toEqual({ kind: "limit" });
    expect(vm.instructions).toBeGreaterThanOrEqual(5000);
    expect(vm.instructions).toBeLessThan(6000);
    expect(vm.run({ until: ({ instructions }) => instructions > 500_000 })).toEqual({
      kind: "until",
    });
  });

  it("reports failure with the guest's code, and a hart that cannot go on", () => {
    const failing = machine("li t0, 0x100000\n li t1, 0x2a3333\n sw t1, 0(t0)\n 1: j 1b");
    expect(failing.run()).toEqual({ kind: "power", request: { kind: "fail", code: 42 } });
    const lost = machine("csrw mtvec, zero\n unimp\n 1: j 1b");
    expect(lost.run({ maxInstructions: 100_000 })).toMatchObject({ kind: "fatal", hart: 0 });
  });

  it("takes turns between harts", () => {
    const vm = machine(
      `
      csrr t0, mhartid
      la t1, flag
      bnez t0, second
      1: lw t2, 0(t1)
      beqz t2, 1b
      ${POWER_OFF}
      second: li t2, 1
      sw t2, 0(t1)
      2: wfi
      j 2b
      .align 3
      flag: .dword 0
    `,
      { harts: 2 },
    );
    expect(vm.run({ maxInstructions: 10_000_000 })).toMatchObject({ kind: "power" });
  });

  it("boots again from the same images", () => {
    const vm = machine(POWER_OFF);
    vm.run();
    vm.boot({ kernel: image("again.bin", assembleFail(7)) });
    expect(vm.run()).toEqual({ kind: "power", request: { kind: "fail", code: 7 } });
  });

  it("is the same twice to the instruction", () => {
    const source = `
      li s0, 0
      1: rdtime t0
      add s0, s0, t0
      addi s1, s1, 1
      li t1, 30000
      bltu s1, t1, 1b
      ${POWER_OFF}
    `;
    const results = [0, 1].map(() => {
      const vm = machine(source);
      vm.run();
      return [vm.instructions, vm.hart(0).x(8)];
    });
    expect(results[0]).toEqual(results[1]);
  });

  it("drives a virtio console through its own registers and doorbell", () => {
    const backend = new MemoryChar();
    const vm = machine(VIRTIO_HELLO, {
      devices: [{ kind: "virtio-console", transport: "mmio" }],
      console: () => backend,
    });
    expect(vm.run({ maxInstructions: 1_000_000 })).toMatchObject({ kind: "power" });
    expect(new TextDecoder().decode(backend.written)).toBe("hello");
    expect(vm.hart(0).x(8)).toBe(1n);
  });
});

function assembleFail(code: number): Uint8Array {
  const source = `li t0, 0x100000\n li t1, ${code * 0x10000 + 0x3333}\n sw t1, 0(t0)\n 1: j 1b`;
  const { bytes } = assemble(source, { origin: 0x8000_0000n });
  return Uint8Array.from([...bytes, ...new Uint8Array(256).fill(0x13)]);
}

/** Negotiates VERSION_1, sends "hello" on queue 1, waits for InterruptStatus in s0. */
const VIRTIO_HELLO = `
  li a0, 0x10001000
  li t0, 3
  sw t0, 0x70(a0)
  li t0, 1
  sw t0, 0x24(a0)
  sw t0, 0x20(a0)
  li t0, 11
  sw t0, 0x70(a0)
  li t0, 1
  sw t0, 0x30(a0)
  li t0, 4
  sw t0, 0x38(a0)
  li a1, 0x80100000
  sw a1, 0x80(a0)
  li a2, 0x80101000
  sw a2, 0x90(a0)
  li a3, 0x80102000
  sw a3, 0xa0(a0)
  li t0, 1
  sw t0, 0x44(a0)
  li t0, 15
  sw t0, 0x70(a0)
  la t0, text
  sd t0, 0(a1)
  li t0, 5
  sw t0, 8(a1)
  li t0, 1
  sh t0, 2(a2)
  fence
  sw t0, 0x50(a0)
  1: lw s0, 0x60(a0)
  beqz s0, 1b
  sw s0, 0x64(a0)
  ${POWER_OFF}
  text: .byte 104, 101, 108, 108, 111
`;
