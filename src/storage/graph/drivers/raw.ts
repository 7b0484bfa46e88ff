import { RawNode } from "../../formats/raw/raw-node.ts";
import type { NodeOpener, NodeRequest, OpenImage } from "../node-request.ts";
import { sizeOption } from "../option-values.ts";
import { demandKnown, described } from "./described.ts";

/** The bytes of the node below, or a window on them. */
export async function openRaw(
  _nodes: NodeOpener,
  { options }: NodeRequest,
  file: OpenImage,
): Promise<OpenImage> {
  demandKnown(options, "raw", "format", ["file", "offset", "size"]);
  const offset = sizeOption(options, "offset");
  const size = sizeOption(options, "size");
  const window = { ...(offset !== undefined && { offset }), ...(size !== undefined && { size }) };
  const isWindow = offset !== undefined || size !== undefined;
  return {
    node: new RawNode(file.node, window),
    driver: "raw",
    ...described(isWindow ? undefined : file.exactName, {
      driver: "raw",
      ...window,
      file: file.fullOptions,
    }),
    dataName: file.dataName,
    basePath: file.basePath,
    backing: undefined,
    probed: false,
    allocatedBytes: file.allocatedBytes,
    debugger: file.debugger,
  };
}
