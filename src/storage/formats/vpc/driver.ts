import { viewOf } from "../../../util/bytes.ts";
import type { BlockNode } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import { readPadded } from "../../padded.ts";
import { type Task, run } from "../../task.ts";
import { type FormatDriver, type FormatOpening, SIZE_OPTION } from "../driver.ts";
import { createVpc } from "./create.ts";
import {
  type BlockTable,
  DYNAMIC_HEADER_BYTES,
  FOOTER_BYTES,
  Footer,
  SECTOR,
  type SizeRule,
  TYPE_FIXED,
  blockTableOf,
  hasCookie,
  sectorsOf,
} from "./header.ts";
import { VpcNode } from "./vpc-node.ts";

/** Block tables that nobody makes are not read: 2 TiB in blocks of 32 KiB. */
const MAX_ENTRIES = 1 << 26;

export const VPC: FormatDriver = {
  name: "vpc",
  probe: (head) => (hasCookie(head) ? 100 : 0),
  open: openVpc,
  create: {
    options: [
      SIZE_OPTION,
      {
        name: "subformat",
        type: "str",
        help: "Type of virtual hard disk format. Supported formats are {dynamic (default) | fixed} ",
      },
      {
        name: "force_size",
        type: "bool",
        help:
          "Force disk size calculation to use the actual size specified, rather than using " +
          "the nearest CHS-based calculation",
      },
    ],
    make: createVpc,
  },
};

async function openVpc(file: BlockNode, opening: FormatOpening): Promise<VpcNode> {
  const rule = opening.option("force_size_calc");
  if (rule !== undefined && rule !== "chs" && rule !== "current_size")
    throw new StorageError("EINVAL", `Invalid size calculation mode: '${rule}'`);
  return run(open(file, opening.readOnly, rule));
}

function* open(file: BlockNode, readOnly: boolean, rule: SizeRule): Task<VpcNode> {
  const footer = new Uint8Array(FOOTER_BYTES);
  yield* readPadded(file, 0, footer);
  const isDynamic = hasCookie(footer);
  if (!isDynamic) yield* readLast(file, footer);
  const sectors = sectorsOf(footer, rule);
  const table = isDynamic ? yield* readTable(file, footer, sectors) : undefined;
  const node = new VpcNode(file, { sizeBytes: sectors * SECTOR, readOnly, footer, table });
  if (table !== undefined) yield* node.scan(table);
  return node;
}

/** The only footer of a fixed disk. */
function* readLast(file: BlockNode, footer: Uint8Array): Task<void> {
  if (file.sizeBytes < FOOTER_BYTES)
    throw new StorageError("EINVAL", "File too small for a VHD header");
  yield* readPadded(file, file.sizeBytes - FOOTER_BYTES, footer);
  if (!hasCookie(footer) || viewOf(footer).getUint32(Footer.type) !== TYPE_FIXED)
    throw new StorageError("EINVAL", "invalid VPC image");
}

function* readTable(file: BlockNode, footer: Uint8Array, sectors: number): Task<BlockTable> {
  const at = viewOf(footer).getBigUint64(Footer.dataOffset);
  const header = new Uint8Array(DYNAMIC_HEADER_BYTES);
  if (at < BigInt(file.sizeBytes)) yield* readPadded(file, Number(at), header);
  const table = blockTableOf(header, sectors);
  if (table.entries > MAX_ENTRIES) throw new StorageError("ENOMEM");
  return table;
}
