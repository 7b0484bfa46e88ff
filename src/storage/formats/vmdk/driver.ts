import { latin1 } from "../../../util/bytes.ts";
import type { BlockNode } from "../../block-node.ts";
import { readPadded } from "../../padded.ts";
import { run } from "../../task.ts";
import { type FormatDriver, type FormatOpening, SIZE_OPTION } from "../driver.ts";
import { createVmdk } from "./create.ts";
import {
  DESCRIPTOR_BYTES,
  type ExtentLine,
  contentIds,
  createTypeOf,
  extentLines,
  parentNameOf,
  readText,
} from "./descriptor.ts";
import { type Extent, type ExtentPlace, FlatExtent, SparseExtent } from "./extent.ts";
import { COW_MAGIC, MAGIC, descriptorAt, readSeSparse, readSparse } from "./headers.ts";
import { VmdkNode } from "./vmdk-node.ts";

export const VMDK: FormatDriver = {
  name: "vmdk",
  probe: (head) => probe(latin1(head.subarray(0, 512))),
  open: openVmdk,
  create: {
    options: [
      SIZE_OPTION,
      {
        name: "adapter_type",
        type: "str",
        help: "Virtual adapter type, can be one of ide (default), lsilogic, buslogic or legacyESX",
      },
      { name: "backing_file", type: "str", help: "File name of a base image" },
      { name: "backing_fmt", type: "str", help: "Must be 'vmdk' if present" },
      { name: "compat6", type: "bool", help: "VMDK version 6 image", preset: "off" },
      { name: "hwversion", type: "str", help: "VMDK hardware version", preset: "undefined" },
      { name: "toolsversion", type: "str", help: "VMware guest tools version" },
      {
        name: "subformat",
        type: "str",
        help:
          "VMDK flat extent format, can be one of {monolithicSparse (default) | monolithicFlat | " +
          "twoGbMaxExtentSparse | twoGbMaxExtentFlat | streamOptimized} ",
      },
      {
        name: "zeroed_grain",
        type: "bool",
        help: "Enable efficient zero writes using the zeroed-grain GTE feature",
      },
    ],
    make: createVmdk,
  },
};

/** A header's magic, or a descriptor: comments and blank lines, then the version. */
function probe(head: string): number {
  if (head.startsWith(MAGIC) || head.startsWith(COW_MAGIC)) return 100;
  return /^(?:#[^\n]*\n| +\r?\n)*version=[123]\r?\n/.test(head) ? 100 : 0;
}

async function openVmdk(file: BlockNode, opening: FormatOpening): Promise<VmdkNode> {
  const text = await run(readText(file, 0));
  const isSparse = text.startsWith(MAGIC) || text.startsWith(COW_MAGIC);
  const found = isSparse ? await openSparse(file, opening) : await openDescribed(text, opening);
  try {
    const at = isSparse ? 512 : 0;
    const bytes = new Uint8Array(DESCRIPTOR_BYTES);
    await run(readPadded(file, at, bytes));
    const own = latin1(bytes, true);
    const backingFile = parentNameOf(own);
    const ids = contentIds(own);
    return new VmdkNode(file, {
      ...found,
      descriptorAt: at,
      contentId: ids.own,
      parentId: ids.parent,
      backingFile,
      readOnly: opening.readOnly,
      entropy: opening.entropy,
      report: (message) => opening.report(message),
    });
  } catch (error) {
    await closeAll(found.extents, file);
    throw error;
  }
}

interface Extents {
  readonly extents: readonly Extent[];
  readonly createType: string;
}

async function closeAll(extents: readonly Extent[], file: BlockNode): Promise<void> {
  for (const extent of extents) if (extent.file !== file) await extent.file.close();
}

async function openSparse(file: BlockNode, opening: FormatOpening): Promise<Extents> {
  const described = await run(descriptorAt(file));
  if (described !== 0) return openDescribed(await run(readText(file, described * 512)), opening);
  const layout = await run(readSparse(file, opening.readOnly));
  const place = { file, filename: opening.filename, type: "", startByte: 0 };
  const createType = layout.isCompressed === true ? "streamOptimized" : "monolithicSparse";
  return { extents: [new SparseExtent(place, layout)], createType };
}

async function openDescribed(text: string, opening: FormatOpening): Promise<Extents> {
  const createType = createTypeOf(text);
  const extents: Extent[] = [];
  try {
    for (const line of extentLines(text)) {
      const file = await opening.openFile(line.name);
      const filename = opening.resolve(line.name);
      const place = { file, filename, type: line.type, startByte: extents.at(-1)?.endByte ?? 0 };
      try {
        extents.push(await openExtent(line, place, opening.readOnly));
      } catch (error) {
        await file.close();
        throw error;
      }
    }
  } catch (error) {
    for (const { file } of extents) await file.close();
    throw error;
  }
  return { extents, createType };
}

async function openExtent(
  { type, sectors, start }: ExtentLine,
  place: ExtentPlace,
  readOnly: boolean,
): Promise<Extent> {
  if (type === "FLAT" || type === "VMFS") return new FlatExtent(place, sectors, start * 512);
  const isSe = type === "SESPARSE";
  const layout = await run(
    isSe ? readSeSparse(place.file, readOnly) : readSparse(place.file, readOnly),
  );
  return new SparseExtent(place, layout);
}
