import type { BlockNode } from "../../block-node.ts";
import type { FormatDriver } from "../../formats/driver.ts";
import type { JsonObject } from "../../json.ts";
import { run } from "../../task.ts";
import { resolveBacking } from "../filename.ts";
import { type ImageOptions, textOf } from "../image-options.ts";
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
    lookOnly: request.lookOnly === true,
    entropy: nodes.files.entropy,
    keys: nodes.keys,
    option: (key) => textOf(options, key),
    report: nodes.report,
    resolve: (name) => resolveBacking(file.basePath ?? "", name),
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
      ...described(isOverridden(options) ? undefined : file.exactName, {
        driver: driver.name,
        file: file.fullOptions,
        ...secretOptions(options),
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

/** The image would not be the same when its name alone was opened again. */
function isOverridden(options: ImageOptions): boolean {
  return options["backing"] !== undefined || options["key-secret"] !== undefined;
}

function secretOptions(options: ImageOptions): JsonObject {
  const secret = textOf(options, "key-secret");
  return secret === undefined ? {} : { "key-secret": secret };
}

/** A file beside the image, by a name that is relative to it. */
async function openOther(
  nodes: NodeOpener,
  { write, share }: NodeRequest,
  file: OpenImage,
  name: string,
): Promise<BlockNode> {
  const filename = resolveBacking(file.basePath ?? "", name);
  const request = { filename, options: {}, write, share };
  return (await nodes.open({ ...request, isProtocol: true, chain: [] })).node;
}

function allocatedBytes(file: OpenImage, others: readonly BlockNode[]): number | undefined {
  const sizes = [file.allocatedBytes, ...others.map((other) => other.allocatedBytes?.())];
  const areKnown = sizes.every((size) => size !== undefined);
  return areKnown ? sizes.reduce((sum, size) => sum + size, 0) : undefined;
}
