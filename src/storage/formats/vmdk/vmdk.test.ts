import { describe, expect, test } from "vitest";
import { asciiBytes, latin1, viewOf } from "../../../util/bytes.ts";
import { MemoryImage } from "../../testing/format-images.ts";
import { extentLines, withContentId } from "./descriptor.ts";
import { VMDK } from "./driver.ts";
import { Field } from "./headers.ts";

const GRAIN = 65_536;

async function opened(image: MemoryImage, readOnly = false): ReturnType<MemoryImage["open"]> {
  return image.open({ readOnly });
}

describe("vmdk", () => {
  test("is told by its magic, or by a descriptor's version", () => {
    expect(VMDK.probe(asciiBytes("KDMV\x01"), "x")).toBe(100);
    expect(VMDK.probe(asciiBytes("# Disk DescriptorFile\n \nversion=1\n"), "x")).toBe(100);
    expect(VMDK.probe(asciiBytes("# Disk\nversion=9\n"), "x")).toBe(0);
    expect(VMDK.probe(asciiBytes("x version=1\n"), "x")).toBe(0);
  });

  test("takes extents out of a descriptor, and refuses lines that are not whole", () => {
    const text = '# x\nRW 20480 FLAT "a b.vmdk" 3\nRDONLY 1 FLAT "c" 0\nRW 7 SPARSE "d"\n';
    expect(extentLines(text)).toEqual([
      { type: "FLAT", sectors: 20_480, name: "a b.vmdk", start: 3 },
      { type: "SPARSE", sectors: 7, name: "d", start: 0 },
    ]);
    const bad = 'RW 7 SPARSE "d" 5';
    expect(() => extentLines(bad)).toThrow(`Invalid extent line: ${bad}`);
  });

  test("gives a written image another content ID and leaves the text around it", () => {
    const before = new Uint8Array(64);
    before.set(asciiBytes("version=1\nCID=12345678\nparentCID=ffffffff\nrest"));
    const after = latin1(withContentId(before, 0xab), true);
    expect(after).toBe("version=1\nCID=ab\nparentCID=ffffffff\nrest");
  });

  test("a grain of zeroes takes no room where the image has them", async () => {
    const image = await new MemoryImage(VMDK).make(4 * GRAIN, { zeroed_grain: true });
    const node = await opened(image);
    await node.write(0, [new Uint8Array(GRAIN).fill(5)]);
    const size = image.file.sizeBytes;
    await node.writeZeroes(0, 2 * GRAIN);
    expect(image.file.sizeBytes).toBe(size);
    expect(await node.status(0, GRAIN)).toMatchObject({ zero: true, allocated: true });
  });

  test("nothing is written where damaged tables lead, outside of the file", async () => {
    const image = await new MemoryImage(VMDK).make(4 * GRAIN, { zeroed_grain: true });
    const first = await opened(image);
    await first.write(0, [new Uint8Array(10).fill(5)]);
    await first.close();
    const head = viewOf(image.file.bytes());
    const directory = Number(head.getBigUint64(Field.directory, true)) * 512;
    const table = head.getUint32(directory, true) * 512;
    const far = new Uint8Array(4);
    viewOf(far).setUint32(0, 0x0100_0000, true);
    const size = image.file.sizeBytes;
    // A grain out there, then a table.
    for (const at of [table, directory]) {
      image.file.write(at, [far]);
      const node = await opened(image);
      const bytes = new Uint8Array(GRAIN).fill(1);
      expect(() => node.write(0, [bytes])).toThrow("Input/output error");
      if (at === directory) expect(() => node.writeZeroes(0, GRAIN)).toThrow("Input/output error");
      await node.close();
      expect(image.file.sizeBytes).toBe(size);
    }
  });

  test("a stream takes whole grains once, compressed", async () => {
    const image = await new MemoryImage(VMDK).make(2 * GRAIN, { subformat: "streamOptimized" });
    const node = await opened(image);
    const bytes = new Uint8Array(GRAIN).fill(7);
    await node.writeCompressed?.(GRAIN, [bytes]);
    expect(() => node.write(0, [bytes.subarray(1)])).toThrow("Invalid argument");
    expect(() => node.write(GRAIN, [bytes])).toThrow("Input/output error");
    const found = new Uint8Array(10);
    await node.read(GRAIN + 100, [found]);
    expect([...new Set(found)]).toEqual([7]);
  });

  test("a parent that was written since does not show any more", async () => {
    const parent = await new MemoryImage(VMDK).make(2 * GRAIN);
    const before = await opened(parent);
    const child = new MemoryImage(VMDK);
    await child.make(2 * GRAIN, { backing_file: "p" }, new Map([["p", before]]));
    const writer = await opened(parent);
    const images = new Map([["p", writer]]);
    await (await child.open({ images })).read(0, [new Uint8Array(512)]);
    await writer.write(0, [new Uint8Array(512).fill(1)]);
    const node = await child.open({ images });
    expect(() => node.read(0, [new Uint8Array(512)])).toThrow("Invalid argument");
  });

  test.each([
    [Field.version, 4, "Unsupported VMDK version 4"],
    [Field.version, 3, "VMDK version 3 must be read only"],
    [Field.tableEntries, 513, "L2 table size too big"],
    [Field.tableEntries, 0, "L1 entry size is invalid"],
    [Field.grainSectors, 0x20_0001, "Invalid granularity, image may be corrupt"],
    [Field.grains, 1000, "File truncated, expecting at least 512000 bytes"],
    [Field.capacity + 4, 0x1000, "L1 size too big"],
  ])("word %i of the header as %i is refused", async (field, value, message) => {
    const image = await new MemoryImage(VMDK).make(2 * GRAIN);
    const word = new Uint8Array(4);
    viewOf(word).setUint32(0, value, true);
    image.file.write(field, [word]);
    await expect(image.open()).rejects.toThrow(message);
  });
});
