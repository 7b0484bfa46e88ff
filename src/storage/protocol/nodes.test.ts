import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { nodeFiles } from "../../host/node/image-files.ts";
import { RawNode } from "../formats/raw/raw-node.ts";
import { FaultNode } from "../testing/fault-node.ts";
import { blockNodeContract } from "../testing/node-contract.ts";
import { FileNode } from "./file-node.ts";
import { MemoryNode } from "./memory-node.ts";

const SIZE = 1_000_000;
const folder = mkdtempSync(join(tmpdir(), "tabvisor-nodes-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;

async function fileNode(): Promise<FileNode> {
  const file = await nodeFiles.open(join(folder, `${files++}`), { write: true, create: true });
  await file.truncate(SIZE);
  return new FileNode(file, false);
}

describe("MemoryNode", () => {
  blockNodeContract(() => new MemoryNode(SIZE), { fixedEnd: false, sizeBytes: SIZE });

  test("tells where nothing was written", () => {
    const node = new MemoryNode(SIZE);
    node.write(200_000, [Uint8Array.of(1)]);
    expect(node.status(0, SIZE)).toMatchObject({ length: 196_608, data: false, zero: true });
    expect(node.status(200_000, SIZE)).toMatchObject({ data: true, zero: false, offset: 200_000 });
  });
});

describe("FileNode", () => {
  blockNodeContract(fileNode, { fixedEnd: false, sizeBytes: SIZE });

  test("tells once of a write behind its threshold", async () => {
    const node = await fileNode();
    const excesses: number[] = [];
    const writeThreshold = { bytes: 4096, passed: (bytes: number) => void excesses.push(bytes) };
    Object.assign(node, { writeThreshold });
    await node.write(4000, [new Uint8Array(48), new Uint8Array(48)]);
    expect(excesses).toEqual([]);
    await node.write(4000, [new Uint8Array(48), new Uint8Array(49)]);
    await node.write(8192, [new Uint8Array(1)]);
    expect(excesses).toEqual([1]);
    Object.assign(node, { writeThreshold });
    await node.writeZeroes(8192, 4096);
    expect(excesses).toEqual([1, 8192]);
  });

  test("finds the holes of a sparse file", async () => {
    const node = await fileNode();
    expect(await node.status(0, SIZE)).toMatchObject({ length: SIZE, data: false, zero: true });
    await node.write(8192, [new Uint8Array(4096).fill(1)]);
    expect(await node.status(0, SIZE)).toMatchObject({ length: 8192, data: false, zero: true });
    expect(await node.status(8192, SIZE)).toMatchObject({ length: 4096, data: true });
    await node.close();
  });
});

describe("a node that answers later", () => {
  blockNodeContract(() => new FaultNode(new MemoryNode(SIZE), true), {
    fixedEnd: false,
    sizeBytes: SIZE,
  });
});

describe("RawNode", () => {
  blockNodeContract(() => new RawNode(new MemoryNode(SIZE)), { fixedEnd: true, sizeBytes: SIZE });

  test("passes the failures of what is below on", async () => {
    const below = new FaultNode(new MemoryNode(SIZE), true);
    const node = new RawNode(below);
    below.fail = (operation) => (operation === "flush" ? "ENOSPC" : undefined);
    await node.write(0, [Uint8Array.of(1)]);
    await expect(node.flush()).rejects.toMatchObject({ code: "ENOSPC" });
  });

  test("can be a window on a file", async () => {
    const below = new MemoryNode(SIZE);
    const node = new RawNode(below, { offset: 512, size: 1024 });
    await node.write(0, [Uint8Array.of(7)]);
    expect(below.bytes()[512]).toBe(7);
    expect(() => node.write(1024, [Uint8Array.of(7)])).toThrow("Invalid argument");
    expect(() => new RawNode(below, { offset: SIZE + 1 })).toThrow(/cannot be greater/);
  });
});
