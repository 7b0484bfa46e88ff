/** Harts that wait for each other sleep: with more vCPUs than processors, spinning starves the other. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { instantiateCore } from "../core/instance.ts";
import { assemble } from "../isa/assemble.ts";
import { ExitReason, HartState } from "../protocol/layout.ts";
import { InlineMachine, type InlineCore } from "./inline-machine.ts";
import { MIB } from "./memory-map.ts";
import type { MemoryPlan } from "./memory-plan.ts";
import { image } from "./testing/images.ts";

const CORE = new URL("../../dist/core.wasm", import.meta.url);
const built = existsSync(CORE);
const module = built ? new WebAssembly.Module(readFileSync(CORE)) : undefined;

function instantiate({ wasmPages }: MemoryPlan): InlineCore {
  const memory = new WebAssembly.Memory({ initial: wasmPages, maximum: wasmPages, shared: true });
  const nowMs = () => performance.now();
  return {
    buffer: memory.buffer,
    core: instantiateCore(module as WebAssembly.Module, { memory, nowMs }),
  };
}

const WORK = 400_000;

const SET_FLAG = "li t2, 1\n sw t2, 0(t1)";
/** To hart 1, through the ACLINT. */
const SEND_IPI = "li t2, 0x2000004\n li t3, 1\n sw t3, 0(t2)";

/** Hart 0 works for a while, then acts; hart 1 runs `waiting` with t1 = &flag, then ends. */
function machine(waiting: string, harts = 2, act = SET_FLAG): InlineMachine {
  const vm = new InlineMachine({ instantiate, ramBytes: 64 * MIB, harts, deterministic: true });
  const source = `
    csrr t0, mhartid
    la t1, flag
    ${harts === 1 ? "" : "bnez t0, second"}
    li t2, ${WORK / 2}
    1: addi t2, t2, -1
    bnez t2, 1b
    ${act}
    ${harts === 1 ? "" : "2: wfi\n j 2b"}
    second:
    ${waiting}
    li t0, 0x100000
    li t1, 0x5555
    sw t1, 0(t0)
    3: j 3b
    .align 3
    flag: .dword 0
    ${"nop\n".repeat(64)}
  `;
  vm.boot({ kernel: image("test.bin", assemble(source, { origin: 0x8000_0000n }).bytes) });
  return vm;
}

/** Runs to the end. @returns how often a hart slept, and instructions that it retired */
function outcome(vm: InlineMachine, hart: number) {
  expect(vm.run({ maxInstructions: 10 * WORK })).toMatchObject({ kind: "power" });
  const view = vm.hart(hart);
  return {
    sleeps: Number(view.u64("statExits", ExitReason.wfi)),
    instructions: Number(view.u64("instret")),
  };
}

const RESERVED = (wrs: string, width: string) => `
  4: lr.${width} t2, (t1)
  bnez t2, 5f
  ${wrs}
  j 4b
  5:
`;

describe.skipIf(!built)("a hart that waits for another", () => {
  it.each([
    ["wrs.nto", "w"],
    ["wrs.sto", "d"],
  ])("sleeps in %s until the reserved word changes (lr.%s)", (wrs, width) => {
    const { sleeps, instructions } = outcome(machine(RESERVED(wrs, width)), 1);
    expect(sleeps).toBeGreaterThan(0);
    expect(instructions).toBeLessThan(WORK / 100);
  });

  it("does not sleep in wrs.nto without a reservation, or when the word has changed", () => {
    const none = outcome(machine("li t3, 100\n 4: wrs.nto\n addi t3, t3, -1\n bnez t3, 4b"), 1);
    expect(none.sleeps).toBe(0);
    const changed = "lr.w t2, (t1)\n li t3, 5\n sw t3, 0(t1)\n wrs.nto";
    expect(outcome(machine(changed), 1).sleeps).toBe(0);
  });

  it("does not sleep in wrs.nto on a machine with one hart", () => {
    expect(outcome(machine("lr.w t2, (t1)\n wrs.nto", 1), 0).sleeps).toBe(0);
  });

  it("wakes from wrs.nto for an interrupt", () => {
    const waiting = `
      la t3, 6f
      csrw mtvec, t3
      li t3, 8
      csrs mie, t3
      csrsi mstatus, 8
      7: lr.w t2, (t1)
      wrs.nto
      j 7b
      .align 2
      6:
    `;
    expect(outcome(machine(waiting, 2, SEND_IPI), 1).sleeps).toBeGreaterThan(0);
  });

  /** Spins in M-mode as if S-mode had called it. */
  const SERVING = `
    li t3, 0x1800
    csrc mstatus, t3
    li t3, 0x800
    csrs mstatus, t3
    4: lw t2, 0(t1)
    beqz t2, 4b
  `;

  it("sleeps when it spins in its SBI while another hart runs", () => {
    const vm = machine(SERVING);
    vm.hart(0).setU32("state", HartState.running);
    expect(outcome(vm, 1).sleeps).toBeGreaterThan(0);
    expect(outcome(machine(SERVING), 1).sleeps).toBe(0);
  });

  it("does not sleep when a program without supervisor spins", () => {
    const vm = machine("4: lw t2, 0(t1)\n beqz t2, 4b");
    vm.hart(0).setU32("state", HartState.running);
    expect(outcome(vm, 1).sleeps).toBe(0);
  });
});
