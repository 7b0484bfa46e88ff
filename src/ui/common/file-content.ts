/** A file of the user, for a new volume. */
import type { Content } from "../../virt/manager/upload-stream.ts";

/** Bytes that are read at a time. */
const PIECE_BYTES = 1 << 20;

export function fileContent(file: Blob): Content {
  return {
    sizeBytes: file.size,
    async *read(signal) {
      for (let at = 0; at < file.size; at += PIECE_BYTES) {
        signal.throwIfAborted();
        yield new Uint8Array(await file.slice(at, at + PIECE_BYTES).arrayBuffer());
      }
    },
  };
}
