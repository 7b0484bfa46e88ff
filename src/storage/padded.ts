import type { BlockNode } from "./block-node.ts";
import { StorageError } from "./errors.ts";
import { lengthOf, slice } from "./segments.ts";
import { type Task, wait } from "./task.ts";

/** Offsets stay below this: no file is longer, and numbers hold them exactly. */
const MAX_OFFSET = 2 ** 53;

/** Reads metadata; what lies past the file's end reads as zeroes, as in QEMU. */
export function* readPadded(file: BlockNode, offset: number, bytes: Uint8Array): Task<void> {
  yield* readSegmentsPadded(file, offset, [bytes]);
}

/** The same into a list of buffers. */
export function* readSegmentsPadded(
  file: BlockNode,
  offset: number,
  segments: readonly Uint8Array[],
): Task<void> {
  if (!(offset >= 0 && offset < MAX_OFFSET)) throw new StorageError("EIO");
  const length = lengthOf(segments);
  const there = Math.max(0, Math.min(length, file.sizeBytes - offset));
  if (there > 0) yield* wait(file.read(offset, slice(segments, 0, there)));
  for (const rest of there < length ? slice(segments, there, length - there) : []) rest.fill(0);
}
