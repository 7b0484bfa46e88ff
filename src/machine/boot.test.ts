import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { assemble } from "../isa/assemble.ts";
import { asciiBytes, concatBytes } from "../util/bytes.ts";
import { planBoot, type BootImages } from "./boot.ts";
import { DRAM_BASE, GIB, MIB } from "./memory-map.ts";
import { resetRom } from "./reset-vector.ts";
import { CODE, cpioArchive, elfFile, image, linuxImage } from "./testing/images.ts";

const firmware = image("fw.bin", CODE);
const kernel = image("Image", linuxImage(0x3000, 30 * MIB));
const initrd = image("rd.cpio", cpioArchive({ init: CODE }));

function plan(images: BootImages, ramBytes = 256 * MIB) {
  return planBoot(images, { ramBytes, harts: 1 });
}

/** The kernel as an EFI zboot image. */
function zboot(compression: string): Uint8Array {
  const payload = gzipSync(kernel.bytes);
  const header = new Uint8Array(64);
  header.set(asciiBytes("MZ\0\0zimg"));
  new DataView(header.buffer).setUint32(8, 64, true);
  new DataView(header.buffer).setUint32(12, payload.length, true);
  header.set(asciiBytes(compression), 24);
  return concatBytes([header, payload]);
}

describe("planBoot", () => {
  it("places images where QEMU does", () => {
    const { entry, next, fdt, initrd: ramdisk } = plan({ firmware, kernel, initrd });
    expect(entry).toBe(0x8000_0000);
    expect(next).toBe(0x8020_0000);
    expect(fdt).toBe(0x8fe0_0000);
    expect(ramdisk).toEqual({ base: 0x8820_0000, sizeBytes: initrd.bytes.length });
  });

  it("starts what is in flash, and leaves kernel and initrd to it", () => {
    const shape = { ramBytes: 256 * MIB, harts: 1, flash: [0, 1] };
    const behind = planBoot({ firmware, kernel, initrd }, shape);
    expect([behind.entry, behind.next]).toEqual([0x8000_0000, 0x2000_0000]);
    expect(behind.placed.map(({ what }) => what)).toEqual(["firmware 'fw.bin'"]);
    expect(behind.initrd).toBeNull();
    const alone = planBoot({}, shape);
    expect([alone.entry, alone.next]).toEqual([0x2000_0000, 0]);
    expect(() => planBoot({}, { ...shape, flash: [1] })).toThrow("neither firmware nor a kernel");
  });

  it("keeps the device tree below 3 GiB", () => {
    expect(plan({ firmware }, 3 * GIB).fdt).toBe(0xbfe0_0000);
  });

  it("puts the kernel behind large firmware", () => {
    const large = image(
      "fw",
      elfFile({
        entry: DRAM_BASE,
        segments: [{ paddr: DRAM_BASE, bytes: CODE, memoryBytes: 3 * MIB }],
      }),
    );
    expect(plan({ firmware: large, kernel }).next).toBe(0x8040_0000);
  });

  it("moves the initrd when the kernel is where QEMU puts it", () => {
    const big = image("Image", linuxImage(0x3000, 40 * MIB));
    const { initrd: ramdisk, fdt } = plan({ firmware, kernel: big, initrd }, 64 * MIB);
    expect(ramdisk?.base).toBeGreaterThanOrEqual(0x8020_0000 + 40 * MIB);
    expect((ramdisk?.base ?? 0) + initrd.bytes.length).toBeLessThanOrEqual(fdt);
  });

  it("runs an ELF kernel in M-mode at its entry when there is no firmware", () => {
    const test = image(
      "test.elf",
      elfFile({
        entry: DRAM_BASE + 4,
        segments: [{ paddr: DRAM_BASE, bytes: CODE }],
      }),
    );
    expect(plan({ kernel: test })).toMatchObject({ entry: DRAM_BASE + 4, next: 0 });
  });

  it("runs raw code at the start of RAM when there is no firmware", () => {
    expect(plan({ kernel: image("bare.bin", CODE) })).toMatchObject({ entry: DRAM_BASE, next: 0 });
  });

  it("unpacks kernels that are packed with gzip", () => {
    for (const packed of [gzipSync(kernel.bytes), zboot("gzip")]) {
      const [, placed] = plan({ firmware, kernel: image("vmlinuz", packed) }).placed;
      expect(placed?.image.chunks[0]?.bytes).toEqual(kernel.bytes);
      expect(placed?.what).toBe("kernel 'vmlinuz'");
    }
  });

  const elf = (paddr: number, memoryBytes: number) =>
    image("k.elf", elfFile({ entry: paddr, segments: [{ paddr, bytes: CODE, memoryBytes }] }));

  it.each<[string, BootImages, number]>([
    ["there is neither firmware nor a kernel to boot", {}, 256],
    ["initrd 'rd.cpio' is given without a kernel", { firmware, initrd }, 256],
    ["kernel 'Image' is a Linux Image, which needs SBI firmware below it", { kernel }, 256],
    ["firmware 'Image' is a Linux Image, which belongs to -kernel", { firmware: kernel }, 256],
    [
      "kernel 'z' is a gzip file cut short",
      { firmware, kernel: image("z", gzipSync(CODE).subarray(0, 20)) },
      256,
    ],
    [
      "firmware 'z' is gzip-compressed, not RISC-V firmware",
      { firmware: image("z", gzipSync(CODE)) },
      256,
    ],
    [
      "kernel 'z' is an EFI zboot image packed with 'zstd22'",
      { firmware, kernel: image("z", zboot("zstd22")) },
      256,
    ],
    [
      "kernel 'z' is an EFI zboot image cut short",
      { firmware, kernel: image("z", zboot("gzip").subarray(0, 80)) },
      256,
    ],
    ["kernel 'e' is empty", { firmware, kernel: image("e", new Uint8Array(0)) }, 256],
    [
      "kernel 'j' is not a RISC-V Linux Image, ELF file or raw code",
      { firmware, kernel: image("j", new Uint8Array(64)) },
      256,
    ],
    ["firmware 'j' is not RISC-V firmware", { firmware: image("j", new Uint8Array(64)) }, 256],
    [
      "kernel 'k.elf' loads at 0x1000, where there is no RAM",
      { firmware, kernel: elf(0x1000, 64) },
      256,
    ],
    [
      "kernel 'k.elf' overlaps firmware 'fw.bin' at 0x80000000",
      { firmware, kernel: elf(DRAM_BASE, 64) },
      256,
    ],
    [
      "64 MiB of RAM is too small for kernel 'Image', which needs 104 MiB or more",
      { firmware, kernel: image("Image", linuxImage(0x3000, 100 * MIB)) },
      64,
    ],
    [
      "64 MiB of RAM is too small for kernel 'k.elf', which needs 130 MiB or more",
      { firmware, kernel: elf(DRAM_BASE + 127 * MIB, MIB) },
      64,
    ],
  ])("says: %s", (message, images, mib) => {
    expect(() => plan(images, mib * MIB)).toThrow(message);
  });

  it("says how much RAM an initrd needs, and that much is enough", () => {
    const large = image("rd", cpioArchive({ data: new Uint8Array(70 * MIB) }));
    const images = { firmware, kernel, initrd: large };
    expect(() => plan(images, 64 * MIB)).toThrow(
      "64 MiB of RAM is too small for initrd 'rd', which needs 106 MiB or more",
    );
    expect(() => plan(images, 104 * MIB)).toThrow("too small");
    expect(plan(images, 106 * MIB).initrd).not.toBeNull();
  });
});

describe("the reset vector", () => {
  const rom = resetRom({ entry: 0x8000_0000, fdt: 0x8fe0_0000, next: 0x8020_0000 });

  it("is the code it says it is", () => {
    const { bytes } = assemble(`
      auipc t0, 0
      csrr a0, mhartid
      ld a1, 40(t0)
      addi a2, t0, 48
      ld t0, 32(t0)
      jr t0
    `);
    expect(rom.subarray(0, bytes.length)).toEqual(bytes);
  });

  it("hands over addresses and fw_dynamic_info", () => {
    const view = new DataView(rom.buffer);
    const dwords = Array.from({ length: 8 }, (_, i) => view.getBigUint64(32 + 8 * i, true));
    expect(dwords).toEqual([
      0x8000_0000n,
      0x8fe0_0000n,
      0x4942_534fn,
      2n,
      0x8020_0000n,
      1n,
      0n,
      0n,
    ]);
  });
});
