/** Flash as a guest sees it: memory until a command is written, then a device, in all harts. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { instantiateCore, setJitThreshold } from "../core/instance.ts";
import { MemoryDisk } from "../device/testing/memory-disk.ts";
import { assemble } from "../isa/assemble.ts";
import { InlineMachine, type InlineCore } from "./inline-machine.ts";
import { FLASH_BANK_BYTES, MIB } from "./memory-map.ts";
import type { MemoryPlan } from "./memory-plan.ts";
import { image } from "./testing/images.ts";

const CORE = new URL("../../dist/core.wasm", import.meta.url);
const built = existsSync(CORE);
const module = built ? new WebAssembly.Module(readFileSync(CORE)) : undefined;

function instantiate({ wasmPages }: MemoryPlan): InlineCore {
  const memory = new WebAssembly.Memory({ initial: wasmPages, maximum: wasmPages, shared: true });
  const host = { memory, nowMs: () => performance.now() };
  return { buffer: memory.buffer, core: instantiateCore(module as WebAssembly.Module, host) };
}

function code(source: string, origin: bigint): Uint8Array {
  const { bytes } = assemble(source, { origin });
  return Uint8Array.from([...bytes, ...new Uint8Array(256).fill(0x13)]);
}

interface Setup {
  readonly source: string;
  readonly inFlash?: string;
  readonly harts?: number;
  readonly threshold?: number;
}

async function machine({ source, inFlash, harts = 1, threshold = 0 }: Setup) {
  const disk = new MemoryDisk(FLASH_BANK_BYTES);
  if (inFlash !== undefined) disk.bytes.set(code(inFlash, 0x2000_0000n));
  const vm = new InlineMachine({
    instantiate,
    ramBytes: 64 * MIB,
    harts,
    deterministic: true,
    banks: [{ unit: 0, drive: "flash" }],
    drives: new Map([["flash", disk]]),
  });
  setJitThreshold(vm.buffer, threshold);
  await vm.board.loadFlash();
  vm.boot({ firmware: image("fw.bin", code(source, 0x8000_0000n)) });
  return { vm, disk };
}

const POWER_OFF = `
  li t0, 0x100000
  li t1, 0x5555
  sw t1, 0(t0)
  9: j 9b
`;

describe.skipIf(!built).each([0, 1])("flash on the real core, JIT threshold %i", (threshold) => {
  it("is read as memory, answers commands, and is memory again", async () => {
    const source = `
      li s0, 0x20000000
      li s6, 200
      again:
      li s2, 0
      li t1, 64
      1: lw t2, 0(s0)
      add s2, s2, t2
      addi t1, t1, -1
      bnez t1, 1b
      li t3, 0x00700070
      sw t3, 0(s0)
      lw s3, 0(s0)
      li t3, 0x00980098
      sw t3, 0x154(s0)
      lw s4, 0x40(s0)
      li t3, 0x00ff00ff
      sw t3, 0(s0)
      lw s5, 0(s0)
      addi s6, s6, -1
      bnez s6, again
      ${POWER_OFF}
    `;
    const { vm } = await machine({ source, inFlash: "addi x0, x0, 0", threshold });
    expect(vm.run({ maxInstructions: 1_000_000 })).toMatchObject({ kind: "power" });
    const hart = vm.hart(0);
    expect([18, 19, 20, 21].map((n) => hart.x(n))).toEqual([
      ...[64n * 0x13n, 0x80_0080n, 0x51_0051n, 0x13n],
    ]);
    // Nothing but the commands and their answers left the core: 3 writes and 2 reads a round.
    expect([1, 2].map((reason) => hart.u64("statExits", reason))).toEqual([400n, 601n]);
  });

  it("programs and erases, in memory and in the image", async () => {
    const source = `
      li s0, 0x20040000
      li t0, 0x00200020
      sw t0, 0(s0)
      li t0, 0x00d000d0
      sw t0, 0(s0)
      li t0, 0x00400040
      sw t0, 4(s0)
      li t0, 0x12345678
      sw t0, 4(s0)
      li t0, 0x00ff00ff
      sw t0, 0(s0)
      ld s2, 0(s0)
      ${POWER_OFF}
    `;
    const { vm, disk } = await machine({ source, threshold });
    expect(vm.run({ maxInstructions: 10_000 })).toMatchObject({ kind: "power" });
    expect(vm.hart(0).x(18)).toBe(0x1234_5678_ffff_ffffn);
    expect([...disk.bytes.subarray(0x4_0000, 0x4_0008)]).toEqual([
      ...[0xff, 0xff, 0xff, 0xff, 0x78, 0x56, 0x34, 0x12],
    ]);
  });

  it("starts what is in it behind the firmware, and runs there without exits", async () => {
    const source = `
      # fw_dynamic_info: next_addr, next_mode.
      ld t0, 16(a2)
      ld s2, 24(a2)
      jr t0
    `;
    const inFlash = `
      li s0, 100000
      1: addi s0, s0, -1
      bnez s0, 1b
      li s3, 7
      ${POWER_OFF}
    `;
    const { vm } = await machine({ source, inFlash, threshold });
    expect(vm.run({ maxInstructions: 1_000_000 })).toMatchObject({ kind: "power" });
    expect([vm.hart(0).x(18), vm.hart(0).x(19)]).toEqual([1n, 7n]);
    expect(vm.hart(0).u64("statExits", 1)).toBe(0n);
  });

  it("cannot be fetched from while it answers a command", async () => {
    const source = `
      la t0, handler
      csrw mtvec, t0
      li s0, 0x20000000
      jalr s0
      li t0, 0x00900090
      sw t0, 0(s0)
      jalr s0
      .align 2
      handler: csrr s2, mcause
      csrr s3, mepc
      ${POWER_OFF}
    `;
    const { vm } = await machine({ source, inFlash: "addi s4, s4, 1\n ret", threshold });
    expect(vm.run({ maxInstructions: 10_000 })).toMatchObject({ kind: "power" });
    expect([18, 19, 20].map((n) => vm.hart(0).x(n))).toEqual([1n, 0x2000_0000n, 1n]);
  });

  it("is a device for every hart when one writes a command", async () => {
    const source = `
      li s0, 0x20000000
      li s5, 0x80100000
      bnez a0, other
      1: lw t0, 0(s5)
      beqz t0, 1b
      li t0, 0x00900090
      sw t0, 0(s0)
      fence
      sw t0, 4(s5)
      2: lw t0, 8(s5)
      beqz t0, 2b
      ${POWER_OFF}
      other:
      lw s2, 0(s0)
      li t0, 1
      sw t0, 0(s5)
      3: lw t0, 4(s5)
      beqz t0, 3b
      fence
      lw s3, 0(s0)
      sw t0, 8(s5)
      4: j 4b
    `;
    const { vm } = await machine({ source, inFlash: "nop", harts: 2, threshold });
    expect(vm.run({ maxInstructions: 10_000_000 })).toMatchObject({ kind: "power" });
    expect([vm.hart(1).x(18), vm.hart(1).x(19)]).toEqual([0x13n, 0x89_0089n]);
  });

  it("holds page tables that cannot be written: no accessed bit is set in them", async () => {
    const source = `
      la t0, handler
      csrw mtvec, t0
      li t0, -1
      csrw pmpaddr0, t0
      li t0, 31
      csrw pmpcfg0, t0
      # menvcfg.ADUE
      li t0, 1
      slli t0, t0, 61
      csrw 0x30a, t0
      # Sv39, root in flash: a gigabyte page at 2 GiB without A and D.
      li t0, 8
      slli t0, t0, 60
      li t1, 0x20001
      or t0, t0, t1
      csrw satp, t0
      li t0, 0x1800
      csrc mstatus, t0
      li t0, 0x800
      csrs mstatus, t0
      la t0, target
      csrw mepc, t0
      mret
      target: j target
      .align 2
      handler: csrr s2, mcause
      ${POWER_OFF}
    `;
    const { vm, disk } = await machine({ source, threshold });
    const leaf = new DataView(vm.board.memory.slotBytes(0x2000_0000).buffer);
    const at = vm.board.memory.slotBytes(0x2000_0000).byteOffset + 0x1000 + 16;
    leaf.setBigUint64(at, (0x8000_0000n >> 2n) | 0x0fn, true);
    expect(vm.run({ maxInstructions: 10_000 })).toMatchObject({ kind: "power" });
    expect(vm.hart(0).x(18)).toBe(1n);
    expect(leaf.getBigUint64(at, true)).toBe((0x8000_0000n >> 2n) | 0x0fn);
    expect(disk.log).toEqual([]);
  });
});
