import { describe, expect, test } from "vitest";
import { viewOf } from "../../../util/bytes.ts";
import { Xorshift } from "../../../util/xorshift.ts";
import { run } from "../../task.ts";
import { MemoryImage } from "../../testing/format-images.ts";
import type { MemoryNode } from "../../protocol/memory-node.ts";
import { WriteLog } from "../../testing/write-log.ts";
import { crc32c } from "./crc32c.ts";
import { VHDX } from "./driver.ts";
import { MIB } from "./layout.ts";

const SIZE = 16 * MIB;

describe("vhdx", () => {
  test("checksums are those of RFC 3720's examples", () => {
    expect(crc32c(new Uint8Array(32), 32)).toBe(0x8a91_36aa);
    expect(crc32c(new Uint8Array(32).fill(0xff), 32)).toBe(0x62a8_ab43);
  });

  test("one damaged header does no harm, and is made anew", async () => {
    const image = await new MemoryImage(VHDX).make(SIZE);
    image.file.write(0x2_0004, [Uint8Array.of(1)]);
    await (await image.open()).close();
    image.file.write(0x1_0004, [Uint8Array.of(1)]);
    expect((await image.open({ readOnly: true })).sizeBytes).toBe(SIZE);
    image.file.write(0x2_0004, [Uint8Array.of(1)]);
    await expect(image.open()).rejects.toThrow("No valid VHDX header found: Invalid argument");
  });

  test("a region table that its checksum does not fit is refused", async () => {
    const image = await new MemoryImage(VHDX).make(SIZE);
    image.file.write(0x3_0010, [Uint8Array.of(1)]);
    await expect(image.open()).rejects.toThrow("Invalid argument");
  });

  test("blocks behind the end of the file, and over the table itself, are refused", async () => {
    for (const [offset, words] of [
      [64 * MIB, "start offset 67108864 points after end of file"],
      [2 * MIB, "overlaps with region"],
    ] as const) {
      const image = await new MemoryImage(VHDX).make(SIZE);
      const entry = new Uint8Array(8);
      viewOf(entry).setBigUint64(0, BigInt(offset) | 6n, true);
      image.file.write(2 * MIB, [entry]);
      image.file.truncate(32 * MIB);
      const said: string[] = [];
      const opening = image.open({ report: (text) => said.push(text) });
      await expect(opening).rejects.toThrow("Invalid argument");
      expect(said.join("\n")).toContain(words);
    }
  });

  test("after a crash at any write all that was flushed is there, once the log is replayed", async () => {
    const made = await new MemoryImage(VHDX).make(SIZE, { block_size: MIB });
    const log = new WriteLog();
    const image = new MemoryImage(VHDX);
    const node = await image.openOver(log.add(made.file.bytes()));
    await node.write(0, [new Uint8Array(512).fill(1)]);
    await node.flush();
    const flushed = log.length;
    await node.write(3 * MIB, [new Uint8Array(512).fill(2)]);
    const random = new Xorshift(7);
    let dirty = 0;
    for (let at = flushed; at <= log.length; at++) {
      const [file] = log.crash(at, random) as [MemoryNode];
      const crashed = new MemoryImage(VHDX, new Map([["image", file]]));
      const isClean = await crashed.open({ readOnly: true }).then(
        () => true,
        () => false,
      );
      if (!isClean) dirty++;
      const after = await crashed.open();
      const found = new Uint8Array(512);
      await after.read(0, [found]);
      expect([...new Set(found)]).toEqual([1]);
      expect(await run((after.check as NonNullable<typeof after.check>)("none"))).toMatchObject({
        corruptions: 0,
        corruptionsFixed: isClean ? 0 : 1,
      });
    }
    expect(dirty).toBeGreaterThan(0);
  });
});
