import { describe, expect, it } from "vitest";
import {
  CONTROL,
  CONTROL_BASE,
  DYNAMIC_BASE,
  Frame,
  HART,
  HART_BASE,
  HART_STRIDE,
  STORE_RING_BYTES,
  STORE_TABLES_BYTES,
  LAYOUT_VERSION,
  LEAST_DECODE_PAGES,
  MOST_DECODE_PAGES,
  RING,
  UART_RX_RING,
} from "../protocol/layout.ts";
import { guestMemoryContract } from "../device/testing/guest-memory-contract.ts";
import { FrameMemory } from "./guest-memory.ts";
import { DRAM_BASE, GIB, MIB, MROM } from "./memory-map.ts";
import { initMemory, planMemory, WASM_PAGE_BYTES } from "./memory-plan.ts";

function build(ramBytes = 64 * MIB, harts = 1) {
  const plan = planMemory({ ramBytes, harts });
  const buffer = new SharedArrayBuffer(plan.wasmPages * WASM_PAGE_BYTES);
  initMemory(buffer, plan);
  return { plan, buffer, memory: new FrameMemory(buffer, plan) };
}

describe("planMemory", () => {
  it("lays the dynamic part out behind the fixed one", () => {
    const plan = planMemory({ ramBytes: 256 * MIB, harts: 2 });
    expect(plan.decode).toBe(DYNAMIC_BASE);
    expect(plan.store).toBe(DYNAMIC_BASE + 2 * plan.decodeBytes);
    expect(plan.frameTable).toBe(plan.store + STORE_TABLES_BYTES + STORE_RING_BYTES);
    expect(plan.frames % WASM_PAGE_BYTES).toBe(0);
    expect(plan.frames).toBeGreaterThanOrEqual(plan.frameTable + 4 * (65_536 + 15));
    expect(plan.wasmPages * WASM_PAGE_BYTES).toBeGreaterThanOrEqual(plan.frames + 256 * MIB);
  });

  it("has no room for sharing where there is one hart", () => {
    const plan = planMemory({ ramBytes: 256 * MIB, harts: 1 });
    expect(plan.store).toBe(0);
    expect(plan.frameTable).toBe(DYNAMIC_BASE + plan.decodeBytes);
  });

  it("refuses interrupt controllers that it does not know", () => {
    const shape = { ramBytes: 64 * MIB, harts: 1, aia: "gicv3" as "none" };
    expect(() => planMemory(shape)).toThrow("aia is one of none, aplic, aplic-imsic, not gicv3");
  });

  it.each([[[2]], [[0, 0]], [[-1]]])("refuses flash in banks %j", (flash) => {
    const shape = { ramBytes: 64 * MIB, harts: 1, flash };
    expect(() => planMemory(shape)).toThrow("the banks of flash are 0 and 1, once each, not");
  });

  it("tells the core which interrupt controllers there are", () => {
    const plan = planMemory({ ramBytes: 64 * MIB, harts: 1, aia: "aplic-imsic" });
    const buffer = new SharedArrayBuffer(plan.wasmPages * WASM_PAGE_BYTES);
    initMemory(buffer, plan);
    expect(new DataView(buffer).getUint32(CONTROL_BASE + CONTROL.at.aia, true)).toBe(2);
  });

  it("fits the largest machine into what Wasm can address", () => {
    const largest = { ramBytes: 3 * GIB, harts: 16, flash: [0, 1] };
    expect(planMemory(largest).wasmPages).toBeLessThanOrEqual(65_536);
  });

  it("gives harts fewer decode pages where many harts or much RAM leave no room", () => {
    const pages = (ramBytes: number, harts: number): number =>
      planMemory({ ramBytes, harts, flash: [0, 1] }).decodePages;
    expect(pages(2 * GIB, 4)).toBe(MOST_DECODE_PAGES);
    expect(pages(3 * GIB, 16)).toBeGreaterThanOrEqual(LEAST_DECODE_PAGES);
    expect(pages(3 * GIB, 16)).toBeLessThan(MOST_DECODE_PAGES);
    expect(planMemory({ ramBytes: 3 * GIB, harts: 9 }).wasmPages).toBeLessThanOrEqual(65_536);
  });

  it.each([
    [{ ramBytes: 63 * MIB, harts: 1 }, "takes 64 MiB to 3 GiB of RAM, not 63 MiB"],
    [{ ramBytes: 4 * GIB, harts: 1 }, "not 4 GiB"],
    [{ ramBytes: 65 * MIB, harts: 1 }, "RAM must be a multiple of 2 MiB, which 65 MiB is not"],
    [{ ramBytes: Number.NaN, harts: 1 }, "not NaN"],
    [{ ramBytes: 64 * MIB, harts: 0 }, "takes 1 to 16 vCPUs, not 0"],
    [{ ramBytes: 64 * MIB, harts: 17 }, "not 17"],
    [{ ramBytes: 64 * MIB, harts: 1.5 }, "not 1.5"],
  ])("refuses %o", (shape, message) => {
    expect(() => planMemory(shape)).toThrow(message);
  });
});

describe("initMemory", () => {
  it("writes what the core reads", () => {
    const { plan, buffer } = build(64 * MIB, 2);
    const control = new DataView(buffer, CONTROL_BASE);
    expect(control.getUint32(CONTROL.at.version, true)).toBe(LAYOUT_VERSION);
    expect(control.getUint32(CONTROL.at.harts, true)).toBe(2);
    expect(control.getBigUint64(CONTROL.at.ramBytes, true)).toBe(BigInt(64 * MIB));
    expect(control.getUint32(CONTROL.at.slotCount, true)).toBe(2);
    expect(control.getBigUint64(CONTROL.at.slotBase, true)).toBe(BigInt(DRAM_BASE));
    expect(control.getBigUint64(CONTROL.at.slotBase + 8, true)).toBe(BigInt(MROM.base));
    expect(control.getUint32(CONTROL.at.slotPages + 4, true)).toBe(15);
    const hart1 = new DataView(buffer, HART_BASE + HART_STRIDE);
    expect(hart1.getUint32(HART.at.hartid, true)).toBe(1);
    expect(hart1.getUint32(HART.at.decodeBase, true)).toBe(plan.decode + plan.decodeBytes);
    expect(new DataView(buffer).getUint32(UART_RX_RING + RING.at.capacity, true)).toBe(0x4000);
  });

  it("begins with the identity: RAM writable, ROM not", () => {
    const { plan, buffer } = build();
    const table = new Uint32Array(buffer, plan.frameTable, 64 * 256 + 15);
    const ram = Frame.present | Frame.writable | Frame.logDirty;
    expect(table[0]).toBe((plan.frames | ram) >>> 0);
    expect(table[5]).toBe((plan.frames + 5 * 4096) | ram);
    expect((table[64 * 256] ?? 0) & 0xfff).toBe(Frame.present);
  });
});

guestMemoryContract("FrameMemory", () => ({
  memory: build().memory,
  ram: DRAM_BASE,
  ramBytes: 64 * MIB,
  rom: MROM.base,
}));

describe("FrameMemory", () => {
  it("yields one piece where frames follow each other", () => {
    expect(build().memory.segments(DRAM_BASE, MIB, false)).toHaveLength(1);
  });

  it("follows the frame table where they do not, and refuses absent frames", () => {
    const { plan, buffer, memory } = build();
    const table = new Uint32Array(buffer, plan.frameTable, 4);
    const second = table[1] ?? 0;
    table[1] = table[2] ?? 0;
    table[2] = second;
    memory.writeU32(DRAM_BASE + 0x1000, 7);
    expect(new Uint32Array(buffer, plan.frames + 0x2000, 1)[0]).toBe(7);
    expect(memory.segments(DRAM_BASE, 0x3000, false)).toHaveLength(3);
    table[1] = 0;
    expect(memory.segments(DRAM_BASE, 0x3000, false)).toBeNull();
  });

  it("marks pages that a device writes", () => {
    const { plan, buffer, memory } = build();
    const table = new Uint32Array(buffer, plan.frameTable, 4);
    memory.segments(DRAM_BASE + 0x1ffc, 8, false);
    expect(table.map((entry) => entry & Frame.dirty)).toEqual(Uint32Array.of(0, 0, 0, 0));
    memory.segments(DRAM_BASE + 0x1ffc, 8, true);
    memory.writeU16(DRAM_BASE + 0x3000, 1);
    const dirty = Frame.dirty;
    expect(table.map((entry) => entry & dirty)).toEqual(Uint32Array.of(0, dirty, dirty, dirty));
    expect(memory.writtenBytes(DRAM_BASE)).toBe(3 * 4096);
    memory.load(DRAM_BASE + MIB - 1, Uint8Array.of(1, 2));
    expect(memory.writtenBytes(DRAM_BASE)).toBe(5 * 4096);
  });

  it("loads and zeroes for the boot loader, ROM included", () => {
    const { memory } = build();
    const image = Uint8Array.from({ length: 6000 }, (_, i) => i & 0xff);
    memory.load(MROM.base + 100, image);
    expect(memory.copy(MROM.base + 100, 6000)).toEqual(image);
    memory.zero(MROM.base + 100, 5999);
    expect(memory.copy(MROM.base + 6098, 2)).toEqual(Uint8Array.of(0, 5999 & 0xff));
    expect(memory.copy(0, 4)).toBeNull();
  });
});
