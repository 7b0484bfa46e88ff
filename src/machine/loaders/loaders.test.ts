import { execFileSync, spawnSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { VmError } from "../../protocol/vm-error.ts";
import { asciiBytes, concatBytes } from "../../util/bytes.ts";
import { Xorshift } from "../../util/xorshift.ts";
import { CODE, cpioArchive, elfFile, image, linuxImage, words } from "../testing/images.ts";
import { elfSymbols, loadElf } from "./elf.ts";
import { identify } from "./identify.ts";
import { checkInitrd } from "./initrd.ts";
import { isLinuxImage, parseLinuxImage } from "./linux-image.ts";
import { looksLikeCode } from "./plausible-code.ts";

const RAM = 0x8000_0000;

function load(spec: Parameters<typeof elfFile>[0]) {
  return loadElf("kernel", image("k.elf", elfFile(spec)), RAM);
}

describe("ELF files", () => {
  it("load at their physical addresses, with the entry translated", () => {
    const placed = load({
      entry: 0xc000_0004,
      segments: [
        { paddr: RAM + 0x1000, vaddr: 0xc000_0000, bytes: CODE, memoryBytes: 0x100 },
        { paddr: RAM, bytes: Uint8Array.of(1) },
      ],
    });
    expect(placed).toMatchObject({ entry: RAM + 0x1004, base: RAM, end: RAM + 0x1100 });
    expect(placed.chunks[0]).toEqual({ gpa: RAM + 0x1000, bytes: CODE, sizeBytes: 0x100 });
  });

  it("that are position-independent and linked at 0 go to the given base", () => {
    const placed = load({ type: 3, entry: 8, segments: [{ paddr: 0, bytes: CODE }] });
    expect(placed).toMatchObject({ entry: RAM + 8, base: RAM });
  });

  it.each([
    [{ machine: 62 }, "kernel 'k.elf' is an ELF file for x86-64, not for 64-bit RISC-V"],
    [{ machine: 183 }, "is an ELF file for AArch64"],
    [{ machine: 9999 }, "is an ELF file for machine 9999"],
    [{ elfClass: 1 }, "is an ELF file for 32-bit RISC-V"],
    [{ type: 1 }, "is an ELF object file or core dump, not an executable"],
    [{ segments: [] }, "is an ELF file with nothing to load"],
    [
      {
        segments: [
          { paddr: RAM, bytes: CODE },
          { paddr: 0, bytes: CODE, type: 3 },
        ],
      },
      "is a dynamically linked program, which cannot run by itself",
    ],
    [
      { segments: [{ paddr: RAM, bytes: CODE, memoryBytes: 1 }] },
      "has a segment at 0x80000000 with more data than memory",
    ],
  ])("are refused for what they are: %o", (change, message) => {
    const spec = { entry: RAM, segments: [{ paddr: RAM, bytes: CODE }], ...change };
    expect(() => load(spec)).toThrow(message);
  });

  it("cut short anywhere are refused or load nothing beyond the file", () => {
    const file = elfFile({ entry: RAM, segments: [{ paddr: RAM, bytes: CODE }] });
    const end = 64 + 56 + CODE.length;
    for (let length = 4; length < end; length++) {
      const cut = image("cut", file.subarray(0, length));
      expect(() => loadElf("kernel", cut, RAM)).toThrow(VmError);
    }
  });

  it("expose their symbols", () => {
    const file = elfFile({
      entry: RAM,
      segments: [{ paddr: RAM, bytes: CODE }],
      symbols: { other: 1, tohost: RAM + 0x1000, end_signature: RAM + 0x2000 },
    });
    const found = elfSymbols(file, ["tohost", "end_signature", "missing"]);
    expect([...found]).toEqual([
      ["tohost", RAM + 0x1000],
      ["end_signature", RAM + 0x2000],
    ]);
    expect(elfSymbols(file.subarray(0, 50), ["tohost"]).size).toBe(0);
  });
});

describe("Linux Images", () => {
  it("say how much memory they need", () => {
    const bytes = linuxImage(0x3000, 0x9000);
    expect(isLinuxImage(bytes)).toBe(true);
    expect(parseLinuxImage("kernel", image("Image", bytes))).toEqual({
      textOffset: 0x20_0000,
      memoryBytes: 0x9000,
    });
  });

  it("cut short, of the other endianness or another machine are refused", () => {
    const parse = (bytes: Uint8Array) => () => parseLinuxImage("kernel", image("Image", bytes));
    const whole = linuxImage(0x3000, 0x9000);
    expect(parse(whole.subarray(0, 0x2fff))).toThrow("kernel 'Image' is a Linux Image cut short");
    expect(parse(whole.subarray(0, 80))).toThrow("is a Linux Image cut short");
    expect(parse(linuxImage(0x3000, 0x9000, 0x5032))).toThrow("Linux Image for RISC-V 32");
    const big = whole.slice();
    big[24] = 1;
    expect(parse(big)).toThrow("big-endian");
  });
});

describe("identify", () => {
  const at = (offset: number, bytes: Uint8Array): Uint8Array =>
    concatBytes([new Uint8Array(offset), bytes, new Uint8Array(0x400)]);
  const bzImage = at(0x1fe, concatBytes([Uint8Array.of(0x55, 0xaa, 0, 0), asciiBytes("HdrS")]));

  it.each([
    [new Uint8Array(0), "empty"],
    [bzImage, "an x86 Linux bzImage"],
    [at(0x38, asciiBytes("ARM\x64")), "an arm64 Linux Image"],
    [gzipSync("x"), "gzip-compressed"],
    [at(0, asciiBytes("!<arch>\n")), "an ar archive or Debian package"],
    [asciiBytes("#!/bin/sh\n"), "a script"],
    [asciiBytes("plain words\n"), "a text file"],
    [at(0x1fe, Uint8Array.of(0x55, 0xaa)), "a disk image with a PC boot sector"],
    [linuxImage(0x2000, 0x2000, 0x8664), "an EFI (PE) program for x86-64"],
    [CODE, null],
  ])("knows file %#", (bytes, what) => {
    expect(identify(bytes)).toBe(what);
  });
});

describe("looksLikeCode", () => {
  it("follows jumps inside the file", () => {
    // j +12, two words of data, then code
    expect(
      looksLikeCode(
        words(0x00c0_006f, 0xffff_ffff, 0xffff_ffff, ...Array.from({ length: 30 }, () => 0x13)),
      ),
    ).toBe(true);
    expect(looksLikeCode(words(0x7ff0_006f, 0x13))).toBe(false);
  });

  it("refuses zeros, ones, and code that runs off its end", () => {
    expect(looksLikeCode(new Uint8Array(256))).toBe(false);
    expect(looksLikeCode(new Uint8Array(256).fill(0xff))).toBe(false);
    expect(looksLikeCode(words(0x13, 0x13))).toBe(false);
  });

  it("refuses almost all random data", () => {
    const random = new Xorshift(11);
    let taken = 0;
    for (let i = 0; i < 2000; i++) {
      const bytes = Uint8Array.from({ length: 256 }, () => random.below(256));
      if (looksLikeCode(bytes)) taken++;
    }
    expect(taken).toBeLessThan(40);
  });
});

describe("checkInitrd", () => {
  const archive = cpioArchive({ init: CODE, "etc/motd": asciiBytes("hello\n") });
  const check = (bytes: Uint8Array) => () => checkInitrd(image("rd", bytes));

  it("takes archives, compressed archives and chains of them", () => {
    const chained = concatBytes([archive, new Uint8Array(512), gzipSync(archive)]);
    for (const bytes of [archive, gzipSync(archive), chained]) expect(check(bytes)).not.toThrow();
  });

  it("takes a file system image, and lets what follows an archive be", () => {
    const ext = new Uint8Array(0x1000);
    ext.set([0x53, 0xef], 0x438);
    expect(check(ext)).not.toThrow();
    expect(check(concatBytes([archive, asciiBytes("signature")]))).not.toThrow();
  });

  it("finds an archive cut short, wherever", () => {
    for (let length = 110; length < archive.length - 16; length += 3) {
      expect(check(archive.subarray(0, length))).toThrow("initrd 'rd' is cut short");
    }
    expect(check(archive.subarray(0, 200))).toThrow("initrd 'rd' is cut short: ");
  });

  it("finds compressed archives cut short", () => {
    const packed = gzipSync(archive);
    expect(check(packed.subarray(0, packed.length - 3))).toThrow("the gzip data ends early");
    const xz = concatBytes([
      Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0),
      new Uint8Array(99).fill(1),
    ]);
    expect(check(xz)).toThrow("the xz stream has no footer");
    expect(check(concatBytes([xz, asciiBytes("YZ"), new Uint8Array(4)]))).not.toThrow();
  });

  it("walks zstd frames by their block sizes", () => {
    // Single segment, 5 bytes: one raw last block; then a skippable frame.
    const frame = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 5, 0x29, 0, 0, 1, 2, 3, 4, 5);
    const skip = Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9);
    expect(check(concatBytes([frame, skip, frame]))).not.toThrow();
    for (const length of [5, 8, 13]) {
      expect(check(frame.subarray(0, length))).toThrow("the zstd data ends early");
    }
    expect(check(skip.subarray(0, 9))).toThrow("the zstd data ends early");
  });

  it("refuses what is no initrd", () => {
    expect(check(new Uint8Array(0))).toThrow("initrd 'rd' is empty");
    expect(check(asciiBytes("hello\n"))).toThrow("initrd 'rd' is a text file, not a cpio archive");
    expect(check(Uint8Array.of(1, 2, 3, 200))).toThrow("is neither a cpio archive");
  });

  const tools = ["xz", "zstd"].filter((tool) => spawnSync(tool, ["--version"]).status === 0);
  it.each(tools)("agrees with the real %s", (tool) => {
    const packed = execFileSync(tool, ["-c"], { input: archive });
    expect(check(packed)).not.toThrow();
    expect(check(packed.subarray(0, packed.length - 5))).toThrow("is cut short");
  });
});

describe("loaders under fire", () => {
  it("end with a VmError or a result on any damage", () => {
    const random = new Xorshift(5);
    const files = [
      elfFile({ entry: RAM, segments: [{ paddr: RAM, bytes: CODE }], symbols: { tohost: RAM } }),
      linuxImage(0x1100, 0x2000),
      cpioArchive({ init: CODE }),
    ];
    for (let i = 0; i < 3000; i++) {
      const bytes = random.pick(files).slice(0, 64 + random.below(400));
      for (let k = random.below(6); k >= 0; k--) bytes[random.below(bytes.length)] = random.u32();
      for (const action of [
        () => loadElf("kernel", image("x", bytes), RAM),
        () => parseLinuxImage("kernel", image("x", bytes)),
        () => checkInitrd(image("x", bytes)),
      ]) {
        try {
          action();
        } catch (error) {
          if (!(error instanceof VmError)) throw error;
        }
      }
      expect(elfSymbols(bytes, ["tohost"]).size).toBeLessThan(2);
      identify(bytes);
    }
  });
});
