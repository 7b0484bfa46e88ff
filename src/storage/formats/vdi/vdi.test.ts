import { describe, expect, test } from "vitest";
import { viewOf } from "../../../util/bytes.ts";
import { run } from "../../task.ts";
import { MemoryImage } from "../../testing/format-images.ts";
import { VDI } from "./driver.ts";
import { BLOCK_BYTES, Field } from "./header.ts";

async function changed(field: number, value: number): Promise<MemoryImage> {
  const image = await new MemoryImage(VDI).make(4 * BLOCK_BYTES);
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value, true);
  image.file.write(field, [bytes]);
  return image;
}

describe("vdi", () => {
  test("blocks take their places in the order in which they are first written", async () => {
    const image = await new MemoryImage(VDI).make(4 * BLOCK_BYTES);
    const node = await image.open();
    await node.write(2 * BLOCK_BYTES + 5, [Uint8Array.of(1)]);
    await node.write(5, [Uint8Array.of(2)]);
    const status = await node.status(2 * BLOCK_BYTES, 10);
    expect(status).toMatchObject({ data: true, offset: 1024 });
    expect(await node.status(0, 10)).toMatchObject({ offset: 1024 + BLOCK_BYTES });
    expect(await node.status(BLOCK_BYTES, 10)).toMatchObject({ data: false, zero: true });
    expect(image.file.sizeBytes).toBe(1024 + 2 * BLOCK_BYTES);
  });

  test.each([
    [Field.signature, 7, "Image not in VDI format (bad signature 00000007)"],
    [Field.version, 0x1_0002, "unsupported VDI image (version 1.2)"],
    [Field.uuidParent, 1, "unsupported VDI image (non-NULL parent UUID)"],
    [Field.mapOffset, 5, "unsupported VDI image (unaligned block map offset 0x5)"],
    [Field.blockBytes, 512, "unsupported VDI image (block size 512 is not 1048576)"],
    [
      Field.blocks,
      1,
      "unsupported VDI image (disk size 4194304, image bitmap has room for 1048576)",
    ],
  ])("field %i as %i is refused", async (field, value, message) => {
    const image = await changed(field, value);
    await expect(image.open()).rejects.toThrow(message);
  });

  test("a check finds a wrong count and blocks that two have", async () => {
    const image = await changed(Field.allocatedBlocks, 3);
    image.file.write(512, [new Uint8Array(8)]);
    const said: string[] = [];
    const node = await image.open({ report: (text) => said.push(text) });
    const result = await run((node.check as NonNullable<typeof node.check>)("none"));
    expect(result.corruptions).toBe(2);
    expect(said.at(-1)).toBe("ERROR: allocated blocks mismatch, is 2, should be 3");
  });

  test("nothing is written where no block can be", async () => {
    const image = await changed(Field.allocatedBlocks, 0x7fff_fff0);
    const before = image.file.sizeBytes;
    const node = await image.open();
    expect(() => node.write(0, [Uint8Array.of(1)])).toThrow("Input/output error");
    expect(image.file.sizeBytes).toBe(before);
  });
});
