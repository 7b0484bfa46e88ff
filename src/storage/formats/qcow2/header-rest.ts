import type { BlockNode } from "../../block-node.ts";
import { readPadded } from "../../padded.ts";
import type { Task } from "../../task.ts";
import { SECTOR_BYTES } from "./header.ts";

/** What stands behind the header's first sector, as long as the file is or not. */
export function* readHeaderRest(file: BlockNode, length: number): Task<Uint8Array> {
  const bytes = new Uint8Array(length);
  yield* readPadded(file, SECTOR_BYTES, bytes);
  return bytes;
}
