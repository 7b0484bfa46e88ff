import { StorageError } from "../../errors.ts";
import { pathOf, resolveBacking } from "../filename.ts";
import { childOptions, textOf } from "../image-options.ts";
import type { NodeOpener, NodeRequest, OpenImage } from "../node-request.ts";

/** Longer chains than anyone has are cycles through names that look different. */
const MAX_CHAIN = 200;

/** The backing image that an image names, or that options give it; undefined for none. */
export async function openBacking(
  nodes: NodeOpener,
  request: NodeRequest,
  file: OpenImage,
  named: {
    readonly backingFile: string | undefined;
    readonly backingFormat: string | undefined;
  },
): Promise<OpenImage | undefined> {
  const { options, chain } = request;
  const given = options["backing"];
  if (request.noBacking === true || given === null || given === "") return undefined;
  const { backingFile, backingFormat } = named;
  const own = childOptions(options, "backing");
  if (backingFile === undefined && Object.keys(own).length === 0) return undefined;
  const isNamed = own["file"] !== undefined || own["filename"] !== undefined;
  const filename =
    backingFile === undefined || isNamed
      ? undefined
      : resolveBacking(file.basePath ?? "", backingFile);
  const deeper = demandNoCycle(nodes, file, filename, chain);
  const write = request.writeBacking === true;
  const driver = textOf(own, "driver") ?? (isNamed ? undefined : backingFormat);
  try {
    return await nodes.open({
      filename,
      driver,
      options: own,
      write,
      writeBacking: write,
      share: request.share,
      isProtocol: false,
      chain: deeper,
    });
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    throw new StorageError(error.errno, `Could not open backing file: ${error.message}`, error);
  }
}

/** @returns the chain with this image in it */
function demandNoCycle(
  { files }: NodeOpener,
  file: OpenImage,
  backing: string | undefined,
  chain: readonly string[],
): readonly string[] {
  const own = files.identity(file.basePath ?? "");
  const deeper = [...chain, own];
  const isCycle = backing !== undefined && deeper.includes(files.identity(pathOf(backing)));
  if (isCycle || chain.length > MAX_CHAIN)
    throw new StorageError("EINVAL", "The backing file chain leads back to the image itself");
  return deeper;
}
