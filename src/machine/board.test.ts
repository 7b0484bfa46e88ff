import { beforeEach, describe, expect, it } from "vitest";
import {
  ManualClock,
  MemoryChar,
  RecordingPower,
  RecordingTrace,
} from "../device/testing/doubles.ts";
import { VIRTIO_MMIO_REGS as R } from "../device/virtio/transport/mmio-regs.ts";
import {
  Doorbell,
  ExitReason,
  ExitState,
  HART,
  HART_BASE,
  HART_STRIDE,
  VIRTIO,
  VIRTIO_BASE,
} from "../protocol/layout.ts";
import { viewOf } from "../util/bytes.ts";
import { Xorshift } from "../util/xorshift.ts";
import { Board, type BoardCore } from "./board.ts";
import { parseFdt } from "./fdt.ts";
import { MIB, MROM } from "./memory-map.ts";
import { initMemory, planMemory } from "./memory-plan.ts";
import { CODE, cpioArchive, image, linuxImage } from "./testing/images.ts";

const FIRMWARE = image("fw", CODE);
const FDT = 0x8fe0_0000;

/** Remembers what the board asked of the core. */
class RecordingCore implements BoardCore {
  readonly log: string[] = [];
  hartReset(index: number, pc: bigint): void {
    this.log.push(`hartReset ${index} 0x${pc.toString(16)}`);
  }
  irqchipReset(): void {
    this.log.push("irqchipReset");
  }
  wireSet(source: number, level: number): void {
    this.log.push(`wire ${source} ${level}`);
  }
  msiSend(gpa: bigint, data: number): number {
    this.log.push(`msi 0x${gpa.toString(16)} ${data}`);
    return gpa === 0x2800_0000n ? 1 : 0;
  }
  virtioRaise(slot: number, bits: number): void {
    this.log.push(`raise ${slot} ${bits}`);
  }
  virtioTake(place: number): number {
    this.log.push(`take ${place}`);
    return 0;
  }
  pciPlace(device: number, gpa: bigint, wire: number): void {
    this.log.push(`pci ${device} 0x${gpa.toString(16)} ${wire}`);
  }
}

const plan = planMemory({ ramBytes: 256 * MIB, harts: 2 });

function make(devices: ConstructorParameters<typeof Board>[0]["devices"] = []) {
  const buffer = new SharedArrayBuffer(plan.wasmPages * 0x1_0000);
  initMemory(buffer, plan);
  const core = new RecordingCore();
  const power = new RecordingPower();
  const trace = new RecordingTrace();
  const console = new MemoryChar();
  const board = new Board({
    plan,
    buffer,
    core,
    power,
    trace,
    clock: new ManualClock(1n << 60n),
    entropy: new Xorshift(9),
    devices,
    console: () => console,
  });
  return { buffer, core, power, trace, console, board };
}

describe("Board", () => {
  let bench: ReturnType<typeof make>;
  beforeEach(() => {
    bench = make([
      { kind: "virtio-rng", transport: "mmio" },
      { kind: "virtio-console", transport: "mmio" },
    ]);
  });

  it("boots: resets everything, then loads images, device tree and ROM", () => {
    const { board, core } = bench;
    const kernel = image("Image", linuxImage(0x3000, MIB));
    const initrd = image("rd", cpioArchive({ init: CODE }));
    board.boot({ firmware: FIRMWARE, kernel, initrd, append: "quiet" });
    expect(core.log.slice(-3)).toEqual([
      "irqchipReset",
      "hartReset 0 0x1000",
      "hartReset 1 0x1000",
    ]);
    expect(board.memory.copy(0x8000_0000, CODE.length)).toEqual(CODE);
    expect(board.memory.copy(0x8020_0000, 4)).toEqual(kernel.bytes.subarray(0, 4));
    expect(board.memory.copy(0x8820_0000, 6)).toEqual(initrd.bytes.subarray(0, 6));
    expect(board.memory.readU32(MROM.base)).toBe(0x297);
    const tree = parseFdt(board.memory.copy(FDT, 0x4000) ?? new Uint8Array(0));
    const soc = tree.children.find(({ name }) => name === "soc");
    const names = soc?.children.map(({ name }) => name) ?? [];
    expect(names).toContain("rtc@101000");
    expect(names.filter((name) => name.startsWith("virtio_mmio@"))).toHaveLength(8);
  });

  it("announces flash and fw_cfg in the root, as QEMU does", () => {
    const { board } = bench;
    board.boot({ firmware: FIRMWARE });
    const tree = parseFdt(board.memory.copy(FDT, 0x4000) ?? new Uint8Array(0));
    const cells = (name: string, property: string) => {
      const value = tree.children.find((node) => node.name === name)?.properties.get(property);
      const view = viewOf(value ?? new Uint8Array(0));
      return Array.from({ length: view.byteLength / 4 }, (_, i) => view.getUint32(4 * i));
    };
    expect(cells("flash@20000000", "reg")).toEqual([
      ...[0, 0x2000_0000, 0, 0x200_0000],
      ...[0, 0x2200_0000, 0, 0x200_0000],
    ]);
    expect(cells("flash@20000000", "bank-width")).toEqual([4]);
    expect(cells("fw-cfg@10100000", "reg")).toEqual([0, 0x1010_0000, 0, 0x18]);
  });

  it("zeroes what an image leaves open, and seeds anew, at every boot", () => {
    const { board } = bench;
    const seed = () => {
      const tree = parseFdt(board.memory.copy(FDT, 0x4000) ?? new Uint8Array(0));
      return tree.children.find(({ name }) => name === "chosen")?.properties.get("rng-seed");
    };
    const images = { firmware: FIRMWARE, kernel: image("Image", linuxImage(0x3000, MIB)) };
    board.boot(images);
    const first = seed();
    board.memory.writeU32(0x8020_8000, 0xffff);
    board.boot(images);
    expect(board.memory.readU32(0x8020_8000)).toBe(0);
    expect(seed()).not.toEqual(first);
  });

  it("is left alone by images that cannot be booted", () => {
    const { board, core } = bench;
    expect(() => board.boot({})).toThrow("neither firmware nor a kernel");
    expect(core.log).toEqual([]);
  });

  it("answers devices where QEMU has them, and faults where nothing is", () => {
    const { board, power } = bench;
    expect(board.mmioRead(0x10_1000, 4)).not.toBeNull();
    expect(board.mmioRead(0x1000_1000, 4)).toBe(0x7472_6976n);
    expect(board.mmioRead(0x1000_1008, 4)).toBe(4n);
    expect(board.mmioRead(0x1000_2008, 4)).toBe(3n);
    expect(board.mmioRead(0x1000_8008, 4)).toBe(0n);
    expect(board.mmioRead(0x1000_9000, 4)).toBeNull();
    expect(board.mmioWrite(0x1800_0000, 4, 0n)).toBe(false);
    expect(board.mmioRead(0x3000_0000, 4)).toBe(0x0008_1b36n);
    expect(board.mmioRead(0x4000_0000, 4)).toBe(0xffff_ffffn);
    expect(board.mmioWrite(0x10_0000, 4, 0x7777n)).toBe(true);
    expect(power.requests).toEqual([{ kind: "reboot" }]);
  });

  it("answers exit blocks, with a fault flag", () => {
    const { board, buffer } = bench;
    const base = HART_BASE + HART_STRIDE;
    const hart = new DataView(buffer, base);
    const ask = (reason: number, address: bigint, size: number, value = 0n) => {
      hart.setUint32(HART.at.exitReason, reason, true);
      hart.setBigUint64(HART.at.exitAddress, address, true);
      hart.setUint32(HART.at.exitSize, size, true);
      hart.setBigUint64(HART.at.exitValue, value, true);
      hart.setUint32(HART.at.exitState, ExitState.request, true);
      board.answerExits();
      expect(hart.getUint32(HART.at.exitState, true)).toBe(ExitState.answered);
      const answer = hart.getBigUint64(HART.at.exitValue, true);
      return [hart.getUint32(HART.at.exitFault, true), answer];
    };
    expect(ask(ExitReason.mmioRead, 0x1000_1000n, 4)).toEqual([0, 0x7472_6976n]);
    expect(ask(ExitReason.mmioRead, 0x1800_0000n, 8)).toEqual([1, 0n]);
    expect(ask(ExitReason.mmioWrite, 0x10_0000n, 4, 5n)[0]).toBe(0);
    expect(ask(ExitReason.mmioWrite, 0x0n, 1, 5n)[0]).toBe(1);
    expect(ask(ExitReason.mmioRead, 0xffff_ffff_ffff_fff8n, 8)[0]).toBe(1);
  });

  it("carries doorbells to the slots' queues once", () => {
    const { board, buffer, core } = bench;
    const write = (register: { at: number }, value: number) =>
      board.mmioWrite(0x1000_1000 + register.at, 4, BigInt(value >>> 0));
    for (const status of [1, 3]) write(R.Status, status);
    write(R.DriverFeaturesSel, 1);
    write(R.DriverFeatures, 1);
    write(R.Status, 11);
    const ram = 0x8100_0000;
    for (const [low, at] of [
      [R.QueueDescLow, ram],
      [R.QueueDriverLow, ram + 0x1000],
      [R.QueueDeviceLow, ram + 0x2000],
    ] as const)
      write(low, at);
    write(R.QueueSize, 4);
    write(R.QueueReady, 1);
    write(R.Status, 15);
    board.memory.writeU32(ram, 0x8100_4000);
    board.memory.writeU32(ram + 8, 64);
    board.memory.writeU16(ram + 12, 2);
    board.memory.writeU16(ram + 0x1002, 1);
    new Int32Array(buffer, VIRTIO_BASE + VIRTIO.at.notify, 8)[0] = 1;
    board.onDoorbell(Doorbell.uart);
    expect(board.memory.readU16(ram + 0x2002)).toBe(0);
    board.onDoorbell(Doorbell.virtio);
    expect(board.memory.readU16(ram + 0x2002)).toBe(1);
    expect(board.memory.readU32(ram + 0x2008)).toBe(64);
    expect(board.memory.copy(0x8100_4000, 64)?.some((byte) => byte !== 0)).toBe(true);
    expect(core.log.at(-1)).toBe("raise 0 1");
    board.onDoorbell(Doorbell.virtio);
    expect(board.memory.readU16(ram + 0x2002)).toBe(1);
  });

  it("has no more slots than the board", () => {
    const devices = Array.from(
      { length: 9 },
      () => ({ kind: "virtio-rng", transport: "mmio" }) as const,
    );
    expect(() => make(devices)).toThrow("the board has 8 virtio slots, not 9");
  });

  it("survives any access anywhere", () => {
    const { board } = bench;
    const random = new Xorshift(4);
    const bases = [0, 0x10_0000, 0x10_1000, 0x1000_1000, 0x1000_2000, 0x1000_8000, 0x8000_0000];
    for (let i = 0; i < 20_000; i++) {
      const gpa = random.pick(bases) + random.below(0x1100);
      const size = random.pick([1, 2, 4, 8]);
      board.mmioRead(gpa, size);
      board.mmioWrite(gpa, size, BigInt(random.u32()) << BigInt(random.below(32)));
    }
    expect(board.mmioRead(0x1000_1000, 4)).toBe(0x7472_6976n);
  });
});
