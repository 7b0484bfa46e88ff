import { expect, test } from "vitest";
import { RawNode } from "./formats/raw/raw-node.ts";
import { NodeBackend } from "./node-backend.ts";
import { MemoryNode } from "./protocol/memory-node.ts";

test("a disk is whole blocks of its image, and hears of its new length", async () => {
  const backend = new NodeBackend(new RawNode(new MemoryNode(1000)));
  expect(backend.sizeBytes).toBe(512);
  let told = 0;
  backend.onResize(() => told++);
  await backend.resize(4096);
  expect([backend.sizeBytes, told]).toEqual([4096, 1]);
  await backend.write(512, [new Uint8Array(512).fill(3)]);
  await backend.writeZeroes(512, 256, true);
  const bytes = new Uint8Array(512);
  await backend.read(512, [bytes]);
  expect([bytes[0], bytes[256]]).toEqual([0, 3]);
});

test("a failure has the code that devices know", () => {
  const backend = new NodeBackend(new RawNode(new MemoryNode(new Uint8Array(512), true)));
  expect(() => backend.write(0, [new Uint8Array(512)])).toThrow(
    expect.objectContaining({ code: "EPERM" }),
  );
});
