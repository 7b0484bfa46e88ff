/** `convert --bitmaps`. */

import { copyBitmaps, demandConsistentBitmaps } from "../../storage/formats/qcow2/bitmap-store.ts";
import { Qcow2Node } from "../../storage/formats/qcow2/qcow2-node.ts";
import type { OpenImage } from "../../storage/graph/opener.ts";
import { run } from "../../storage/task.ts";
import { CommandError } from "../image/tools.ts";
import { orFail } from "./common.ts";

/** Copies the bitmaps of the first source that can be trusted; `warn` is told of the others. */
export async function transferBitmaps(
  sources: readonly OpenImage[],
  target: OpenImage,
  warn: (text: string) => void,
): Promise<void> {
  const from = sources[0]?.node;
  if (from instanceof Qcow2Node && target.node instanceof Qcow2Node)
    await run(copyBitmaps(from.image, target.node.image, warn));
}

/** @throws CommandError when `--bitmaps` cannot be done for these sources and the target's format */
export async function demandBitmaps(
  sources: readonly OpenImage[],
  format: string,
  skipBroken: boolean,
): Promise<void> {
  if (sources.length > 1)
    throw new CommandError("Copying bitmaps only possible with single source");
  const from = sources[0]?.node;
  if (!(from instanceof Qcow2Node)) throw new CommandError("Source lacks bitmap support");
  if (format !== "qcow2")
    throw new CommandError(`Format driver '${format}' does not support bitmaps`);
  if (!skipBroken) await orFail(() => run(demandConsistentBitmaps(from.image)));
}
