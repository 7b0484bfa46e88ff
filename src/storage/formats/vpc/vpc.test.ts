import { describe, expect, test } from "vitest";
import { viewOf } from "../../../util/bytes.ts";
import { MemoryImage } from "../../testing/format-images.ts";
import { VPC } from "./driver.ts";
import { geometryFor, sectorsIn } from "./geometry.ts";
import { Footer, FOOTER_BYTES, MAX_GEOMETRY, checksumOf } from "./header.ts";

/** Changes a word in the header of a new dynamic disk. */
async function changed(field: number, value: number): Promise<MemoryImage> {
  const image = await new MemoryImage(VPC).make(4 << 20);
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value);
  image.file.write(FOOTER_BYTES + field, [bytes]);
  return image;
}

describe("vpc", () => {
  test.each([
    [1, 68],
    [20_480, 20_536],
    [2_097_152, 2_097_648],
    [MAX_GEOMETRY + 1, MAX_GEOMETRY],
  ])("%i sectors become a geometry of %i", (sectors, found) => {
    expect(sectorsIn(geometryFor(sectors))).toBe(found);
  });

  test("the size is the geometry's, or the footer's where the creator says so", async () => {
    const image = await new MemoryImage(VPC).make(10 << 20);
    expect((await image.open()).sizeBytes).toBe(10_514_432);
    const footer = image.file.bytes().subarray(0, FOOTER_BYTES);
    footer.set([0x77, 0x69, 0x6e, 0x20], Footer.creator);
    const view = viewOf(footer);
    view.setBigUint64(Footer.currentSize, 10n << 20n);
    view.setUint32(Footer.checksum, checksumOf(footer, Footer.checksum));
    image.file.write(0, [footer]);
    expect((await image.open()).sizeBytes).toBe(10 << 20);
  });

  test.each([
    [0, 0, "Invalid header magic"],
    [32, 1_048_577, "Invalid block size 1048577"],
    [32, 512 * 1024, "Page table too small"],
    [28, 0xffff_ffff, "Max Table Entries too large (-1)"],
    [28, 0x1000, "free_data_block_offset points after the end of file"],
  ])("word %i of the header as %i is refused", async (field, value, message) => {
    await expect((await changed(field, value)).open()).rejects.toThrow(message);
  });

  test("a block that lies over the block table is not written", async () => {
    const image = await new MemoryImage(VPC).make(4 << 20);
    image.file.write(1536, [new Uint8Array(4)]);
    image.file.truncate(4 << 20);
    const node = await image.open();
    expect(() => node.write(0, [Uint8Array.of(1)])).toThrow("Input/output error");
  });
});
