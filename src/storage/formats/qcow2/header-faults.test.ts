import { expect, test } from "vitest";
import { MemoryNode } from "../../protocol/memory-node.ts";
import { FaultNode } from "../../testing/fault-node.ts";
import { createQcow2 } from "./create.ts";
import { openQcow2 } from "./open.ts";
import { Qcow2Node } from "./qcow2-node.ts";

const CLUSTER = 1024;
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

// Of the header: what is there cannot be read; it is not written, or written and perhaps not on the disk.
test.each(["read", "write", "flush"] as const)(
  "data is where it was written after a %s failed while the disk grew",
  async (failing) => {
    const file = await create();
    const host = new FaultNode(file);
    const node = await open(host);
    let isHeaderWritten = false;
    host.fail = (operation, offset) => {
      // Before the header is written, what stands behind its first sector is read.
      const isHeader = offset < 512 || (operation === "read" && offset === 512);
      if (operation === "write" && isHeader) isHeaderWritten = true;
      const isNow = failing === "flush" ? isHeaderWritten : isHeader;
      return operation === failing && isNow ? "EIO" : undefined;
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
