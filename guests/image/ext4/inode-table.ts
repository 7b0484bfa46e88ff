import type { BlockSink } from "./block-sink.ts";
import type { Geometry } from "./geometry.ts";
import { BLOCK_BYTES, INODE_BYTES } from "./structures.ts";

/** Collects the inodes of a group, given in ascending order, and writes them together. */
export class InodeTable {
  readonly #geometry: Geometry;
  readonly #sink: BlockSink;
  #group = 0;
  #bytes = new Uint8Array(0);
  #used = 0;

  constructor(geometry: Geometry, sink: BlockSink) {
    this.#geometry = geometry;
    this.#sink = sink;
  }

  async add(ino: number, inode: Uint8Array): Promise<void> {
    const { inodesPerGroup, inodeTableBlocks } = this.#geometry;
    const group = Math.floor((ino - 1) / inodesPerGroup);
    if (group !== this.#group || this.#bytes.length === 0) {
      await this.flush();
      this.#group = group;
      this.#bytes = new Uint8Array(inodeTableBlocks * BLOCK_BYTES);
    }
    const at = ((ino - 1) % inodesPerGroup) * INODE_BYTES;
    this.#bytes.set(inode, at);
    this.#used = at + INODE_BYTES;
  }

  async flush(): Promise<void> {
    const table = this.#geometry.groups[this.#group]?.inodeTable ?? 0;
    await this.#sink.write(table * BLOCK_BYTES, this.#bytes.subarray(0, this.#used));
    this.#used = 0;
  }
}
