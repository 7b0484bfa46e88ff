import { viewOf } from "../../../util/bytes.ts";
import type { BlockNode } from "../../block-node.ts";
import { readPadded } from "../../padded.ts";
import { run } from "../../task.ts";
import { type FormatDriver, type FormatOpening, SIZE_OPTION } from "../driver.ts";
import { createVdi } from "./create.ts";
import { Field, HEADER_BYTES, SIGNATURE, parseHeader } from "./header.ts";
import { VdiNode } from "./vdi-node.ts";

export const VDI: FormatDriver = {
  name: "vdi",
  probe: (head) =>
    head.length >= HEADER_BYTES && viewOf(head).getUint32(Field.signature, true) === SIGNATURE
      ? 100
      : 0,
  open: openVdi,
  create: {
    options: [
      SIZE_OPTION,
      {
        name: "static",
        type: "bool",
        help: "VDI static (pre-allocated) image",
        preset: "off",
      },
    ],
    make: createVdi,
  },
};

async function openVdi(file: BlockNode, opening: FormatOpening): Promise<VdiNode> {
  const bytes = new Uint8Array(HEADER_BYTES);
  await run(readPadded(file, 0, bytes));
  const header = parseHeader(bytes);
  const mapBytes = Math.ceil((header.blocks * 4) / 512) * 512;
  // A map that only a header makes long takes no memory.
  const there = Math.max(0, Math.min(mapBytes, file.sizeBytes - header.mapOffset));
  const map = new Uint8Array(Math.ceil(there / 512) * 512);
  await run(readPadded(file, header.mapOffset, map));
  const { readOnly } = opening;
  return new VdiNode(file, { header, map, readOnly, report: (text) => opening.report(text) });
}
