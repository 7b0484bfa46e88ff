import { expect, test } from "vitest";
import { Xorshift } from "../../../util/xorshift.ts";
import { MemoryNode } from "../../protocol/memory-node.ts";
import { run } from "../../task.ts";
import { WriteLog } from "../../testing/write-log.ts";
import { checkQcow2 } from "./check.ts";
import { createQcow2 } from "./create.ts";
import { openQcow2 } from "./open.ts";
import { Qcow2Node } from "./qcow2-node.ts";

const CLUSTER = 1024;
const ORDERS = 40;

/** Damage that taking the counts anew does not mend. */
async function corruptionsOf(file: MemoryNode): Promise<number> {
  const report = (): void => {};
  const image = await openQcow2(file, { readOnly: false, forCheck: true, report });
  const { corruptions } = await run(checkQcow2(image, "all"));
  return corruptions;
}

test("with late counts too, nothing leads behind the end of the file after a crash", async () => {
  const report = (): void => {};
  const made = new MemoryNode();
  await createQcow2(made, {
    sizeBytes: 64 * CLUSTER,
    version: 3,
    clusterSize: CLUSTER,
    refcountBits: 16,
    lazyRefcounts: true,
    extendedL2: false,
    compression: "zlib",
    preallocation: "off",
    report,
  });
  const log = new WriteLog();
  const node = new Qcow2Node(await openQcow2(log.add(made.bytes()), { readOnly: false, report }));
  await node.write(0, [new Uint8Array(CLUSTER).fill(1)]);
  await node.flush();
  await node.write(CLUSTER, [new Uint8Array(3 * CLUSTER).fill(2)]);
  await node.writeCompressed?.(8 * CLUSTER, [new Uint8Array(CLUSTER).fill(3)]);
  await node.flush();
  for (let cut = 0; cut <= log.length; cut++) {
    for (let order = 0; order < ORDERS; order++) {
      const [file] = log.crash(cut, new Xorshift(cut * ORDERS + order + 1));
      expect(await corruptionsOf(file as MemoryNode)).toBe(0);
    }
  }
});
