import { NullNode } from "../../protocol/null-node.ts";
import { textOf } from "../image-options.ts";
import type { NodeOpener, NodeRequest, OpenImage } from "../node-request.ts";
import { sizeOption, switchOption } from "../option-values.ts";
import { demandKnown, described } from "./described.ts";

const DEFAULT_SIZE = 1 << 30;

/** Nothing, of a size. */
export async function openNull(_nodes: NodeOpener, request: NodeRequest): Promise<OpenImage> {
  const { options } = request;
  const driver = request.driver ?? textOf(options, "driver") ?? schemeOf(request);
  demandKnown(options, driver, "protocol", ["size", "latency-ns", "read-zeroes"]);
  const readsZeroes = switchOption(options, "read-zeroes") ?? false;
  const node = new NullNode(sizeOption(options, "size") ?? DEFAULT_SIZE, driver, readsZeroes);
  const isPlain = options["read-zeroes"] === undefined && options["size"] === undefined;
  return {
    node,
    driver,
    ...described(isPlain ? `${driver}://` : undefined, { driver, size: node.sizeBytes }),
    dataName: `${driver}://`,
    basePath: undefined,
    backing: undefined,
    probed: false,
    allocatedBytes: 0,
  };
}

function schemeOf({ filename = "" }: NodeRequest): string {
  return filename.slice(0, filename.indexOf(":"));
}
