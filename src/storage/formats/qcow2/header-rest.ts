import type { BlockNode } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import { readPadded } from "../../padded.ts";
import type { Task } from "../../task.ts";
import { SECTOR_BYTES } from "./header.ts";

/**
 * What stands behind the header's first sector.
 *
 * @returns undefined where it cannot be read: it is written as if it differed
 */
export function* readHeaderRest(file: BlockNode, length: number): Task<Uint8Array | undefined> {
  const bytes = new Uint8Array(length);
  try {
    yield* readPadded(file, SECTOR_BYTES, bytes);
    return bytes;
  } catch (error) {
    if (error instanceof StorageError) return undefined;
    throw error;
  }
}
