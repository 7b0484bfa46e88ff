import { expect, test } from "vitest";
import { MemoryNode } from "../../protocol/memory-node.ts";
import { FaultNode } from "../../testing/fault-node.ts";
import { createQcow2 } from "./create.ts";
import { openQcow2 } from "./open.ts";
import { Qcow2Node } from "./qcow2-node.ts";

const CLUSTER = 512;
/** What one entry of the L1 table is for. */
const SPAN = (CLUSTER / 8) * CLUSTER;

async function create(): Promise<MemoryNode> {
  const file = new MemoryNode();
  await createQcow2(file, {
    ...{ sizeBytes: 8 * SPAN, version: 3, clusterSize: CLUSTER, refcountBits: 16 },
    ...{ lazyRefcounts: false, extendedL2: false, compression: "zlib", preallocation: "off" },
    report: () => {},
  });
  return file;
}

async function open(file: MemoryNode | FaultNode): Promise<Qcow2Node> {
  return new Qcow2Node(await openQcow2(file, { readOnly: false, report: () => {} }));
}

// Of the header: it is not written, or written and perhaps not on the disk.
test.each(["write", "flush"] as const)(
  "data is where it was written after a %s failed while the disk grew",
  async (failing) => {
    const file = await create();
    const host = new FaultNode(file);
    const node = await open(host);
    let isHeaderWritten = false;
    host.fail = (operation, offset) => {
      const isHeader = operation === "write" && offset === 0;
      if (isHeader) isHeaderWritten = true;
      const fails = failing === "write" ? isHeader : operation === "flush" && isHeaderWritten;
      return fails ? "EIO" : undefined;
    };
    await expect(async () => node.truncate(600 * SPAN)).rejects.toThrow("Input/output error");
    host.fail = () => undefined;
    await node.write(3 * SPAN, [Uint8Array.of(1, 2, 3)]);
    await node.close();
    const again = await open(file);
    const found = new Uint8Array(3);
    await again.read(3 * SPAN, [found]);
    expect([...found]).toEqual([1, 2, 3]);
  },
);
