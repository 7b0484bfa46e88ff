import { expect, test } from "vitest";
import { MemoryNode } from "../../protocol/memory-node.ts";
import { run } from "../../task.ts";
import { FaultNode } from "../../testing/fault-node.ts";
import { checkQcow2 } from "./check.ts";
import { createQcow2 } from "./create.ts";
import { openQcow2 } from "./open.ts";
import { Qcow2Node } from "./qcow2-node.ts";

const CLUSTER = 512;
const KIB = 1024;

async function open(file: MemoryNode | FaultNode, forCheck = false) {
  return openQcow2(file, { readOnly: false, forCheck, report: () => {} });
}

/** An image of 3 MiB, full; one block counts 128 KiB of it. */
async function full(): Promise<MemoryNode> {
  const file = new MemoryNode();
  await createQcow2(file, {
    ...{ sizeBytes: 3 * KIB * KIB, version: 3, clusterSize: CLUSTER, refcountBits: 16 },
    ...{ lazyRefcounts: false, extendedL2: false, compression: "zlib", preallocation: "off" },
    report: () => {},
  });
  const node = new Qcow2Node(await open(file));
  for (let at = 0; at < 3 * KIB; at += 256)
    await node.write(at * KIB, [new Uint8Array(256 * KIB).fill(7)]);
  await node.close();
  return file;
}

test("a disk that shrinks gives its file's end back, refcount blocks too", async () => {
  const file = await full();
  const before = file.sizeBytes;
  const node = new Qcow2Node(await open(file));
  await node.truncate(64 * KIB);
  const { blocks } = node.image.refcounts;
  expect(blocks.filter((offset) => offset !== 0).length).toBeLessThan(3);
  expect(file.sizeBytes).toBeLessThan(before / 16);
  // What was given back can be taken again.
  await node.truncate(3 * KIB * KIB);
  await node.write(KIB * KIB, [new Uint8Array(KIB * KIB).fill(9)]);
  await node.close();
  const image = await open(file, true);
  expect(await run(checkQcow2(image, "none"))).toMatchObject({
    ...{ corruptions: 0, leaks: 0, checkErrors: 0 },
  });
  const found = new Uint8Array(128 * KIB);
  await new Qcow2Node(image).read(0, [found]);
  expect(found).toEqual(new Uint8Array(128 * KIB).fill(7, 0, 64 * KIB));
});

test("a file that cannot be cut off stays as long as it is", async () => {
  const file = await full();
  const before = file.sizeBytes;
  const host = new FaultNode(file);
  host.fail = (operation) => (operation === "truncate" ? "EINVAL" : undefined);
  const node = new Qcow2Node(await open(host));
  await node.truncate(64 * KIB);
  expect([node.sizeBytes, file.sizeBytes]).toEqual([64 * KIB, before]);
  await node.close();
});
