/** What every BlockNode must do, whatever is below it. Run by the tests of each node. */
import { expect, test } from "vitest";
import { Xorshift } from "../../util/xorshift.ts";
import type { BlockNode } from "../block-node.ts";

export interface ContractOptions {
  /** Writing past the end is refused: true for formats. */
  readonly fixedEnd: boolean;
  readonly sizeBytes: number;
  /** Its length can be changed. On when absent. */
  readonly canResize?: boolean;
}

/** @param make a node of `sizeBytes` that reads as zeroes */
export function blockNodeContract(
  make: () => Promise<BlockNode> | BlockNode,
  { fixedEnd, sizeBytes, canResize = true }: ContractOptions,
): void {
  test("reads as zeroes at first", async () => {
    const node = await make();
    expect(node.sizeBytes).toBe(sizeBytes);
    const bytes = new Uint8Array(5000).fill(1);
    await node.read(sizeBytes - 5000, [bytes]);
    expect(bytes.every((byte) => byte === 0)).toBe(true);
    await node.close();
  });

  test("refuses to read past the end, or before the start", async () => {
    const node = await make();
    const read = async (at: number): Promise<void> => node.read(at, [new Uint8Array(10)]);
    await expect(read(sizeBytes - 9)).rejects.toMatchObject({ code: "EINVAL" });
    await expect(read(-1)).rejects.toMatchObject({ code: "EINVAL" });
    await node.close();
  });

  test("grows by writing, or refuses", async () => {
    const node = await make();
    const write = async (): Promise<void> => node.write(sizeBytes - 1, [Uint8Array.of(1, 2)]);
    if (fixedEnd) await expect(write()).rejects.toMatchObject({ code: "EINVAL" });
    else {
      await write();
      expect(node.sizeBytes).toBe(sizeBytes + 1);
    }
    await node.close();
  });

  test("scatters and gathers segments", async () => {
    const node = await make();
    await node.write(1000, [Uint8Array.of(1, 2, 3), new Uint8Array(0), Uint8Array.of(4, 5)]);
    const parts = [new Uint8Array(2), new Uint8Array(4)];
    await node.read(999, parts);
    expect(parts.map((part) => [...part])).toEqual([
      [0, 1],
      [2, 3, 4, 5],
    ]);
    await node.close();
  });

  test("does random operations as an array of bytes does", async () => {
    const node = await make();
    const shadow = await mirrorOperations(node, 300, 1);
    expect(shadow).toHaveLength(sizeBytes);
    await node.close();
  });

  test.skipIf(!canResize)("truncates, and new space reads as zeroes", async () => {
    const node = await make();
    await node.write(sizeBytes - 1000, [new Uint8Array(1000).fill(9)]);
    await node.truncate(sizeBytes - 512);
    expect(node.sizeBytes).toBe(sizeBytes - 512);
    await node.truncate(sizeBytes + 4096);
    const bytes = new Uint8Array(2000);
    await node.read(sizeBytes - 1000, [bytes]);
    expect([...new Set(bytes.subarray(0, 488))]).toEqual([9]);
    expect([...new Set(bytes.subarray(488))]).toEqual([0]);
    await node.close();
  });
}

/** Random writes, zeroes, flushes and reads, each read compared with an array. */
export async function mirrorOperations(
  node: BlockNode,
  count: number,
  seed: number,
  shadow: Uint8Array = new Uint8Array(node.sizeBytes),
): Promise<Uint8Array> {
  const random = new Xorshift(seed);
  const size = node.sizeBytes;
  for (let i = 0; i < count; i++) {
    const offset = random.below(size);
    const length = Math.min(size - offset, random.below(i % 7 === 0 ? 200_000 : 5000));
    const kind = random.below(8);
    if (kind < 3) {
      const bytes = new Uint8Array(length).fill(1 + random.below(255));
      await node.write(offset, [bytes.subarray(0, length >> 1), bytes.subarray(length >> 1)]);
      shadow.set(bytes, offset);
    } else if (kind < 5) {
      await node.writeZeroes(offset, length, { mayUnmap: kind === 3 });
      shadow.fill(0, offset, offset + length);
    } else if (kind === 5) await node.flush();
    else {
      const bytes = new Uint8Array(length);
      await node.read(offset, [bytes]);
      expect(firstDifference(bytes, shadow.subarray(offset, offset + length))).toBe(-1);
    }
  }
  const all = new Uint8Array(size);
  await node.read(0, [all]);
  expect(firstDifference(all, shadow)).toBe(-1);
  return shadow;
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  return a.findIndex((byte, i) => byte !== b[i]);
}
