import { describe, expect, it } from "vitest";
import { RecordingTrace } from "../testing/doubles.ts";
import { TestMemory } from "../testing/test-memory.ts";
import { asciiBytes, latin1 } from "../../util/bytes.ts";
import { Xorshift } from "../../util/xorshift.ts";
import { FwCfg } from "./fw-cfg.ts";
import { fileNames, fwCfgItems } from "./items.ts";
import { Key } from "./regs.ts";

const BASE = 0x8000_0000;
const REQUEST = BASE + 0x100;

function make() {
  const memory = new TestMemory(BASE, 0x1_0000);
  const trace = new RecordingTrace();
  const device = new FwCfg({ memory, trace });
  const files = new Map([
    ["opt/b", asciiBytes("second")],
    ["etc/a", asciiBytes("first")],
  ]);
  const kernel = asciiBytes("kernel!");
  device.setItems(fwCfgItems({ ramBytes: 2 ** 31, harts: 3, kernel, append: "quiet", files }));
  device.reset();
  const { regs } = device;
  const select = (key: number) => regs.write(8, 2, ((key & 0xff) << 8) | (key >> 8));
  const read = (key: number, length: number): Uint8Array => {
    select(key);
    return Uint8Array.from({ length }, () => regs.read(0, 1));
  };
  /** What the guest's driver does: the request in memory, then its address in two halves. */
  const dma = (control: number, length: number, gpa: number, at = REQUEST): number | null => {
    const request = new DataView(new ArrayBuffer(16));
    request.setUint32(0, control);
    request.setUint32(4, length);
    request.setBigUint64(8, BigInt(gpa));
    memory.segments(at, 16, true)?.[0]?.bytes.set(new Uint8Array(request.buffer));
    regs.write(0x10, 4, swap32(Math.floor(at / 2 ** 32)));
    regs.write(0x14, 4, swap32(at % 2 ** 32));
    const done = memory.readU32(at);
    return done === null ? null : swap32(done);
  };
  return { memory, trace, device, regs, select, read, dma };
}

function swap32(value: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, value);
  return view.getUint32(0, true);
}

describe("fw_cfg", () => {
  it("says that it is QEMU's, with DMA", () => {
    const { regs, read } = make();
    expect(latin1(read(Key.signature, 4))).toBe("QEMU");
    expect([...read(Key.id, 5)]).toEqual([3, 0, 0, 0, 0]);
    const signature = [regs.read(0x10, 4), regs.read(0x14, 4)].map(swap32);
    expect(signature).toEqual([0x5145_4d55, 0x2043_4647]);
  });

  it("keeps the order of bytes in reads of every width", () => {
    const { regs, select } = make();
    select(Key.kernelData);
    expect(regs.read(0, 2)).toBe(0x656b);
    expect(regs.read(0, 4)).toBe(0x6c65_6e72);
    expect(regs.read(0, 4)).toBe(0x21);
    expect(regs.read(0, 4)).toBe(0);
  });

  it("tells RAM, vCPUs, kernel and command line", () => {
    const { read } = make();
    expect([...read(Key.ramSize, 8)]).toEqual([0, 0, 0, 0x80, 0, 0, 0, 0]);
    expect([...read(Key.cpuCount, 2)]).toEqual([3, 0]);
    expect([...read(Key.kernelSize, 4)]).toEqual([7, 0, 0, 0]);
    expect([...read(Key.initrdSize, 4)]).toEqual([0, 0, 0, 0]);
    expect([...read(Key.commandLineSize, 4)]).toEqual([6, 0, 0, 0]);
    expect(latin1(read(Key.commandLineData, 6))).toBe("quiet\0");
  });

  it("lists files by name", () => {
    const { read, regs, select } = make();
    const directory = read(Key.fileDirectory, 4 + 2 * 64);
    expect(fileNames(directory)).toEqual(["etc/a", "opt/b"]);
    expect([...directory.subarray(4, 12)]).toEqual([0, 0, 0, 5, 0, 0x20, 0, 0]);
    select(0x21);
    expect(regs.read(0, 1)).toBe("s".charCodeAt(0));
    expect([...read(0x22, 2)]).toEqual([0, 0]);
  });

  it("copies by DMA: select, skip, read, and zeroes behind the end", () => {
    const { memory, dma } = make();
    const target = BASE + 0x200;
    memory.segments(target, 16, true)?.[0]?.bytes.fill(0xee);
    expect(dma((Key.kernelData << 16) | 8 | 4, 3, 0)).toBe(0);
    expect(dma(2, 8, target)).toBe(0);
    const [segment] = memory.segments(target, 9, false) ?? [];
    expect(latin1(segment?.bytes ?? new Uint8Array(0))).toBe("nel!\0\0\0\0\xee");
  });

  it("refuses to be written to", () => {
    const { dma, read } = make();
    expect(dma((Key.kernelData << 16) | 8 | 16, 4, BASE)).toBe(1);
    expect(latin1(read(Key.kernelData, 7))).toBe("kernel!");
  });

  it("refuses memory that is not there, huge lengths among them", () => {
    const { dma, trace } = make();
    expect(dma((Key.kernelData << 16) | 10, 0xffff_ffff, BASE)).toBe(1);
    expect(dma(2, 8, 0x4000_0000)).toBe(1);
    expect(dma(2, 8, 2 ** 63)).toBe(1);
    expect(dma(4, 0xffff_ffff, 0)).toBe(0);
    expect(dma(2, 8, BASE, 0xffff_ffff_f000)).toBeNull();
    expect(trace.notes).toHaveLength(4);
  });

  it("takes whatever a hostile guest writes", () => {
    const { memory, regs, device } = make();
    const random = new Xorshift(5);
    for (let i = 0; i < 5000; i++) {
      const size = random.pick([1, 2, 4] as const);
      const offset = random.below(0x18);
      const request = BASE + random.below(256) * 16;
      random.fill(memory.bytes.subarray(request - BASE, request - BASE + 16));
      if (random.below(3) === 0) regs.read(offset, size);
      else regs.write(offset, size, offset === 0x14 ? swap32(request) : random.u32());
    }
    device.reset();
    expect(regs.read(0, 4)).toBe(0x554d_4551);
  });

  it("is announced as QEMU announces it", () => {
    const node = make().device.fdtNode({ base: 0x1010_0000, sizeBytes: 0x18, interruptParent: 1 });
    expect(node).toEqual({
      name: "fw-cfg@10100000",
      properties: {
        compatible: "qemu,fw-cfg-mmio",
        reg: [0, 0x1010_0000, 0, 0x18],
        "dma-coherent": true,
      },
    });
  });
});
