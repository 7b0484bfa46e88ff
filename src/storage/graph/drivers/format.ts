import type { BlockNode } from "../../block-node.ts";
import type { FormatDriver } from "../../formats/driver.ts";
import { run } from "../../task.ts";
import { resolveBacking } from "../filename.ts";
import { textOf } from "../image-options.ts";
import type { NodeOpener, NodeRequest, OpenImage } from "../node-request.ts";
import { openBacking } from "./backing.ts";
import { described } from "./described.ts";

/** An image of any format that keeps to the common interface. */
export async function openFormat(
  driver: FormatDriver,
  nodes: NodeOpener,
  request: NodeRequest,
  file: OpenImage,
): Promise<OpenImage> {
  const { options, write } = request;
  const node = await driver.open(file.node, {
    filename: file.filename,
    readOnly: !write,
    forCheck: request.forCheck === true,
    entropy: nodes.files.entropy,
    option: (key) => textOf(options, key),
    report: nodes.report,
    openFile: (name) => openOther(nodes, request, file, name),
  });
  const others = node.otherFiles ?? [];
  try {
    const { backingFile, backingFormat } = node.describe();
    const backing = await openBacking(nodes, request, file, { backingFile, backingFormat });
    node.backing = backing?.node;
    if (node.attached !== undefined) await run(node.attached());
    return {
      node,
      driver: driver.name,
      ...described(options["backing"] === undefined ? file.exactName : undefined, {
        driver: driver.name,
        file: file.fullOptions,
      }),
      dataName: file.dataName,
      basePath: file.basePath,
      backing,
      probed: false,
      allocatedBytes: allocatedBytes(file, others),
      debugger: file.debugger,
    };
  } catch (error) {
    for (const other of others) await other.close();
    await node.backing?.close();
    throw error;
  }
}

/** A file beside the image, by a name that is relative to it. */
async function openOther(
  nodes: NodeOpener,
  { write, share }: NodeRequest,
  file: OpenImage,
  name: string,
): Promise<BlockNode> {
  const filename = resolveBacking(file.basePath ?? "", name);
  const request = { filename, driver: "raw", options: {}, write, share };
  return (await nodes.open({ ...request, isProtocol: false, chain: [] })).node;
}

function allocatedBytes(file: OpenImage, others: readonly BlockNode[]): number | undefined {
  const sizes = [file.allocatedBytes, ...others.map((other) => other.allocatedBytes?.())];
  const areKnown = sizes.every((size) => size !== undefined);
  return areKnown ? sizes.reduce((sum, size) => sum + size, 0) : undefined;
}
