import type { BlockBackend } from "../device/ports.ts";
import type { BlockNode } from "./block-node.ts";
import type { Eventually } from "./task.ts";

/** An image as a disk device sees it. */
export class NodeBackend implements BlockBackend {
  readonly logicalBlockBytes: number;
  readonly physicalBlockBytes: number;
  readonly #node: BlockNode;
  #onResize: () => void = () => {};

  /** @param node its length is rounded down to whole blocks */
  constructor(node: BlockNode, logicalBlockBytes = 512, physicalBlockBytes = logicalBlockBytes) {
    this.#node = node;
    this.logicalBlockBytes = logicalBlockBytes;
    this.physicalBlockBytes = physicalBlockBytes;
  }

  get sizeBytes(): number {
    const { sizeBytes } = this.#node;
    return sizeBytes - (sizeBytes % this.logicalBlockBytes);
  }

  get readOnly(): boolean {
    return this.#node.readOnly;
  }

  read(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    return this.#node.read(offset, segments);
  }

  write(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    return this.#node.write(offset, segments);
  }

  flush(): Eventually<void> {
    return this.#node.flush();
  }

  discard(offset: number, length: number): Eventually<void> {
    return this.#node.discard(offset, length);
  }

  writeZeroes(offset: number, length: number, mayUnmap: boolean): Eventually<void> {
    return this.#node.writeZeroes(offset, length, { mayUnmap });
  }

  onResize(listener: () => void): void {
    this.#onResize = listener;
  }

  /** Gives the image another length and tells the device. */
  async resize(sizeBytes: number): Promise<void> {
    await this.#node.truncate(sizeBytes);
    this.#onResize();
  }
}
