/** A guest that writes and reads nonsense at every device, on the real core and the real board. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { instantiateCore } from "../core/instance.ts";
import { assemble } from "../isa/assemble.ts";
import { concatBytes, viewOf } from "../util/bytes.ts";
import { Xorshift } from "../util/xorshift.ts";
import { InlineMachine, type InlineCore } from "./inline-machine.ts";
import {
  CLINT,
  FLASH,
  FW_CFG,
  MIB,
  MROM,
  PLIC_RANGE,
  RTC,
  UART0,
  VIRTIO_MMIO,
} from "./memory-map.ts";
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

const ACCESS_BYTES = 24;
/** The table ends here: some 2,700 accesses. */
const END = 0x8001_0000;
const TARGETS = [
  MROM.base,
  RTC.base,
  CLINT.base,
  CLINT.base + 0x4000,
  CLINT.base + 0xb000,
  PLIC_RANGE.base,
  PLIC_RANGE.base + 0x1000,
  PLIC_RANGE.base + 0x2000,
  PLIC_RANGE.base + 0x20_0000,
  UART0.base,
  VIRTIO_MMIO.base,
  VIRTIO_MMIO.base + 0x1000,
  VIRTIO_MMIO.base + 0x7000,
  FW_CFG.base,
  FLASH.base,
  FLASH.base + FLASH.sizeBytes - 0x100,
  0x1800_0000,
];

const KINDS = ["sb", "sh", "sw", "sd", "lb", "lhu", "lw", "ld"] as const;

/**
 * Performs the accesses of the table behind it, each { address, value, kind }, skipping those that
 * trap, then powers off.
 */
function program(): Uint8Array {
  const cases = KINDS.map((kind, i) => {
    const register = kind.startsWith("s") ? "a1" : "a4";
    return `case${i}: ${kind} ${register}, 0(a0)\n j next\n .align 3`;
  });
  const source = `
    la t0, handler
    csrw mtvec, t0
    la s0, table
    li s1, ${END}
    la s2, case0
    loop: ld a0, 0(s0)
    ld a1, 8(s0)
    ld a2, 16(s0)
    addi s0, s0, ${ACCESS_BYTES}
    slli a2, a2, 3
    add a2, a2, s2
    jr a2
    .align 3
    ${cases.join("\n")}
    next: bltu s0, s1, loop
    li t0, 0x100000
    li t1, 0x5555
    sw t1, 0(t0)
    stop: j stop
    .align 3
    handler: csrr t5, mepc
    addi t5, t5, 4
    csrw mepc, t5
    mret
    .align 3
    table:
  `;
  return assemble(source, { origin: 0x8000_0000n }).bytes;
}

function accesses(random: Xorshift): Uint8Array {
  const table = new Uint8Array(0x1_0000);
  const view = viewOf(table);
  for (let at = 0; at + ACCESS_BYTES <= table.length; at += ACCESS_BYTES) {
    const offset = random.below(2) ? random.below(0x100) & ~3 : random.below(0x1000);
    view.setBigUint64(at, BigInt(random.pick(TARGETS) + offset), true);
    view.setBigUint64(at + 8, value(random), true);
    view.setBigUint64(at + 16, BigInt(random.below(KINDS.length)), true);
  }
  return table;
}

function value(random: Xorshift): bigint {
  const kind = random.below(3);
  if (kind === 0) return BigInt(0x8010_0000 + 16 * random.below(4096));
  return kind === 1 ? BigInt(random.below(16)) : BigInt(random.u32()) << BigInt(random.below(32));
}

describe.skipIf(!built)("a guest that writes nonsense to every device", () => {
  it("gets to its end, whatever it does", () => {
    const code = program();
    const kinds = ["virtio-rng", "virtio-console", "virtio-keyboard"] as const;
    const devices = kinds.map((kind) => ({ kind, transport: "mmio" }) as const);
    const shape = { ramBytes: 64 * MIB, harts: 1, deterministic: true };
    const vm = new InlineMachine({ instantiate, ...shape, devices });
    for (let seed = 1; seed <= 10; seed++) {
      const bytes = concatBytes([code, accesses(new Xorshift(seed))]);
      vm.boot({ kernel: image("nonsense.bin", bytes) });
      const end = { kind: "power", request: { kind: "poweroff" } };
      expect(vm.run({ maxInstructions: 2_000_000 })).toEqual(end);
    }
  });
});
