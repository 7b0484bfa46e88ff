import type { BlockNode, BlockStatus, TruncateOptions, ZeroOptions } from "../block-node.ts";
import { StorageError } from "../errors.ts";
import type { Eventually } from "../task.ts";

/** Passes everything through to the node below: what filters start from. */
export class FilterNode implements BlockNode {
  readonly driver: string;
  readonly below: BlockNode;

  constructor(driver: string, below: BlockNode) {
    this.driver = driver;
    this.below = below;
  }

  get sizeBytes(): number {
    return this.below.sizeBytes;
  }

  get readOnly(): boolean {
    return this.below.readOnly;
  }

  get clusterSize(): number {
    return this.below.clusterSize ?? 1;
  }

  allocatedBytes(): number {
    return this.below.allocatedBytes?.() ?? this.below.sizeBytes;
  }

  read(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    return this.below.read(offset, segments);
  }

  write(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    return this.below.write(offset, segments);
  }

  writeCompressed(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    if (this.below.writeCompressed === undefined) throw new StorageError("ENOTSUP");
    return this.below.writeCompressed(offset, segments);
  }

  writeZeroes(offset: number, length: number, options?: ZeroOptions): Eventually<void> {
    return this.below.writeZeroes(offset, length, options);
  }

  discard(offset: number, length: number): Eventually<void> {
    return this.below.discard(offset, length);
  }

  flush(): Eventually<void> {
    return this.below.flush();
  }

  status(offset: number, length: number): Eventually<BlockStatus> {
    return this.below.status(offset, length);
  }

  truncate(sizeBytes: number, options?: TruncateOptions): Eventually<void> {
    return this.below.truncate(sizeBytes, options);
  }

  close(): Eventually<void> {
    return this.below.close();
  }
}
