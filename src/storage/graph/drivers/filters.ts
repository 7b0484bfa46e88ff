import type { BlockNode } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import { CompressNode } from "../../filters/compress-node.ts";
import { CopyOnReadNode } from "../../filters/copy-on-read-node.ts";
import type { NodeOpener, NodeRequest, OpenImage } from "../node-request.ts";
import { demandKnown, described } from "./described.ts";

export async function openCopyOnRead(
  _nodes: NodeOpener,
  { options, write }: NodeRequest,
  file: OpenImage,
): Promise<OpenImage> {
  demandKnown(options, "copy-on-read", "format", ["file", "bottom"]);
  if (!write) throw new StorageError("EACCES", "Block node is read-only");
  return above(file, new CopyOnReadNode(file.node));
}

export async function openCompress(
  _nodes: NodeOpener,
  { options }: NodeRequest,
  file: OpenImage,
): Promise<OpenImage> {
  demandKnown(options, "compress", "format", ["file"]);
  return above(file, new CompressNode(file.node));
}

function above(file: OpenImage, node: BlockNode): OpenImage {
  const { driver } = node;
  return { ...file, node, driver, ...described(undefined, { driver, file: file.fullOptions }) };
}
