import { describe, expect, test } from "vitest";
import { HEAD_BYTES, imageFileName, type ImageKind, imageKind, isGuess } from "./image-kind.ts";

/** A file's beginning with bytes at a place. */
function head(at: number, ...bytes: readonly number[]): Uint8Array {
  const all = new Uint8Array(HEAD_BYTES);
  all.set(bytes, at);
  return all;
}

const text = (value: string): number[] => [...new TextEncoder().encode(value)];
const disk = (format: string): ImageKind => ({ kind: "disk", format });

describe("an image is recognized by its contents", () => {
  test.each<[string, Uint8Array, ImageKind]>([
    ["a.bin", head(0, ...text("QFI"), 0xfb), disk("qcow2")],
    ["a.bin", head(0, ...text("KDMV")), disk("vmdk")],
    ["a.bin", head(0x8001, ...text("CD001")), { kind: "iso" }],
    ["Image", head(0x38, ...text("RSC"), 5), { kind: "kernel" }],
    ["Image", head(4, ...text("zimg")), { kind: "kernel" }],
    [
      "vmlinux",
      head(0, 0x7f, ...text("ELF"), 2, 1, 1, ...Array(11).fill(0), 243, 0),
      { kind: "kernel" },
    ],
    ["bzImage", head(0x202, ...text("HdrS")), { kind: "foreign", what: "x86" }],
    ["initrd", head(0, ...text("070701")), { kind: "initrd" }],
    ["initrd.img", head(0, 0x28, 0xb5, 0x2f, 0xfd), { kind: "initrd" }],
    ["vmlinuz-6.12", head(0, 0x1f, 0x8b), { kind: "kernel" }],
    ["vmlinuz-6.12", head(0, 0x28, 0xb5, 0x2f, 0xfd), { kind: "packed", by: "zstd" }],
    ["disk.img.gz", head(0, 0x1f, 0x8b), { kind: "packed", by: "gzip" }],
    ["disk.img", head(510, 0x55, 0xaa), disk("raw")],
    ["nothing", new Uint8Array(), { kind: "empty" }],
  ])("%s", (name, bytes, kind) => expect(imageKind(bytes, name)).toEqual(kind));
});

test("a raw disk is one for sure by its partition table or file system only", () => {
  const guessed = (bytes: Uint8Array) => isGuess(bytes, imageKind(bytes, "a"));
  expect(guessed(head(0, ...text("%PDF-1.7")))).toBe(true);
  expect(guessed(head(510, 0x55, 0xaa))).toBe(false);
  expect(guessed(head(0x438, 0x53, 0xef))).toBe(false);
  expect(guessed(head(0, ...text("QFI"), 0xfb))).toBe(false);
});

test("a volume is called after what is in it", () => {
  const kinds: ImageKind[] = [disk("raw"), disk("qcow2"), { kind: "iso" }];
  expect(kinds.map((kind) => imageFileName("vm", kind))).toEqual(["vm.img", "vm.qcow2", "vm.iso"]);
});
