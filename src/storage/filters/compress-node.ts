import type { BlockNode } from "../block-node.ts";
import { StorageError } from "../errors.ts";
import { lengthOf } from "../segments.ts";
import { type Eventually, type Task, run, wait } from "../task.ts";
import { FilterNode } from "./filter-node.ts";

/** Has everything written compressed, cluster by cluster: QEMU's `compress`. */
export class CompressNode extends FilterNode {
  /** @throws StorageError for an image whose format cannot */
  constructor(below: BlockNode) {
    super("compress", below);
    if (below.writeCompressed === undefined) {
      throw new StorageError(
        "ENOTSUP",
        `Compression is not supported for this drive '${below.driver}'`,
      );
    }
  }

  override write(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    return run(this.#write(offset, segments));
  }

  /** Clusters that are written in part are read first: compressed ones are replaced as a whole. */
  *#write(offset: number, segments: readonly Uint8Array[]): Task<void> {
    const { clusterSize, sizeBytes } = this;
    const end = offset + lengthOf(segments);
    if (offset < 0 || end > sizeBytes) throw new StorageError("EINVAL");
    const from = offset - (offset % clusterSize);
    const to = Math.min(Math.ceil(end / clusterSize) * clusterSize, sizeBytes);
    const head = new Uint8Array(offset - from);
    const tail = new Uint8Array(to - end);
    if (head.length > 0) yield* wait(this.below.read(from, [head]));
    if (tail.length > 0) yield* wait(this.below.read(end, [tail]));
    yield* wait(this.writeCompressed(from, [head, ...segments, tail]));
  }
}
