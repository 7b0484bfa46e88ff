import { latin1 } from "../../../util/bytes.ts";
import type { BlockNode } from "../../block-node.ts";
import { run, wait } from "../../task.ts";
import { type FormatDriver, type FormatOpening, SIZE_OPTION } from "../driver.ts";
import { createQed } from "./create.ts";
import { HEADER_BYTES, MAGIC, readHeader } from "./header.ts";
import { QedNode } from "./qed-node.ts";

export const QED: FormatDriver = {
  name: "qed",
  probe: (head) => (head.length >= HEADER_BYTES && latin1(head.subarray(0, 4)) === MAGIC ? 100 : 0),
  open: openQed,
  create: {
    options: [
      SIZE_OPTION,
      { name: "backing_file", type: "str", help: "File name of a base image" },
      { name: "backing_fmt", type: "str", help: "Image format of the base image" },
      {
        name: "cluster_size",
        type: "size",
        help: "Cluster size (in bytes)",
        preset: "65536",
      },
      { name: "table_size", type: "size", help: "L1/L2 table size (in clusters)" },
    ],
    make: createQed,
  },
};

async function openQed(file: BlockNode, opening: FormatOpening): Promise<QedNode> {
  const { readOnly, forCheck } = opening;
  const header = await run(readHeader(file));
  const node = new QedNode(file, header, readOnly);
  if (header.autoclear !== 0n && !readOnly) {
    // No such feature is known, so nothing keeps their data up to date.
    header.autoclear = 0n;
    await run(node.storeHeader());
    await run(wait(file.flush()));
  }
  if (node.needsCheck && !forCheck && !readOnly) await run(node.check("all"));
  return node;
}
